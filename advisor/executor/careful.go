package executor

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// careful runs one item under the limits, the rate and the retries asked for.
func (e *engine[T, R]) careful(w *worker[T, R], r *Result[T, R]) {
	for {
		if !e.admitted(w) {
			r.Err = context.Cause(e.ctx)
			return
		}
		began := e.meter.now()
		r.Value, r.Err = e.attempt(w, r.In)
		r.Attempts++
		ended := e.meter.now()
		r.Elapsed = ended - began
		if r.Err == nil {
			return
		}
		failed := e.failure(r.Err)
		wait := e.again(r)
		if wait < 0 {
			w.failed += failed
			return
		}
		e.mu.Lock()
		e.retries++
		e.meter.last = max(e.meter.last, ended)
		e.plan = e.plan.finished(&e.meter, completion{
			now: e.meter.last, elapsed: r.Elapsed, held: r.Elapsed, items: 1, errors: 1, failed: failed, inFlight: e.attempts(),
		})
		e.mu.Unlock()
		w.rested += r.Elapsed
		if !e.rest(w, wait) {
			return
		}
	}
}

// admitted waits for the rate, and for what a service asked for, and reports
// whether the run still goes on.
func (e *engine[T, R]) admitted(w *worker[T, R]) bool {
	for {
		wait := e.bucket.reserve(time.Now())
		if wait <= 0 {
			return true
		}
		if !e.pause(w, wait) {
			return false
		}
		if e.bucket.every > 0 {
			return true // its token is due
		}
	}
}

// attempt calls the function once, under the limits of time.
func (e *engine[T, R]) attempt(w *worker[T, R], v T) (R, error) {
	var ctx context.Context = w.ctx
	if e.o.Limits.Soft > 0 {
		soft, cancel := context.WithTimeout(ctx, e.o.Limits.Soft)
		defer cancel()
		ctx = soft
	}
	if e.o.Limits.Hard <= 0 {
		return call(ctx, e.do, v)
	}
	hard, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	type outcome struct {
		value R
		err   error
	}
	done := make(chan outcome, 1)
	held := w.ctx.states
	var over atomic.Bool // won by the end of the attempt or by its limit
	go func() {
		o := outcome{err: ErrGoexit}
		defer func() {
			if over.CompareAndSwap(false, true) {
				done <- o
				return
			}
			held.close() // nobody is left to hear of an error
		}()
		o.value, o.err = call(hard, e.do, v)
	}()
	limit := time.NewTimer(e.o.Limits.Hard)
	defer limit.Stop()
	select {
	case o := <-done:
		return o.value, o.err
	case <-limit.C:
	}
	if !over.CompareAndSwap(false, true) {
		o := <-done
		return o.value, o.err
	}
	err := &HardLimitError{Limit: e.o.Limits.Hard}
	cancel(err)
	// What the abandoned attempt still holds is its own from now on.
	w.ctx = newWorkerContext(e.ctx)
	e.mu.Lock()
	e.abandoned++
	e.mu.Unlock()
	var none R
	return none, err
}

// call turns a panic into an error.
func call[T, R any](ctx context.Context, do func(context.Context, T) (R, error), v T) (r R, err error) {
	normal := false
	defer func() {
		if normal {
			return
		}
		if p := recover(); p != nil {
			err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	r, err = do(ctx, v)
	normal = true
	return r, err
}

// again returns how long to wait before the next attempt, or -1 for none. The
// wait doubles with each attempt and is jittered over its upper half, so that
// items that failed together do not come back together; a service that names
// a time is not asked before it.
func (e *engine[T, R]) again(r *Result[T, R]) (wait time.Duration) {
	defer func() {
		if v := recover(); v != nil { // of Retry.If or RetryAfter
			r.Err, wait = &PanicError{Value: v, Stack: debug.Stack()}, -1
		}
	}()
	if r.Attempts >= e.o.Retry.Attempts || e.stopped.Load() || !e.retryable(r.Err) {
		return -1
	}
	wait = e.o.Retry.Backoff
	if wait <= 0 {
		wait = defaultBackoff
	}
	for i := 1; i < r.Attempts && wait < maxBackoff; i++ {
		wait *= 2
	}
	wait = min(wait, maxBackoff)
	wait = wait/2 + rand.N(wait/2+1)
	if after, ok := errors.AsType[retryAfter](r.Err); ok {
		wait = max(wait, after.RetryAfter())
	}
	return wait
}

func (e *engine[T, R]) retryable(err error) bool {
	if e.o.Retry.If != nil {
		return e.o.Retry.If(err)
	}
	_, panicked := errors.AsType[*PanicError](err)
	return !panicked && !errors.Is(err, context.Canceled)
}

// failure delays everyone if err asks for it, and returns 1 if err speaks of
// load, as the controller sees it, else 0. Without a word about which errors
// are worth another attempt, each may be the back-end's cry.
func (e *engine[T, R]) failure(err error) (load int) {
	defer func() {
		if recover() != nil { // of a method of err or of Retry.If; again tells of it
			load = 1
		}
	}()
	if e.ctx.Err() != nil {
		e.stopped.Store(true) // the hook on the context may come later than this
		return 0
	}
	if after, ok := errors.AsType[retryAfter](err); ok && after.RetryAfter() > 0 {
		e.bucket.delay(time.Now(), after.RetryAfter())
		return 1
	}
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	if ok && timeout.Timeout() {
		return 1
	}
	if e.o.Retry.If != nil && !e.o.Retry.If(err) {
		return 0
	}
	return 1
}

// longRest is from when a wait gives its place among the workers to another
// item. A shorter one keeps it: a back-end that refuses must see fewer
// attempts, not the same number of other items.
const longRest = time.Second

// rest waits before another attempt, and reports whether the run still goes on.
func (e *engine[T, R]) rest(w *worker[T, R], wait time.Duration) bool {
	if wait < longRest {
		return e.pause(w, wait)
	}
	e.mu.Lock()
	e.resting-- // pause counts it, but it is not among the running
	e.occupy(-1)
	e.pump(true)
	e.mu.Unlock()
	goesOn := e.pause(w, wait)
	e.mu.Lock()
	e.resting++
	e.occupy(+1) // beyond the size for a moment, if others came in
	e.mu.Unlock()
	return goesOn
}

// pause waits, and reports whether the run still goes on.
func (e *engine[T, R]) pause(w *worker[T, R], wait time.Duration) bool {
	e.mu.Lock()
	e.resting++
	e.mu.Unlock()
	began := e.meter.now()
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-e.ctx.Done():
	}
	w.rested += e.meter.now() - began
	e.mu.Lock()
	e.resting--
	e.mu.Unlock()
	return !e.stopped.Load()
}

// attempts returns how many attempts are under way.
func (e *engine[T, R]) attempts() int { return max(1, e.running-e.resting) }
