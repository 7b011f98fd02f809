package executor

import (
	"context"
	"iter"
	"slices"
)

// Map calls do for every item of in and returns the results in the order of
// the input, or as they end if o.Unordered. The first error cancels the rest
// and is returned as *ItemError; the results are nil then. If ctx is cancelled,
// the error is its cause or wraps it.
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
// is returned as *ItemError; if ctx is cancelled, it is its cause or wraps it.
func ForEach[T any](ctx context.Context, in iter.Seq[T], do func(context.Context, T) error, o Options) error {
	o.Unordered = true
	call := func(ctx context.Context, v T) (struct{}, error) { return struct{}{}, do(ctx, v) }
	return each(ctx, in, call, o, func(int, struct{}) {})
}

// each runs all items and places their values, up to the first error.
func each[T, R any](ctx context.Context, in iter.Seq[T], do func(context.Context, T) (R, error), o Options, place func(int, R)) (err error) {
	if o.Stats == nil {
		o.Stats = new(Stats)
	}
	e := newEngine(ctx, do, o)
	e.lazy = true
	e.start(in, func(items []Result[T, R]) bool {
		for i := range items {
			r := &items[i]
			switch {
			case r.Err == nil:
				place(r.Index, r.Value)
				continue
			case r.Index < 0 || r.Attempts == 0 && ctx.Err() != nil:
				err = r.Err
			default:
				err = &ItemError{Index: r.Index, Err: r.Err}
			}
			return false
		}
		return true
	})
	if err != nil {
		return err
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
// not started are yielded with its error and no attempts; if that was before the
// input had ended, one more result with its error stands for the rest, at the
// index of the first item that was not read. A panic of the input is the error
// of the last result. So a stream without any error is complete.
func Stream[T, R any](ctx context.Context, in iter.Seq[T], do func(context.Context, T) (R, error), o Options) iter.Seq[Result[T, R]] {
	return func(yield func(Result[T, R]) bool) {
		e := newEngine(ctx, do, o)
		e.start(in, func(items []Result[T, R]) bool {
			for i := range items {
				if !yield(items[i]) {
					return false
				}
			}
			return true
		})
	}
}

// start runs the items, unless the options forbid it. The reader is given the
// results of a chunk at once.
func (e *engine[T, R]) start(in iter.Seq[T], deliver func([]Result[T, R]) bool) {
	err := e.o.check()
	if err == nil {
		err = e.enlist()
	}
	switch {
	case err != nil:
		e.cancel(err)
		deliver([]Result[T, R]{{Index: -1, Err: err}})
	case e.o.Executor == Serial:
		e.serial(in, deliver)
	default:
		e.run(in, deliver)
	}
}
