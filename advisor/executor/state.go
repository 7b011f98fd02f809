package executor

import (
	"context"
	"errors"
	"io"
)

// states are the values that belong to one worker.
type states struct{ held []state }

type state struct {
	key   any       // identity of the PerWorker call
	value any       // *S
	close io.Closer // nil: nothing to close
}

// statesKey finds the states of a worker in the context of its tasks.
type statesKey struct{}

// workerContext is the context of the tasks of one worker.
type workerContext struct {
	context.Context
	states *states
}

func newWorkerContext(ctx context.Context) *workerContext {
	return &workerContext{ctx, new(states)}
}

// Value implements context.Context.
func (c *workerContext) Value(key any) any {
	if _, ok := key.(statesKey); ok {
		return c.states
	}
	return c.Context.Value(key)
}

func (s *states) close() error {
	var errs []error
	for i := len(s.held) - 1; i >= 0; i-- {
		if c := s.held[i].close; c != nil {
			errs = append(errs, shut(c))
		}
	}
	s.held = nil
	return errors.Join(errs...)
}

// shut closes c and turns a panic into an error.
func shut(c io.Closer) error {
	_, err := call(context.Background(), func(context.Context, struct{}) (struct{}, error) { return struct{}{}, c.Close() }, struct{}{})
	return err
}

// PerWorker returns a task function with a state that each worker opens before
// its first item and keeps: a connection, a parser, a buffer. A state is used
// by one item at a time. If it is an io.Closer it is closed when its worker
// ends; in a worker process when the process ends. An error of open is the
// error of the item; the worker's next item opens again. Outside an executor
// the state lives for one call.
func PerWorker[S, T, R any](open func(context.Context) (S, error), do func(context.Context, S, T) (R, error)) func(context.Context, T) (R, error) {
	key := new(byte)
	return func(ctx context.Context, v T) (R, error) {
		all, ok := ctx.Value(statesKey{}).(*states)
		if !ok {
			return once(ctx, open, do, v)
		}
		for i := range all.held {
			if all.held[i].key == key {
				return do(ctx, *all.held[i].value.(*S), v)
			}
		}
		s, err := open(ctx)
		if err != nil {
			var none R
			return none, err
		}
		closer, _ := any(s).(io.Closer)
		all.held = append(all.held, state{key, &s, closer})
		return do(ctx, s, v)
	}
}

// once runs do with a state of its own.
func once[S, T, R any](ctx context.Context, open func(context.Context) (S, error), do func(context.Context, S, T) (R, error), v T) (r R, err error) {
	s, err := open(ctx)
	if err != nil {
		return r, err
	}
	if c, ok := any(s).(io.Closer); ok {
		defer func() { err = errors.Join(err, c.Close()) }()
	}
	return do(ctx, s, v)
}
