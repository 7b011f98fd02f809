// Package sizing chooses how many tasks to keep in flight from nothing but
// their completions, while they run.
//
// # Use
//
// Call Done at each completion and keep as many tasks in flight as it answers:
//
//	c := sizing.New(sizing.Config{})
//	// at each completion, under the lock of the pool:
//	size := c.Done(sizing.Sample{Now: time.Since(start), Elapsed: took, Failed: err != nil, CPU: cpu})
//
// The controller is a state machine without goroutine, clock or allocation, so
// that package simulate judges the very code that drives a live pool. Reading
// the CPU time of the process costs a system call: every tenth completion is
// enough.
//
// # How it finds the size
//
// Four laws do most of the work; N is the size, X the throughput, R the mean
// latency, C the CPU time of a task and P the number of cores.
//
//   - Little's law N = X·R (Little 1961). It yields the latency of all tasks in
//     flight, also of those that have not ended, where the mean of the ended ones
//     is too low; and it says how many tasks a throughput needs if none queues.
//   - The utilisation law U = X·C/P (Denning and Buzen 1978): the cores are full
//     at N/U, if nothing else is a limit before.
//   - Elasticity Δln X ÷ Δln N: 1 while throughput follows, 0 on a plateau,
//     negative where more does harm, as beyond the maximum of the universal
//     scalability law (Gunther 2007).
//   - The inspection paradox: a task in flight has E[R²]/2E[R] still to go, so
//     anything measured in less time has seen only the quick ones.
//
// It starts at 4 and grows up to fourfold a step, the less the more latency has
// grown, each step about one latency and spread over half of it lest it be a burst,
// unless tasks end in bursts anyway, to no more than 1.3 N/U. Growth ends when the
// cores are busy, or when latency grows faster than √N and throughput more slowly:
// then 1.25·X·R tasks are kept, R from before anything queued. A step that makes
// things much worse is taken back at once. If what went before was too short to have
// seen slow tasks, it is measured again before it is believed; and so is the step
// itself where the cores are busy, as connections and threads of new places cost
// their first task.
//
// From then on neighbours are probed, with steps large enough to tell an effect
// from the noise that was measured, for as long as it takes to tell, longer ones
// after a success, and rarer ones after failures; upwards first where cores are
// idle and more did no harm, and downwards only where tasks wait for each other,
// as by Little's law fewer of them achieve less elsewhere. The noise is the
// greater of what the latencies of an epoch tell (renewal theory) and of what
// throughput varied by from epoch to epoch of one size (batch means). A change of
// throughput or utilisation beyond it, seen twice lest a passing moment be taken
// for it, lets growth begin anew.
//
// More than 3 % of failures beyond the usual shrink the size, in the middle of a
// measurement too once chance is ruled out (Chernoff's bound). While everything
// fails a few tasks in flight wait for the end of it, and the size that was good
// before comes back with the first that succeed. A size that failed is a ceiling
// for a time that grows each time it fails again. If fewer in flight fail as
// much, the size is acquitted and that share counts as usual: a list with broken
// links is no reason to go slowly. So it is, once, if fewer in flight achieve less:
// a limit that refuses a few of many is best used that way.
//
// Memory, a ceiling, and an input that cannot keep up bound the size too.
//
// # What it cannot know
//
// A job of a few hundred tasks ends before there is anything to learn. Finding the
// size takes one to two latencies for each fourfold of it, whatever the length of
// the job. Simulated, that costs 0.08 s where 460 waits of 20 ms are worth it, and
// 0.2 s where nine tasks in ten are over at once and the others wait 60 ms: a
// twelfth and a fifth of a job of a second, one and two hundredths of one of ten.
//
// A rate limit is no matter of size: a token bucket in front of the pool serves it
// better. And the share of failures is judged, never their kind.
//
// # Offline
//
// Weights turn measured costs of a task into a range of sizes worth trying by
// Goetz's formula P·(1 + W/C) (Goetz et al. 2006, section 8.2). No profile shows
// what the back-end can bear: that is a ceiling, never a size to start with.
package sizing
