package executor

import (
	"context"
	"iter"
	"slices"
)

// Map calls do for every item of in and returns the results in the order of
// the input, or as they end if o.Unordered. The first error cancels the rest
// and is returned as *ItemError; the results are nil then.
func Map[T, R any](ctx context.Context, in iter.Seq[T], do func(context.Context, T) (R, error), o Options) ([]R, error) {
	var out []R
	// Results find their place by index, so nothing waits for its turn.
	place := func(i int, r R) {
		if i >= len(out) {
			out = slices.Grow(out, i+1-len(out))[:i+1]
		}
		out[i] = r
	}
	if o.Unordered {
		place = func(_ int, r R) { out = append(out, r) }
	}
	o.Unordered = true
	if err := each(ctx, in, do, o, place); err != nil {
		return nil, err
	}
	return out, nil
}

// ForEach calls do for every item of in. The first error cancels the rest and
// is returned as *ItemError.
func ForEach[T any](ctx context.Context, in iter.Seq[T], do func(context.Context, T) error, o Options) error {
	o.Unordered = true
	call := func(ctx context.Context, v T) (struct{}, error) { return struct{}{}, do(ctx, v) }
	return each(ctx, in, call, o, func(int, struct{}) {})
}

func each[T, R any](ctx context.Context, in iter.Seq[T], do func(context.Context, T) (R, error), o Options, place func(int, R)) error {
	if o.Stats == nil {
		o.Stats = new(Stats)
	}
	for r := range Stream(ctx, in, do, o) {
		if r.Err != nil && (r.Index < 0 || r.Attempts == 0 && ctx.Err() != nil) {
			return r.Err
		}
		if r.Err != nil {
			return &ItemError{Index: r.Index, Err: r.Err}
		}
		place(r.Index, r.Value)
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return o.Stats.CloseErr
}

// Stream calls do for the items of in and yields every item's result or error,
// in the order of the input unless o.Unordered. No more than the window of
// items is read ahead of what was yielded.
//
// The input runs in a goroutine of its own. Leaving the loop cancels the
// context of the running tasks, waits for them and for the input's current
// step, and leaves no goroutine behind; only an input that blocks for over a
// second is left to itself. When ctx is cancelled, items that were read and
// not started are yielded with its error and no attempts. A panic of the input
// is the error of the last result.
func Stream[T, R any](ctx context.Context, in iter.Seq[T], do func(context.Context, T) (R, error), o Options) iter.Seq[Result[T, R]] {
	return func(yield func(Result[T, R]) bool) {
		e := newEngine(ctx, do, o)
		e.far = func() (string, func([]byte, T) ([]byte, error)) { return registered(do) }
		e.start(in, yield)
	}
}

// start runs the items, unless the options forbid it.
func (e *engine[T, R]) start(in iter.Seq[T], yield func(Result[T, R]) bool) {
	err := e.o.check()
	if err == nil {
		err = e.enlist()
	}
	switch {
	case err != nil:
		e.cancel(err)
		yield(Result[T, R]{Index: -1, Err: err})
	case e.o.Executor == Serial:
		e.serial(in, yield)
	default:
		e.run(in, yield)
	}
}
