// Package simulate judges ways to choose a size on simulated workloads, so that
// thousands of them are tried without waiting for one.
//
// A task waits for a back-end and then computes on one of P cores, which share
// one run queue. Back-ends are open, capped, capped with impatient callers,
// degrading, retrograde (Gunther's universal scalability law), limited in rate
// by delay or by refusal, or short of memory; tasks have lognormal lengths, may
// find their answer in a cache, may be broken for good, and may change for good
// during the job. Random draws such a Workload from a seed.
//
// The score of a policy is T(best fixed size) ÷ T(policy), learning included.
// The best fixed size is found by a sweep over 20 sizes from 1 to 4096, each run
// over the whole job with the same draws.
//
//	go test ./advisor/sizing/simulate -run Oracle -workloads 200 -seed 5300001 -v
//
// prints the table, and one workload in detail with -workloads 1 -seed N:
//
//	        geomean    worst      p10   >= 0.9 in flight/N*
//	knee      0.989    0.760    0.917    0.920         1.03
//	N=P       0.256    0.001    0.031    0.220         0.22
//	N=64      0.476    0.001    0.103    0.565         2.24
//	Goetz     0.448    0.002    0.056    0.420         2.42
//	AIMD      0.556    0.030    0.114    0.575        24.34
//
// These seeds were drawn once, after the last change of the algorithm; they may
// not be used as a proof again once something was changed after a look at them.
// Before that change, 5100001–5100200 gave 0.986 and 0.744, 5200001–5200400 0.977
// and 0.719: both are used up.
//
// The seeds 4100001–4102000 are for validation: their summary was printed five
// times while the algorithm was changed, never a workload. Before the last
// changes and now:
//
//	        geomean    worst      p10    below 0.75
//	before    0.963    0.564    0.889    29 (14.5 in 1000)
//	now       0.976    0.628    0.912    10 or more (5 in 1000)
//
// So the worst of 200 new workloads is 0.75 or more about one time in three.
//
// Seeds used for tuning: 1–200, 1001–1200, 2001–2400, 10001–12000, 20001–21000,
// 500001–500200, 700001–700200, 900001–900200, 1300001–1300200,
// 2100001–2100200, 2200001–2200400, 3100001–3100200, 3200001–3200400,
// 4000001–4004000, and of 6000001–6008000 those of less than 20 000 items. On
// 4000001–4004000, 43 were below 0.75 and 8 before the very last change, worst
// 0.249 and 0.639; that is less than on the seeds for validation, as what was kept
// was chosen there.
//
// Jobs of less than 20 000 items are about four times as often below 0.75 as longer
// ones. What they have in common:
//
//   - A rate limit. The best fixed size hammers it: on seed 4001428 it is 296 with
//     two of three attempts refused; 191 with one of eight achieve 0.84 of it and
//     123 with one of fifty 0.70. More than 3 % of refusals are not wanted,
//     whatever they bring, and noise keeps the size below that.
//   - Some hundred tasks that wait 50 ms and more, on a back-end that bears three
//     to ten of them and slows down beyond. One look at a size that is too large
//     is a good part of such a job.
//   - A cache that serves most tasks: throughput varies by tens of per cent from
//     epoch to epoch, and with it what a probe says. Counting only the tasks that
//     take longer than they compute made it worse where waits are short.
//   - A shift from tasks that fill the cores to tasks that a capped back-end
//     limits. The best fixed size is 1000 to 4096, because its tasks wait for the
//     back-end ahead of time while the cores are busy. That pays only for what
//     comes later and is not known: on seed 4001720 every fixed size up to 296
//     stays below 0.70, and on 20578, where 30 to 50 fill the cores. About one
//     workload in 2000.
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
