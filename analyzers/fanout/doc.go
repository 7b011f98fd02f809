// Package fanout defines an analyzer that reports goroutines started without a
// bound for work that waits.
//
// # Analyzer fanout
//
// fanout: report goroutines started for each item of data without a bound
//
// A goroutine is cheap, what it waits for is not: thousands at once exhaust
// threads (files, C), descriptors and peers (network) or memory (computing).
//
//	for _, name := range names {
//		g.Go(func() error { return upload(name) }) // as many uploads as names
//	}
//
// Bound what is in flight:
//
//	g.SetLimit(16)
//	for _, name := range names {
//		g.Go(func() error { return upload(name) })
//	}
//
// A task that only computes, that takes its token after it has been started, or
// whose waiting is a guess is a note. The rule is silent where the number of
// tasks is a small constant, the number of cores or a setting, where a channel,
// semaphore, counter or rate limiter is asked before the hand-over, where the loop
// waits for its task, about workers (unless there are as many as items) and
// actors that loop for ever, and about accept loops.
package fanout
