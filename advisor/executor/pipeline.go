package executor

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"time"
)

// Pipeline is a chain of functions, each with an executor of its own, joined
// by bounded queues: the window of a stage is how far it may run ahead of the
// next. A slow stage so holds up the ones before it, and Stages tells which it
// is: its occupancy is near 1, and items queue before it.
//
// Begin with Stage and go on with Then.
type Pipeline[T, R any] struct {
	stages []stage
	flow   func(context.Context, iter.Seq[T], *passage) iter.Seq[carried[T, R]]
}

// passage is what the stages of one run share.
type passage struct {
	read atomic.Int64 // items taken from the input
	cut  atomic.Bool  // some stage was cancelled before its input had ended
}

type stage struct {
	name   string
	latest *atomic.Pointer[Stats] // of the latest run
}

// carried is an item between two stages: what it was, what has become of it.
type carried[T, V any] struct {
	index int
	in    T
	value V
	err   error

	attempts int           // most of any stage
	elapsed  time.Duration // of all
}

// StageError says at which stage an item failed. Later stages do not see it.
type StageError struct {
	Stage string
	Err   error
}

func (e *StageError) Error() string { return e.Stage + ": " + e.Err.Error() }
func (e *StageError) Unwrap() error { return e.Err }

// Format implements fmt.Formatter: %+v adds the stack if the stage panicked.
func (e *StageError) Format(s fmt.State, verb rune) { format(s, verb, e, stackOfPanic(e.Err)) }

// StageStats are the figures of one stage.
type StageStats struct {
	Name string
	Snapshot
}

// Stage returns a pipeline of one stage. Of o, Stats is replaced by Stages.
func Stage[T, R any](name string, do func(context.Context, T) (R, error), o Options) *Pipeline[T, R] {
	source := &Pipeline[T, T]{flow: func(_ context.Context, in iter.Seq[T], run *passage) iter.Seq[carried[T, T]] {
		return func(yield func(carried[T, T]) bool) {
			i := 0
			for v := range in {
				run.read.Add(1)
				if !yield(carried[T, T]{index: i, in: v, value: v}) {
					return
				}
				i++
			}
		}
	}}
	return Then(source, name, do, o)
}

// Then returns p with another stage at its end. p stays as it is.
func Then[T, A, B any](p *Pipeline[T, A], name string, do func(context.Context, A) (B, error), o Options) *Pipeline[T, B] {
	s := stage{name: name, latest: new(atomic.Pointer[Stats])}
	s.latest.Store(new(Stats))
	if o.Label == "" {
		o.Label = name
	}
	flow := func(ctx context.Context, in iter.Seq[T], run *passage) iter.Seq[carried[T, B]] {
		return func(yield func(carried[T, B]) bool) {
			o := o // of this run: there may be several at once
			o.Stats = new(Stats)
			s.latest.Store(o.Stats)
			open := func(ctx context.Context, c carried[T, A]) (B, error) { return do(ctx, c.value) }
			e := newEngine(ctx, open, o)
			e.patient = len(p.stages) > 0
			e.skip = func(r *Result[carried[T, A], B]) bool { return r.In.err != nil }
			e.far = func() (string, func([]byte, carried[T, A]) ([]byte, error)) {
				name, encode := registered(do)
				return name, func(buf []byte, c carried[T, A]) ([]byte, error) { return encode(buf, c.value) }
			}
			e.cutter = func() { run.cut.Store(true) }
			e.start(p.flow(ctx, in, run), func(items []Result[carried[T, A], B]) bool {
				for i := range items {
					if !yield(pass(name, &items[i])) {
						return false
					}
				}
				return true
			})
		}
	}
	return &Pipeline[T, B]{stages: append(p.stages[:len(p.stages):len(p.stages)], s), flow: flow}
}

// pass makes of a stage's result what goes to the next one.
func pass[T, A, B any](stage string, r *Result[carried[T, A], B]) carried[T, B] {
	c := carried[T, B]{index: r.In.index, in: r.In.in, value: r.Value, err: r.In.err, attempts: r.In.attempts, elapsed: r.In.elapsed}
	switch {
	case r.Index < 0:
		c.index = -1
	case c.err != nil:
		return c
	}
	if _, ok := r.Err.(*inputError); ok {
		c.index = r.Index // of no item
	}
	c.attempts = max(c.attempts, r.Attempts)
	c.elapsed += r.Elapsed
	if r.Err != nil {
		c.err = &StageError{Stage: stage, Err: r.Err}
	}
	return c
}

// Stream sends the items of in through the stages and yields each one's result
// or error, in order unless the last stage is unordered. Elapsed is the sum
// over the stages, Attempts the most of any. A pipeline that was cancelled does
// not yield what was between two stages: as with the function Stream, one more
// result with the error of ctx stands for all that is missing.
func (p *Pipeline[T, R]) Stream(ctx context.Context, in iter.Seq[T]) iter.Seq[Result[T, R]] {
	return func(yield func(Result[T, R]) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(errStopped)
		var run passage
		for c := range p.flow(ctx, in, &run) {
			r := Result[T, R]{Index: c.index, In: c.in, Value: c.value, Err: c.err, Attempts: c.attempts, Elapsed: c.elapsed}
			if !yield(r) {
				cancel(errStopped) // all stages at once, not one after the other
				return
			}
		}
		if run.cut.Load() {
			yield(Result[T, R]{Index: int(run.read.Load()), Err: context.Cause(ctx)})
		}
	}
}

// Map returns the results of all items in order. The first error cancels the
// rest and is returned as *ItemError, which holds a *StageError.
func (p *Pipeline[T, R]) Map(ctx context.Context, in iter.Seq[T]) ([]R, error) {
	var out []R
	for r := range p.Stream(ctx, in) {
		if r.Err != nil && (r.Index < 0 || r.Attempts == 0 && ctx.Err() != nil) {
			return nil, r.Err
		}
		if r.Err != nil {
			return nil, &ItemError{Index: r.Index, Err: r.Err}
		}
		out = append(out, r.Value)
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	for _, s := range p.stages {
		if err := s.latest.Load().Live().CloseErr; err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return out, nil
}

// Stages returns the figures of each stage in the latest run, while it goes on
// or after it.
func (p *Pipeline[T, R]) Stages() []StageStats {
	out := make([]StageStats, len(p.stages))
	for i, s := range p.stages {
		out[i] = StageStats{Name: s.name, Snapshot: s.latest.Load().Live()}
	}
	return out
}
