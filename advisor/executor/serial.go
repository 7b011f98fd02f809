package executor

import (
	"context"
	"iter"
	"runtime/debug"
	"runtime/pprof"
)

// serialPlan runs one item after the other.
type serialPlan struct{ reason string }

func (p serialPlan) finished(*meter, completion) plan { return p }
func (p serialPlan) kind() Kind                       { return Serial }
func (p serialPlan) size() int                        { return 1 }
func (p serialPlan) chunk() int                       { return 1 }
func (p serialPlan) window() int                      { return 1 }
func (p serialPlan) describe(s *Snapshot)             { s.Executor, s.Reason = Serial, p.reason }

// serial runs the items in the caller's goroutine.
func (e *engine[T, R]) serial(in iter.Seq2[T, error], deliver taker[T, R]) {
	w := &worker[T, R]{ctx: newWorkerContext(e.ctx)}
	c := &chunk[T, R]{items: make([]Result[T, R], 1)}
	unhook := context.AfterFunc(e.parent, func() {
		e.cancel(context.Cause(e.parent))
		e.stopped.Store(true)
	})
	report := e.report()
	e.workers.Add(1)
	defer func() {
		unhook()
		e.cancel(errStopped)
		e.retire(w)
		report()
	}()
	one := func(v T, failed error) bool {
		e.mu.Lock()
		c.items[0] = Result[T, R]{Index: e.read, In: v, Err: inputFailure(failed)}
		e.read++
		e.occupy(+1)
		e.mu.Unlock()
		w.began, w.rested, w.failed = e.meter.now(), 0, 0
		at := 0
		e.labels.Load().set()
		e.runFrom(w, c, &at)
		pprof.SetGoroutineLabels(e.parent) // the rest is the caller's
		now := e.meter.now()
		if c.items[0].Elapsed == 0 {
			c.items[0].Elapsed = now - w.began
		}
		e.mu.Lock()
		e.finish(c, completion{now: now, elapsed: now - w.began - w.rested, held: now - w.began - w.rested, failed: w.failed})
		e.occupy(-1)
		e.yielded++
		e.mu.Unlock()
		_, more := deliver(c.items)
		return more
	}
	left := false // by the reader
	err := e.each(in, func(v T, failed error) bool {
		left = !one(v, failed)
		return !left
	})
	if !left {
		e.conclude(err, e.parent.Err() != nil, deliver)
	}
}

// each runs the input and turns its panic into an error; a panic of the
// caller's loop stays one.
func (e *engine[T, R]) each(in iter.Seq2[T, error], do func(T, error) bool) (err error) {
	inside := false
	normal := false
	defer func() {
		if normal || inside {
			return
		}
		if v := recover(); v != nil {
			err = &InputError{&PanicError{Value: v, Stack: debug.Stack()}}
		}
	}()
	in(func(v T, failed error) bool {
		if e.stopped.Load() {
			return false
		}
		inside = true
		goesOn := do(v, failed)
		inside = false
		return goesOn
	})
	normal = true
	return nil
}
