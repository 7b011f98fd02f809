// Package process runs tasks on a pool of worker processes.
//
// A goroutine cannot be killed, shares its heap with all others, and takes the
// whole program with it when it crashes. A worker process can be killed, gives
// all its memory back, and dies alone. That is what this pool is for: code that
// crashes, hangs, leaks, or is not safe to call from two threads. It costs
// 3 us for a lonely task, and 0.2 us for each of many, on two cores.
//
// # Workers
//
// A worker is the same program, started again. [Main], called first thing in
// main, does nothing in the parent; in a worker it runs tasks until the parent
// has no more. A task is the name of a handler and some bytes; its outcome is
// bytes or an error. What they mean is up to the caller: there is no encoding
// here.
//
//	func main() {
//		process.Main(func(name string) (process.Handler, bool) {
//			return hash, name == "hash"
//		}, nil)
//		// from here on, this is the parent
//		pool, err := process.Start(ctx, process.Config{})
//		...
//	}
//
// A worker runs one task at a time, with GOMAXPROCS=1 unless Config.Env says
// otherwise. What it prints, to either stream, goes to Config.Stderr behind a
// prefix. It ends when its parent ends, however that happens: it waits for the
// end of a pipe that only the parent holds. (The parent-death signal of Linux
// would not do: it is sent when the thread that started the worker ends, and
// threads of a Go program come and go.)
//
// # Tasks and outcomes
//
// [Pool.Submit] and [Pool.Receive] move tasks and outcomes by the slice, so that
// locks and wake-ups are paid once for many. Between the two there are never
// more than Config.Window tasks: Submit waits, so somebody else has to Receive.
// Outcomes come in the order in which tasks end; their IDs are the caller's.
// Every accepted task has exactly one outcome, also when the pool is stopped.
//
// # Batches
//
// Short tasks travel in batches. A batch doubles while it lasts less than half
// of Config.BatchTarget and shrinks when it lasts too long; one is in the pipe
// while the one before runs, so that a worker does not wait for its parent. A
// batch never waits to become full: it takes its share of what is there. When a
// task turns out to be long, the worker hands the tasks behind it back, and
// other workers run them.
//
// # Deaths
//
// When a worker dies, its unfinished tasks run again on another: a handler may
// be called twice for one task, and needs to be idempotent as far as that
// matters. The task that was running is charged with the death. When that is
// not known, because a batch was lost as a whole, its tasks run one by one until
// it is. A task that is charged Config.Attempts times fails alone, with
// [ErrDeath] and a [Death] that tells how the worker ended and its last words.
//
// A panic in a handler is no death: it becomes a [PanicError] with its stack. A
// task that runs longer than Config.HardLimit loses its worker to SIGKILL and
// fails with a [LimitError]; Config.SoftLimit ends the handler's context.
//
// # Recycling
//
// With Config.MaxTasks or Config.MaxRSS a worker is replaced when it has done or
// kept enough. Its successor starts first, so that there is no gap.
//
// # Ways
//
// On Unix, frames travel over file descriptors 3 and 4 in blocking mode, which
// is 2.5 times as fast as the network poller. Elsewhere they take standard input
// and output.
//
// On Linux, a task of at most 4 KiB that is alone in the pool, and its outcome,
// may go through shared memory: after such a task both sides stay awake for up
// to 20 us to see what follows, which saves the system calls and the wake-ups of
// a pipe. To stay awake in vain would be waste, so the time that this loses is
// set against what it saves. Tasks that last longer, or come with longer pauses,
// and workers on processors that others need, find both sides asleep as ever,
// but for a trial of 0.1 ms after 6 ms.
package process
