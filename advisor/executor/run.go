package executor

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
	"time"
)

// Run is one run: its results, and its figures while it goes on and afterwards.
// It begins with Results, Collect or Wait, of which one may be called once.
// Snapshot and Stages may be called at any time and from any goroutine.
//
//	run := executor.Start(ctx, urls, fetch)
//	for r := range run.Results() {
//		…
//	}
//	log.Println(run.Snapshot())
type Run[T, R any] struct {
	ctx       context.Context
	launch    func(how howTo, deliver taker[T, R])
	unordered bool
	stages    []*figures
	begun     atomic.Bool
	every     time.Duration
	show      func(Snapshot)
}

// howTo is what a method of Run asks of the engine.
type howTo struct {
	lazy      bool // results need not be handed over one by one
	unordered bool
}

// figures publishes the state of one stage.
type figures struct {
	name string
	live atomic.Pointer[func() Snapshot]
}

func (f *figures) snapshot() Snapshot {
	if live := f.live.Load(); live != nil {
		return (*live)()
	}
	return Snapshot{}
}

// freeze keeps s as the figures of the end.
func (f *figures) freeze(s Snapshot) {
	last := func() Snapshot { return s }
	f.live.Store(&last)
}

// Start prepares a run of do over the items of in.
func Start[T, R any, In Input[T]](ctx context.Context, in In, do func(context.Context, T) (R, error), o ...Options) *Run[T, R] {
	return newRun(ctx, inputOf[T](in), do, nil, o)
}

// newRun is Start; far is how do is called in a process.
func newRun[T, R any](ctx context.Context, in iter.Seq2[T, error], do func(context.Context, T) (R, error), far *remoteFunc[T], list []Options) *Run[T, R] {
	o, err := only(list)
	f := &figures{name: o.name()}
	r := &Run[T, R]{ctx: ctx, unordered: o.Unordered, stages: []*figures{f}}
	r.launch = func(how howTo, deliver taker[T, R]) {
		o.Unordered = how.unordered
		e := newEngine(ctx, do, o)
		e.figures, e.lazy, e.far, e.misuse = f, how.lazy, far, err
		e.start(in, deliver)
	}
	return r
}

var errBegun = errors.New("executor: the run has begun already: its results can be taken once")

// run runs all and reports progress meanwhile.
func (r *Run[T, R]) run(how howTo, deliver taker[T, R]) {
	if r.begun.Swap(true) {
		deliver([]Result[T, R]{{Err: &RunError{errBegun}}})
		return
	}
	defer r.progress()()
	r.launch(how, deliver)
}

// Results runs the items and yields every item's result or error, in the order
// of the input unless Options.Unordered. See Stream.
func (r *Run[T, R]) Results() iter.Seq[Result[T, R]] {
	return func(yield func(Result[T, R]) bool) {
		r.run(howTo{unordered: r.unordered}, func(items []Result[T, R]) (int, bool) {
			for i := range items {
				if !yield(items[i]) {
					return i + 1, false
				}
			}
			return len(items), true
		})
	}
}

// Collect runs the items and returns the results in the order of the input. See
// Map.
func (r *Run[T, R]) Collect() ([]R, error) {
	var out []R
	// Results find their place by index, so nothing waits for its turn.
	place := func(i int, v R) {
		if i >= len(out) {
			out = slices.Grow(out, i+1-len(out))[:i+1]
		}
		out[i] = v
	}
	if r.unordered {
		place = func(_ int, v R) { out = append(out, v) }
	}
	if err := r.each(place); err != nil {
		return nil, err
	}
	return out, nil
}

// Wait runs the items and returns the first error. See ForEach.
func (r *Run[T, R]) Wait() error { return r.each(func(int, R) {}) }

// each runs all items and places their values, up to the first error.
func (r *Run[T, R]) each(place func(int, R)) (err error) {
	r.run(howTo{lazy: true, unordered: true}, func(items []Result[T, R]) (int, bool) {
		for i := range items {
			if err = r.failure(&items[i]); err != nil {
				return i + 1, false
			}
			place(items[i].Index, items[i].Value)
		}
		return len(items), true
	})
	if err != nil {
		return err
	}
	if err := context.Cause(r.ctx); err != nil {
		return err
	}
	for _, f := range r.stages {
		if err := f.snapshot().CloseErr; err != nil && len(r.stages) > 1 {
			return fmt.Errorf("%s: %w", f.name, err)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// failure returns the error of a whole run for that of a result.
func (r *Run[T, R]) failure(res *Result[T, R]) error {
	if res.Err == nil {
		return nil
	}
	if whole, ok := res.Err.(*RunError); ok {
		return whole.Err
	}
	if _, input := errors.AsType[*InputError](res.Err); !input && res.Attempts == 0 && r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	return &ItemError{Index: res.Index, Err: res.Err}
}

// Progress has show called every so often while the run goes on, never twice at
// a time, and once at its end. It belongs before the run begins, and returns r.
func (r *Run[T, R]) Progress(every time.Duration, show func(Snapshot)) *Run[T, R] {
	r.every, r.show = max(every, time.Millisecond), show
	return r
}

// progress starts to show the run; what it returns ends that.
func (r *Run[T, R]) progress() func() {
	if r.show == nil {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(r.every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				r.show(r.Snapshot())
			case <-stop:
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		r.show(r.Snapshot())
	}
}
