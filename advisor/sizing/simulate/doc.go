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
//	go test ./advisor/sizing/simulate -run Oracle -workloads 200 -seed 3100001 -v
//
// prints the table, and one workload in detail with -workloads 1 -seed N:
//
//	        geomean    worst      p10   >= 0.9 in flight/N*
//	knee      0.968    0.548    0.897    0.895         1.00
//	N=P       0.290    0.001    0.055    0.235         0.24
//	N=64      0.587    0.002    0.181    0.580         2.24
//	Goetz     0.540    0.004    0.097    0.500         2.25
//	AIMD      0.512    0.028    0.094    0.530        29.11
//
// These seeds were drawn once, after the last change of the algorithm, and so
// were 3200001–3200400: 0.964, worst 0.626, 3 of 400 below 0.75. Neither block
// may be used as a proof again once something was changed after a look at it.
//
// Seeds used for tuning: 1–200, 1001–1200, 2001–2400, 10001–12000, 20001–21000,
// 500001–500200, 700001–700200, 900001–900200, 1300001–1300200; and two blocks
// that were drawn as a proof before the last changes: 2100001–2100200 (0.970,
// worst 0.691) and 2200001–2200400 (0.968, worst 0.549).
//
// About eight workloads in a thousand stay below 0.75, on the tuning seeds nine:
// there, 44 of 2800 were before the last changes, and seed 900073 has become
// worse, 0.386 from 0.827, as its cache makes the right size doubted twice. What
// they have in common:
//
//   - The job ends before much can be known: some hundred tasks that wait 50 ms
//     and more, on a back-end that bears three to ten of them. One look at a size
//     that is too large is a good part of such a job.
//   - A rate limit that bears so few that half of one size more is too much, and
//     that refuses everything for a while after each excess.
//   - A cache that serves most tasks: what is known of the back-end comes from
//     the few that miss, and those end last.
//   - The best fixed size is 1000 to 4096 where a tenth would keep the cores
//     busy: it works off a stock of tasks whose wait is over, which pays only for
//     what comes later, a slower back-end or the last tasks of the job.
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
