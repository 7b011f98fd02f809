package executor

import (
	"context"
	"sync"
	"sync/atomic"
)

// Group has the methods of golang.org/x/sync/errgroup.Group, so that code moves
// by one line:
//
//	g, ctx := executor.WithContext(ctx)   // was errgroup.WithContext(ctx)
//
// A panic of a task is the *PanicError of Wait instead of the end of the program.
// After SetLimit tasks are those of a Pool, and Go blocks later: when a thousand
// wait. The zero Group is usable and has no context.
type Group struct {
	ctx    context.Context // the caller's; nil: none
	labels *labels         // of the tasks, for pprof; nil: those of the caller of Go
	cancel context.CancelCauseFunc
	pool   *Pool
	tasks  sync.WaitGroup
	active atomic.Int64
	limit  int64
	once   sync.Once
	err    error
}

// WithContext returns a group and a context that ends with its first error, or
// with Wait.
func WithContext(ctx context.Context) (*Group, context.Context) {
	g := &Group{ctx: ctx, labels: newLabels(ctx, kindGroup, string(kindGroup))}
	ctx, g.cancel = context.WithCancelCause(ctx)
	return g, ctx
}

// SetLimit bounds the tasks that run at a time; a negative n means no bound. It
// belongs before the first Go.
func (g *Group) SetLimit(n int) {
	if g.active.Load() > 0 {
		panic("executor: SetLimit of a group whose tasks run")
	}
	g.limit, g.pool = 0, nil
	if n >= 0 {
		// The context does not end the pool: as in errgroup, tasks run after an error
		// and see for themselves that it has ended.
		ctx := context.Background()
		if g.ctx != nil {
			ctx = context.WithoutCancel(g.ctx)
		}
		g.limit, g.pool = int64(n), newPool(ctx, n, kindGroup)
	}
}

// Go runs task in a goroutine, or hands it to the pool. The first error ends the
// context.
func (g *Group) Go(task func() error) {
	g.active.Add(1)
	g.start(task)
}

// TryGo runs task if the limit allows that at once, and reports whether it does.
func (g *Group) TryGo(task func() error) bool {
	for {
		n := g.active.Load()
		if g.pool != nil && n >= g.limit {
			return false
		}
		if g.active.CompareAndSwap(n, n+1) {
			g.start(task)
			return true
		}
	}
}

func (g *Group) start(task func() error) {
	g.tasks.Add(1)
	run := func() error {
		err := ErrGoexit
		defer func() {
			if err != nil {
				g.fail(err)
			}
			g.active.Add(-1)
			g.tasks.Done()
		}()
		_, err = call(context.Background(), func(context.Context, struct{}) (struct{}, error) { return struct{}{}, task() }, struct{}{})
		return nil
	}
	if g.pool != nil {
		g.pool.Go(run)
		return
	}
	go func() {
		if g.labels != nil {
			g.labels.set()
		}
		run()
	}()
}

func (g *Group) fail(err error) {
	g.once.Do(func() {
		g.err = err
		if g.cancel != nil {
			g.cancel(err)
		}
	})
}

// Wait waits for all tasks and returns the first error.
func (g *Group) Wait() error {
	g.tasks.Wait()
	if g.pool != nil {
		g.pool.Wait() // lets its workers go; the tasks' errors are ours
	}
	if g.cancel != nil {
		g.cancel(g.err)
	}
	return g.err
}
