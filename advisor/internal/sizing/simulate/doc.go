// Package simulate judges ways to choose a size on simulated workloads, so that
// thousands of them are tried without waiting for one.
//
// A task waits for a back-end and then computes on one of P cores, which share
// one run queue. Back-ends are open, capped, capped with impatient callers,
// degrading, retrograde (Gunther's universal scalability law), limited in rate
// by delay or by refusal, or short of memory; tasks have lognormal lengths, may
// find their answer in a cache, may be broken for good, may have to connect first,
// and may change for good during the job. Random draws such a Workload from a seed.
//
// The score of a policy is T(best fixed size) ÷ T(policy), learning included.
// The best fixed size is found by a sweep over 20 sizes from 1 to 4096, each run
// over the whole job with the same draws.
//
//	go test ./advisor/internal/sizing/simulate -run Oracle -workloads 200 -seed 5600001 -v
//
// prints the table, and one workload in detail with -workloads 1 -seed N:
//
//	        geomean    worst      p10   >= 0.9 in flight/N*
//	knee      0.993    0.798    0.937    0.970         1.12
//	N=P       0.251    0.001    0.036    0.195         0.23
//	N=64      0.548    0.001    0.170    0.585         2.45
//	Goetz     0.475    0.003    0.062    0.440         2.90
//	AIMD      0.555    0.006    0.105    0.575        29.55
//
// With -plain the workloads are those that have nothing but cores and one limit
// of a back-end: no cache, no time limit, no rate limit, no broken items and no
// change. The 200 from seed 5900001 on:
//
//	knee      0.986    0.878    0.959    0.990         1.12
//
// Both were drawn once, after the last change of the algorithm; they may not be
// used as a proof again once something was changed after a look at them. So are
// used up 5100001–5100200 (0.986 and 0.744 with earlier versions), 5200001–5200400
// (0.977 and 0.719), 5300001–5300200 (0.989 and 0.760), 5400001–5400200 (0.983 and
// 0.816), 5600001–5600200 (0.983 and 0.664) and the plain ones from 5500001 (0.979
// and 0.807) and 5700001 on (0.978 and 0.804). Blocks differ by more than the
// versions do: on 2200 seeds this one and the one before are equal within 0.001.
//
// The seeds 4101001–4102000 are for validation, and 4100001–4101000 were: their
// summary was printed nine times while the algorithm was changed, never a workload.
// Of all 2000, by the version that 5600001–5600200 were drawn with:
//
//	        geomean    worst      p10   below 0.75   below 0.8
//	knee      0.981    0.517    0.924           12          21
//
// The first 1000 come to 0.981 by this version and to 0.982 by that one, which has two
// fewer below 0.75: caches before a retrograde back-end, where a step that waits for no
// more than one residual time goes too far. To wait for several costs a job of a second
// a tenth.
//
// That is 6 in 1000 below 0.75, so only one block of 200 in three has none; of
// plain workloads it is 1.4 in 1000 (11 of 7667, 24 before the last changes), and
// three blocks in four have none.
//
// Seeds used for tuning: 1–200, 1001–1200, 2001–2400, 10001–12000, 20001–21000,
// 500001–500200, 700001–700200, 900001–900200, 1300001–1300200,
// 2100001–2100200, 2200001–2200400, 3100001–3100200, 3200001–3200400,
// 4000001–4004000, 7000001–7008000, 8000001–8004000, and of 6000001–6008000 and
// 7010001–7030000 those of less than 20 000 items. On the 16 000 of them that
// begin with 4, 7 and 8, the last changes brought those below 0.75 from 72 down
// to 50 and those below 0.85 from 416 to 291.
//
// Of the 60 or so below 0.77 there, half have a cache, which 15 % of all have. What
// they have in common:
//
//   - A cache that serves most tasks: throughput varies by tens of per cent from
//     epoch to epoch, and with it what a probe says. Counting only the tasks that
//     take longer than they compute made it worse where waits are short, and
//     longer epochs cost what they bring.
//   - A rate limit. The best fixed size hammers it: on seed 4001428 it is 296 with
//     two of three attempts refused; 191 with one of eight achieve 0.84 of it and
//     123 with one of fifty 0.70. Failures are accepted where fewer in flight
//     achieve less, but a limit that punishes them later shows that too late, so
//     it is done with care.
//   - Some hundred tasks that wait 50 ms and more, on a back-end that bears three
//     to ten of them and slows down beyond, or that slows down slowly (seed
//     8002474: 15 in flight achieve 0.6 of what 80 do). One look at a size that is
//     too large is a good part of such a job, and lengths that vary by their own
//     mean hide ten per cent for as long.
//   - A shift from tasks that fill the cores to tasks that a capped back-end
//     limits. The best fixed size is 1000 to 4096, because its tasks wait for the
//     back-end ahead of time while the cores are busy. That pays only for what
//     comes later and is not known: on seed 4001720 every fixed size up to 296
//     stays below 0.70, and on 20578, where 30 to 50 fill the cores. About one
//     workload in 2000.
//   - Lengths that vary so much that the last task decides: on seed 7011175 all
//     but 66 of 17496 tasks end in 10.7 s, the last in 13.1 s; with 4096 in flight
//     it began earlier.
//
// # Known simplifications
//
// A CPU burst is not interrupted; real goroutines are after 10 ms, longer than
// nearly all bursts here. A refused or timed-out attempt is repeated at once,
// without the back-off that an executor adds: harder than life. Other
// processes, garbage collection and the cost of switching are left out. What
// has queued at a capped or shaped back-end has its end fixed, so their
// capacity does not change during a job.
package simulate
