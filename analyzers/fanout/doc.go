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
// The same holds without a loop over data: a task for each message of a channel or
// queue, or for each request of a handler that returns while its task goes on, has
// no bound but how fast they come.
//
// How sure that is depends on where the tasks come from and on what they use. It is a warning
// where
//
//   - each message that arrives starts a task, or each request starts a subprocess;
//   - the elements are decoded from what somebody has sent; or
//   - the caller hands them in, and the tasks use files or subprocesses, of which a machine
//     bears but so many at once.
//
// It is a note where a far end, a subprocess or files have told what there is, which mostly is
// not much; where the function works the elements out itself or takes them from what its object
// has; and where the tasks only wait for a far end, which mostly has a limit of its own.
//
// Where tasks call an interface that their own package declares, what they wait for is
// known to those who give it an implementation: that is where it is told.
//
// A task that only computes, that takes its token after it has been started, or
// whose waiting is a guess is a note, and so are tasks for requests, for what
// comes over one open connection and for the parts that an object keeps: its peers, its
// listeners. The rule is silent where the number of tasks is a
// small constant, the number of cores or a setting; where on every way from one
// hand-over to the next something is waited for that the tasks give back (a place in
// a channel or semaphore, a lock, the task itself), a rate limiter is asked, or a
// count of tasks is compared with a limit (no loop that takes things away until there are
// few enough); where a timer takes the place of the one before, be it that of a name; where all
// tasks wait under one lock; about workers (unless there are as many as items) and actors that
// loop for ever; and where a connection, a tick, a signal or a sign to wake up starts the task,
// as in an accept loop.
package fanout
