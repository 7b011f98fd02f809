package executor

import (
	"context"
	"iter"
)

// Map calls do for every item of in and returns the results in the order of
// the input, or as they end if Options.Unordered. The first error cancels the
// rest and is returned as *ItemError; the results are nil then. If ctx is
// cancelled, the error is its cause or wraps it.
func Map[T, R any, In Input[T]](ctx context.Context, in In, do func(context.Context, T) (R, error), o ...Options) ([]R, error) {
	return Start(ctx, in, do, o...).Collect()
}

// ForEach calls do for every item of in. The first error cancels the rest and
// is returned as *ItemError; if ctx is cancelled, it is its cause or wraps it.
func ForEach[T any, In Input[T]](ctx context.Context, in In, do func(context.Context, T) error, o ...Options) error {
	call := func(ctx context.Context, v T) (struct{}, error) { return struct{}{}, do(ctx, v) }
	return Start(ctx, in, call, o...).Wait()
}

// Stream calls do for the items of in and yields every item's result or error,
// in the order of the input unless Options.Unordered. No more than the window of
// items is read ahead of what was yielded.
//
// The input runs in a goroutine of its own. Leaving the loop cancels the
// context of the running tasks, waits for them and for the input's current
// step, and leaves no goroutine behind; only an input that blocks for over a
// second is left to itself. When ctx is cancelled, items that were read and
// not started are yielded with its cause and no attempts.
//
// A stream without any error is complete. Where items are missing, the last result
// is one of no item, whose error is a *RunError: ctx was done before the input had
// ended, the input panicked, or the options forbade the run. Its index is that of the
// first item that was not read. If ctx ends after the input, all items are there, some
// of them with its cause as their error.
func Stream[T, R any, In Input[T]](ctx context.Context, in In, do func(context.Context, T) (R, error), o ...Options) iter.Seq[Result[T, R]] {
	return func(yield func(Result[T, R]) bool) {
		Start(ctx, in, do, o...).Results()(yield)
	}
}

// start runs the items, unless the options forbid it. The reader is given the
// results of a chunk at once.
func (e *engine[T, R]) start(in iter.Seq2[T, error], deliver taker[T, R]) {
	err := e.misuse
	if err == nil {
		err = e.o.check()
	}
	if err == nil {
		err = e.enlist()
	}
	switch {
	case err != nil:
		e.cancel(err)
		deliver([]Result[T, R]{{Err: &RunError{err}}})
	case e.o.Executor == Serial:
		e.serial(in, deliver)
	default:
		e.run(in, deliver)
	}
}
