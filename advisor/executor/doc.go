// Package executor runs a function over a stream of inputs on the executor
// that suits it: it measures the first items, chooses, keeps adjusting the
// number of workers, and loses nothing.
//
//	out, err := executor.Map(ctx, urls, fetch)
//
// # Which call
//
//	Map, ForEach   all items; the first error cancels the rest
//	Stream         every item's result or error, in order, as a range loop
//	Start          a Run: the same three, with progress and figures
//	Range          a parallel for loop over indexes
//	Pool, Group    closures that are made as the program goes
//	Pipeline       several functions, each on its own executor, bounded queues between
//	Plan, Build    files that are made of files, those up to date left as they are
//	Loop           callbacks in one goroutine: state without locks, timers
//
// Items come from a slice, an iter.Seq, or an iter.Seq2 with an error for each; the
// methods of Function and Pipeline take an iter.Seq.
//
// # Which executor
//
// Without Options the choice is that of a pilot: the first items run for real on no
// more workers than cores, and tell the CPU time C and the wait W of an item. They
// are 64, fewer if they wait for long, and more if they are too short to tell.
// Waits for a core do not count as W, and items that failed choose nothing: until
// some have succeeded, the advice holds or the pilot goes on. The choice between cpu
// and io is looked at again for as long as the run lasts. Snapshot.Reason says what
// was seen last.
//
//	if                                    then       workers
//	debugging, or an order of effects     serial     the caller's goroutine
//	W/C < 0.1                             cpu        one per core; items below 35 µs travel in chunks of 20 to 50 µs
//	W/C ≥ 0.1                             io         as many as pay, found while it runs
//	a crash, a leak, a kill after a limit
//	or C code that is not thread-safe     process    one process per core, batches of 2 ms
//	stages of different W/C               Pipeline   each its own
//
// Auto never takes serial or process by itself: nothing that a pilot measures
// asks for them. Advice may ask for process.
//
// What an empty task costs on two cores, on the machine that the benchmarks in
// testdata/bench/executors were written on (ratios hold elsewhere):
//
//	Range           1.5 ns   a loop with an indirect call costs as much, on one core
//	Batch.Go        8 ns     errgroup 350 ns, conc 210 ns, workerpool 500 ns
//	Pool.Go         30 ns    pond 85 ns; a bare channel of functions, without errors and panics, 40 ns
//	ForEach, cpu    45 ns
//	Stream, io      200 ns
//	process         0.4 µs in batches, 3 µs for a lone item
//
// So Range is for items below 100 ns, and below 10 µs goroutine-per-item costs
// more than the item is worth.
//
// # Bounds
//
// No call reads its input further than Options.Window ahead of what it has
// yielded. The default is 4 items or chunks for each worker and 64 at least;
// set it lower where items are large. Results in order wait for the slowest before
// them, and with the window full so do the workers: where few items take much longer
// than the others, set it higher or Options.Unordered. Goroutines of a run end before the call
// returns or the loop is left, except those that it cannot end: an attempt
// given up after Limits.Hard, and an input that blocks for over a second.
//
// A run can end early: the end of ctx, or an error in Map and ForEach, cancels the
// context of what runs; where the input ends, what runs finishes.
//
// # Failures
//
// An item fails alone, with the error of its last attempt. An error with a
// method RetryAfter() time.Duration, as errors.As finds it, asks the run to back
// off: no attempt starts before that, and the item's next one, if Retry.Attempts
// allow it, is then.
//
// Panics of a task become *PanicError with their stack, runtime.Goexit becomes
// ErrGoexit, and the worker goes on.
//
// # From other packages
//
//	errgroup.WithContext, SetLimit    WithContext, the same methods
//	conc pool, pond, ants             Pool, and Batch for tiny tasks
//	conc/iter, a parallel for         Range
//	conc stream                       Stream
//	a channel of work and workers     ForEach, or Pipeline for several stages
//	executor.map, of Python           Map; as_completed: Stream with Options.Unordered
//	submit and result, of Python      Pool.Go and Wait; the task keeps its result in a variable
//	ProcessPoolExecutor               Func, and ServeWorker first thing in main
//	a Makefile, tasks of Luigi        Build, and Plan for what it would do
//
// The page python.md puts each call of threading, concurrent.futures,
// multiprocessing, queue, joblib and asyncio beside ours.
package executor
