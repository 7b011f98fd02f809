package executor

import (
	"context"
	"iter"
	"runtime/debug"
	"time"
)

// A taker is given finished items, all of a chunk at once. It returns how many the
// reader took, and whether the reader wants more.
type taker[T, R any] func(items []Result[T, R]) (taken int, more bool)

// inputGrace is how long a finished run waits for an input that blocks.
const inputGrace = time.Second

// run feeds the input, delivers the results and ends everything that it began.
func (e *engine[T, R]) run(in iter.Seq2[T, error], deliver taker[T, R]) {
	unhook := context.AfterFunc(e.parent, func() {
		e.cancel(context.Cause(e.parent))
		e.stop()
	})
	report := e.report()
	if _, ok := e.plan.(*pilot); ok {
		e.mu.Lock()
		e.sampler = time.AfterFunc(firstSamples, e.sample)
		e.mu.Unlock()
	}
	go e.feed(in)
	defer func() {
		unhook()
		e.cancel(errStopped)
		e.stop()
		e.end()
		report()
	}()
	for {
		c := e.await()
		if c == nil {
			break
		}
		taken, more := deliver(c.items)
		if !more {
			e.mu.Lock()
			e.yielded += taken
			e.mu.Unlock()
			return
		}
		e.release(c)
	}
	e.mu.Lock()
	err, cut := e.inputErr, e.cut || !e.exhausted
	e.mu.Unlock()
	e.conclude(err, cut, deliver)
}

// conclude tells of an input that did not come to its end, since it failed or
// the run was cut before.
func (e *engine[T, R]) conclude(err error, cut bool, deliver taker[T, R]) {
	switch {
	case err != nil:
	case !cut:
		return
	case e.cutter != nil:
		e.cutter()
		return
	default:
		err = context.Cause(e.parent)
	}
	deliver([]Result[T, R]{{Index: e.read, Err: &RunError{err}}})
}

// feed runs the input. Its panic becomes the error of the last result.
func (e *engine[T, R]) feed(in iter.Seq2[T, error]) {
	normal := false
	defer func() {
		var err error
		if !normal {
			err = &InputError{ErrGoexit}
			if v := recover(); v != nil {
				err = &InputError{&PanicError{Value: v, Stack: debug.Stack()}}
			}
		}
		e.mu.Lock()
		e.exhausted = true
		// An input that watches the context itself ends without a word.
		e.cut = e.parent.Err() != nil
		e.inputErr = err
		if e.open != nil {
			e.seal()
		}
		e.pump(true)
		if e.readerWaits {
			e.callReader()
		}
		e.mu.Unlock()
		close(e.fed)
	}()
	in(e.put)
	normal = true
}

// await returns the next finished chunk, or nil after the last.
func (e *engine[T, R]) await() *chunk[T, R] {
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		if c := e.finished(); c != nil {
			return c
		}
		if e.read == e.yielded && (e.exhausted || e.stopped.Load()) {
			return nil
		}
		e.readerWaits = true
		e.mu.Unlock()
		<-e.ready
		e.mu.Lock()
		e.readerCalled = false
	}
}

// finished removes the next chunk that may be yielded.
func (e *engine[T, R]) finished() *chunk[T, R] {
	if e.o.Unordered {
		return e.ended.pop()
	}
	c := e.first
	if c == nil || !c.done {
		return nil
	}
	e.first = c.after
	if e.first == nil {
		e.last = nil
	}
	return c
}

// release makes room for as many items as c held, and keeps c for reuse.
func (e *engine[T, R]) release(c *chunk[T, R]) {
	n := len(c.items)
	clear(c.items)
	c.items, c.done, c.after = c.items[:0], false, nil
	e.mu.Lock()
	e.yielded += n
	c.link = e.free
	e.free = c
	e.admit()
	e.mu.Unlock()
}

// slack returns how much of the window may lie idle to save waking someone
// for each item: a part, but nothing that the workers could use.
func (e *engine[T, R]) slack(part int) int {
	window := e.plan.window()
	return max(1, min(window/part, (window-e.plan.size())/2))
}

// admit wakes the feeder once there is some room in the window, since items
// were yielded or the window grew.
func (e *engine[T, R]) admit() {
	if !e.feederWaits {
		return
	}
	if e.read-e.yielded <= e.plan.window()-e.slack(8) {
		e.callFeeder()
	}
}

// callReader wakes the reader, which waits.
func (e *engine[T, R]) callReader() {
	e.readerWaits, e.readerCalled = false, true
	e.ready <- struct{}{}
}

// callFeeder wakes the feeder, which waits.
func (e *engine[T, R]) callFeeder() {
	e.feederWaits, e.feederCalled = false, true
	e.room <- struct{}{}
}

// stop ends the feeding and keeps queued items from starting.
func (e *engine[T, R]) stop() {
	e.stopped.Store(true)
	e.mu.Lock()
	if e.feederWaits {
		e.callFeeder()
	}
	if e.readerWaits {
		e.callReader()
	}
	e.mu.Unlock()
}

// end waits for the input and for all workers.
func (e *engine[T, R]) end() {
	if e.patient {
		<-e.fed
	} else {
		grace := time.NewTimer(inputGrace)
		defer grace.Stop()
		select {
		case <-e.fed:
		case <-grace.C:
		}
	}
	e.mu.Lock()
	e.closing = true
	if e.sampler != nil {
		e.sampler.Stop()
	}
	for _, w := range e.idle {
		w.wake <- nil
	}
	e.dropped += e.queue.items
	if e.open != nil {
		e.dropped += len(e.open.items)
	}
	e.idle, e.queue, e.open = nil, fifo[T, R]{}, nil
	e.mu.Unlock()
	if e.remote != nil {
		e.remote.pool.Close() // a cancelled run has stopped it: the items tell why
	}
	e.workers.Wait()
}
