package executor

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// tooLong is how long a chunk may run before its rest is offered to others.
const tooLong = 200 * time.Microsecond

// worker runs chunks, one after the other.
type worker[T, R any] struct {
	ctx    *workerContext
	wake   chan *chunk[T, R]
	handed time.Duration // instant from which it counts as running, on the run's clock
	began  time.Duration // of the chunk
	rested time.Duration // of that spent waiting: back-off and rate
	failed int           // attempts of the chunk that failed
}

// hire starts a worker on its first chunk.
func (e *engine[T, R]) hire(c *chunk[T, R], now time.Duration) {
	w := &worker[T, R]{ctx: newWorkerContext(e.ctx), wake: make(chan *chunk[T, R], 1), handed: now}
	e.workers.Add(1)
	go func() {
		if e.remote != nil {
			e.labels.Load().set()
			e.dispatch(w, c)
			return
		}
		e.work(w, c, 0)
	}()
}

// work runs c from item i on and whatever follows. A task that ends its
// goroutine ends only that: the worker goes on in a new one.
func (e *engine[T, R]) work(w *worker[T, R], c *chunk[T, R], i int) {
	home := false
	defer func() {
		if home {
			e.retire(w)
			return
		}
		c.items[i].Err = ErrGoexit
		c.items[i].Attempts++
		w.failed++
		go e.work(w, c, i+1)
	}()
	var now *labels // of this goroutine
	for ; c != nil; c, i = e.next(w, c), 0 {
		if l := e.labels.Load(); l != now {
			now = l
			now.set()
		}
		if i == 0 {
			w.began, w.rested, w.failed = e.meter.now(), 0, 0
		}
		for i < len(c.items) {
			e.runFrom(w, c, &i)
		}
	}
	home = true
}

func (e *engine[T, R]) retire(w *worker[T, R]) {
	if err := w.ctx.states.close(); err != nil {
		e.mu.Lock()
		if e.closeErr == nil {
			e.closeErr = err
		}
		e.mu.Unlock()
	}
	e.workers.Done()
}

// runFrom runs items from *at on to the end of the chunk, or up to the one
// that panics. *at is the item that runs, so that its fate can be told.
func (e *engine[T, R]) runFrom(w *worker[T, R], c *chunk[T, R], at *int) {
	normal := false
	defer func() {
		if normal {
			return
		}
		v := recover()
		if v == nil { // Goexit: work's turn
			return
		}
		r := &c.items[*at]
		r.Err = &PanicError{Value: v, Stack: debug.Stack()}
		r.Attempts = 1
		w.failed++
		*at++
	}()
	careful, look := e.o.careful(), max(1, len(c.items)/8)
	for *at < len(c.items) {
		if *at%look == look-1 && e.meter.now()-w.began > tooLong {
			e.split(c, *at+1)
		}
		r := &c.items[*at]
		switch {
		case r.Err != nil: // the input's
		case e.stopped.Load():
			r.Err = context.Cause(e.ctx)
		case e.skip != nil && e.skip(r):
		case careful || e.bucket.closed.Load():
			e.careful(w, r)
		default:
			r.Value, r.Err = e.do(w.ctx, r.In)
			r.Attempts = 1
			if r.Err != nil {
				w.failed += e.failure(r.Err)
			}
		}
		*at++
	}
	normal = true
}

// split gives the items from i on back to the queue: the chunk was sized for
// quicker ones, and other workers may be idle.
func (e *engine[T, R]) split(c *chunk[T, R], i int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	rest, size := c.items[i:], max(1, e.plan.size())
	piece := (len(rest) + size - 1) / size
	for len(rest) > 0 { // the last first, since each goes to the front
		from := (len(rest) - 1) / piece * piece
		n := &chunk[T, R]{items: slices.Clone(rest[from:]), after: c.after}
		c.after = n
		if e.last == c {
			e.last = n
		}
		e.queue.pushFront(n)
		clear(rest[from:])
		rest = rest[:from]
	}
	c.items = c.items[:i]
	e.pump(true)
}

// next accounts for the chunk that ended and returns another, once there is
// one; nil when the worker may go.
func (e *engine[T, R]) next(w *worker[T, R], c *chunk[T, R]) *chunk[T, R] {
	now := e.meter.now()
	elapsed := now - w.began - w.rested
	if n := len(c.items); n > 1 {
		mean := elapsed / time.Duration(n)
		for i := range c.items {
			c.items[i].Elapsed = mean
		}
	} else if c.items[0].Elapsed == 0 {
		c.items[0].Elapsed = elapsed
	}
	e.mu.Lock()
	e.finish(c, completion{now: now, elapsed: elapsed, held: now - w.handed - w.rested, failed: w.failed})
	return e.following(w)
}

// following returns the next chunk for w, which has none now. It is entered
// with the lock and leaves without.
func (e *engine[T, R]) following(w *worker[T, R]) *chunk[T, R] {
	e.occupy(-1)
	if e.running < e.plan.size() {
		if c := e.take(); c != nil {
			e.occupy(+1)
			w.handed = e.meter.last
			e.pump(false) // the plan may have grown
			late := e.late()
			e.mu.Unlock()
			if late {
				runtime.Gosched()
			}
			return c
		}
	}
	if e.closing {
		e.mu.Unlock()
		return nil
	}
	e.idle = append(e.idle, w)
	e.mu.Unlock()
	return <-w.wake
}

// late reports whether the reader or the feeder was called and has not come, with
// half of the window used up. Workers that compute leave the cores to others every
// 10 ms, and in that time light items are used up: then all of them wait for the
// reader and the feeder, each of which has one core. So a worker gives way first.
func (e *engine[T, R]) late() bool {
	return (e.readerCalled || e.feederCalled) && e.plan.chunk() > 1 && e.queue.items <= e.plan.window()/2
}

// finish records the end of a chunk and tells the plan and the reader.
func (e *engine[T, R]) finish(c *chunk[T, R], end completion) {
	before, passed, dropped := e.failures, 0, 0
	left := errors.Is(context.Cause(e.ctx), errStopped)
	for i := range c.items {
		switch {
		case left && interrupted(c.items[i].Err):
			dropped++
		case c.items[i].Err != nil:
			e.failures++
		case c.items[i].Attempts == 0: // it failed in an earlier stage
			passed++
		}
	}
	e.done += len(c.items) - dropped
	e.dropped += dropped
	e.busy += end.elapsed
	e.meter.last = max(e.meter.last, end.now) // others may have come first to the lock
	end.now, end.items, end.errors, end.inFlight = e.meter.last, len(c.items), e.failures-before+passed, e.attempts()
	e.plan = e.plan.finished(&e.meter, end)
	if kind := e.plan.kind(); kind != e.labels.Load().kind {
		e.labels.Store(newLabels(e.parent, kind, e.o.name()))
	}
	e.admit()
	c.done = true
	if e.o.Unordered {
		e.ended.push(c)
	}
	if e.readerWaits && e.due(e.failures > before) {
		e.callReader()
	}
}

// interrupted reports whether an item ended for no other reason than the run did.
func interrupted(err error) bool {
	return errors.Is(err, errStopped) || errors.Is(err, context.Canceled)
}

// due reports whether the reader has something to do. Stream hands over each
// result as soon as there is one; Map and ForEach want the first error at once,
// and else wake now and then.
func (e *engine[T, R]) due(failed bool) bool {
	if !e.lazy {
		return e.o.Unordered || e.first.done
	}
	over := e.exhausted || e.stopped.Load()
	return failed || e.done-e.yielded >= e.slack(2) || (over || e.feederWaits) && e.done == e.read
}
