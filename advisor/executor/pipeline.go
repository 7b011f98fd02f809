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
// next. A slow stage so holds up the ones before it, and Run.Stages tells which it
// is: its occupancy is near 1, and items queue before it.
//
// A stage makes one value of each item. Of several it makes a slice, and where it
// has none for the next stage, that takes a pointer and looks.
//
// Begin with Stage, go on with Then, and run it with Through.
//
//	read := executor.Stage("read", readFile, executor.Options{Executor: executor.IO})
//	both := executor.Then(read, "parse", parse)
//	run := executor.Through(ctx, names, both)
//	for r := range run.Results() {
//		… // r.In is the name, r.Value what parse returned, r.Err a *StageError
//	}
//	for _, stage := range run.Stages() {
//		log.Println(stage.Name, stage.Occupancy)
//	}
type Pipeline[T, R any] struct {
	stages []string
	flow   func(context.Context, iter.Seq2[T, error], *passage) iter.Seq2[carried[T, R], error]
}

// passage is what the stages of one run share.
type passage struct {
	stages []*figures
	read   atomic.Int64 // items taken from the input
	cut    atomic.Bool  // some stage was cancelled before its input had ended
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
	Stage    string
	Attempts int // of this stage; 0: the run was cancelled before it began with the item
	Err      error
}

func (e *StageError) Error() string { return e.Stage + ": " + e.Err.Error() }
func (e *StageError) Unwrap() error { return e.Err }

// Format implements fmt.Formatter: %+v adds the stack if the stage panicked.
func (e *StageError) Format(s fmt.State, verb rune) { format(s, verb, e, stackOfPanic(e.Err)) }

// Stage returns a pipeline of one stage.
func Stage[T, R any](name string, do func(context.Context, T) (R, error), o ...Options) *Pipeline[T, R] {
	return then(inputs[T](), name, do, nil, o)
}

// Then returns p with another stage at its end. p stays as it is.
func Then[T, A, B any](p *Pipeline[T, A], name string, do func(context.Context, A) (B, error), o ...Options) *Pipeline[T, B] {
	return then(p, name, do, nil, o)
}

// inputs returns the pipeline without a stage.
func inputs[T any]() *Pipeline[T, T] {
	return &Pipeline[T, T]{flow: func(_ context.Context, in iter.Seq2[T, error], run *passage) iter.Seq2[carried[T, T], error] {
		return func(yield func(carried[T, T], error) bool) {
			i := 0
			for v, err := range in {
				run.read.Add(1)
				if !yield(carried[T, T]{index: i, in: v, value: v}, err) {
					return
				}
				i++
			}
		}
	}}
}

func then[T, A, B any](p *Pipeline[T, A], name string, do func(context.Context, A) (B, error), far *remoteFunc[A], list []Options) *Pipeline[T, B] {
	at := len(p.stages)
	o, err := only(list)
	if o.Name == "" {
		o.Name = name
	}
	flow := func(ctx context.Context, in iter.Seq2[T, error], run *passage) iter.Seq2[carried[T, B], error] {
		return func(yield func(carried[T, B], error) bool) {
			e := newEngine(ctx, func(ctx context.Context, c carried[T, A]) (B, error) { return do(ctx, c.value) }, o)
			e.figures, e.misuse = run.stages[at], err
			e.patient = at > 0
			e.skip = func(r *Result[carried[T, A], B]) bool { return r.In.err != nil }
			if far != nil {
				e.far = farStage[T](far)
			}
			e.cutter = func() { run.cut.Store(true) }
			e.start(p.flow(ctx, in, run), func(items []Result[carried[T, A], B]) (int, bool) {
				for i := range items {
					if !yield(pass(name, &items[i]), nil) {
						return i + 1, false
					}
				}
				return len(items), true
			})
		}
	}
	return &Pipeline[T, B]{stages: append(p.stages[:at:at], name), flow: flow}
}

// farStage encodes what a stage is to work on, without the rest of the item.
func farStage[T, A any](far *remoteFunc[A]) *remoteFunc[carried[T, A]] {
	return &remoteFunc[carried[T, A]]{name: far.name, encode: func() func([]byte, carried[T, A]) ([]byte, error) {
		encode := far.encode()
		return func(buf []byte, c carried[T, A]) ([]byte, error) { return encode(buf, c.value) }
	}}
}

// pass makes of a stage's result what goes to the next one.
func pass[T, A, B any](stage string, r *Result[carried[T, A], B]) carried[T, B] {
	c := carried[T, B]{index: r.In.index, in: r.In.in, value: r.Value, err: r.In.err, attempts: r.In.attempts, elapsed: r.In.elapsed}
	if c.err != nil {
		return c
	}
	if whole, ok := r.Err.(*RunError); ok {
		c.index = r.Index // of no item
		c.err = &RunError{&StageError{Stage: stage, Err: whole.Err}}
		return c
	}
	c.attempts = max(c.attempts, r.Attempts)
	c.elapsed += r.Elapsed
	if r.Err != nil {
		c.err = &StageError{Stage: stage, Attempts: r.Attempts, Err: r.Err}
	}
	return c
}

// Through prepares a run of the items of in through the stages of p. Results come
// in order unless the last stage is unordered. Elapsed is the sum over the stages,
// Attempts the most of any; those of the stage that failed are in the *StageError. A run that was cancelled does not yield what was
// between two stages: one more result, with a *RunError, stands for all that is
// missing.
func Through[T, R any, In Input[T]](ctx context.Context, in In, p *Pipeline[T, R]) *Run[T, R] {
	run := &passage{}
	for _, name := range p.stages {
		run.stages = append(run.stages, &figures{name: name})
	}
	r := &Run[T, R]{ctx: ctx, stages: run.stages}
	items := inputOf[T](in)
	r.launch = func(_ howTo, deliver taker[T, R]) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(errStopped)
		one := make([]Result[T, R], 1)
		for c := range p.flow(ctx, items, run) {
			one[0] = Result[T, R]{Index: c.index, In: c.in, Value: c.value, Err: c.err, Attempts: c.attempts, Elapsed: c.elapsed}
			if _, more := deliver(one); !more {
				cancel(errStopped) // all stages at once, not one after the other
				return
			}
		}
		if run.cut.Load() {
			one[0] = Result[T, R]{Index: int(run.read.Load()), Err: &RunError{context.Cause(ctx)}}
			deliver(one)
		}
	}
	return r
}

// Stream sends the items of in through the stages, of a slice by slices.Values. See
// Through, which also takes slices and inputs that may fail.
func (p *Pipeline[T, R]) Stream(ctx context.Context, in iter.Seq[T]) iter.Seq[Result[T, R]] {
	return func(yield func(Result[T, R]) bool) { Through(ctx, in, p).Results()(yield) }
}

// Map returns the results of all items in order. The first error cancels the
// rest and is returned as *ItemError, which holds a *StageError.
func (p *Pipeline[T, R]) Map(ctx context.Context, in iter.Seq[T]) ([]R, error) {
	return Through(ctx, in, p).Collect()
}
