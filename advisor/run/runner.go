package run

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// A runner carries one run.
type runner struct {
	config   Config
	chain    *chain
	source   reader
	window   *window
	output   *output
	journal  *Journal // nil: none
	history  *History // nil: nothing to resume
	cache    *cache   // nil: none
	targets  *targets // nil: all results are made
	events   *events
	results  iter.Seq[result]
	snapshot func() executor.Snapshot
	stages   func() []executor.StageStats // of a pipeline
	start    time.Time

	drain  context.Context // done: start no more inputs
	begin  context.CancelFunc
	work   context.Context // done: what runs is cancelled as well
	cancel context.CancelFunc

	mu      sync.Mutex
	stopped error // first reason to end early

	done, failed, resumed, cached, fresh atomic.Uint64
	order                                []uint64 // index of each input that the executor has, by its number there
	offered                              uint64
	told                                 int // failures told as events
	spared                               int // inputs that the executor had when the run was cut, and did not start
	total                                int64
	rate                                 pace
	interrupted                          atomic.Bool
	waited                               bool // for an interrupt that did not come
}

// A reader gives the inputs, in batches of at least one; 0 is the end.
type reader interface {
	read([]item) (int, error)
}

// batch is how many inputs are admitted at once.
const batch = 64

// inputs yields what is to be run and puts aside what the journal has. It runs
// on the executor's goroutine for inputs.
func (r *runner) inputs(yield func([]byte) bool) {
	batches := make(chan []item)
	go r.reading(batches)
	for {
		select {
		case <-r.drain.Done():
			return
		case items, ok := <-batches:
			if !ok {
				return
			}
			for len(items) > 0 {
				n := r.window.admit(items)
				if n == 0 || !r.offer(items[:n], yield) {
					return
				}
				items = items[n:]
			}
		}
	}
}

// reading reads on a goroutine of its own, because a read of a terminal or a
// pipe cannot be interrupted.
func (r *runner) reading(batches chan<- []item) {
	defer close(batches)
	for {
		items := make([]item, batch)
		n, err := r.source.read(items)
		if err != nil {
			r.stop(err)
		}
		if n == 0 {
			return
		}
		select {
		case batches <- items[:n]:
		case <-r.drain.Done():
			return
		}
	}
}

// offer yields admitted items.
func (r *runner) offer(items []item, yield func([]byte) bool) bool {
	for i := range items {
		it := &items[i]
		known, err := r.known(it)
		if err != nil {
			r.stop(err)
			return false
		}
		if known {
			continue
		}
		if it.err != nil {
			r.finish(it.index, it.raw, nil, it.err, 0, 0)
			continue
		}
		if r.upToDate(it) || r.cachedResult(it) {
			continue
		}
		// The inputs in flight lie within the window, and so do their numbers in
		// the executor's count, which leaves out what the journal has.
		r.order[r.offered&r.window.mask] = it.index
		r.offered++
		if !yield(it.raw) {
			return false
		}
	}
	return true
}

// cachedResult takes the result of an input from the cache, if it is there.
func (r *runner) cachedResult(it *item) bool {
	if r.cache == nil {
		return false
	}
	out, ok := r.cache.get(it.index, it.raw)
	if !ok {
		return false
	}
	r.cached.Add(1)
	r.finish(it.index, it.raw, out, r.refuse(it.raw, out), 0, 0)
	return true
}

// known takes the result of an input from the journal, if it is there.
func (r *runner) known(it *item) (bool, error) {
	if r.history == nil {
		return false, nil
	}
	rec, ok, err := r.history.Record(it.index)
	if !ok || err != nil {
		return false, err
	}
	if rec.Input != hashInput(it.raw) {
		return false, fmt.Errorf("line %d is not the input that the journal has a result for; resume with the inputs of the first run", it.line)
	}
	if rec.Failed && r.config.ResumeFailed {
		return false, nil
	}
	r.resumed.Add(1)
	out, failed := rec.Output, error(nil)
	if rec.Failed {
		failed = errors.New(string(rec.Output))
	} else {
		failed = r.refuse(it.raw, out)
	}
	if failed != nil {
		out = nil
	}
	return true, r.window.done(it.index, out, failed)
}

// refuse says why a result cannot be written as it is.
func (r *runner) refuse(raw, out []byte) error {
	if r.output.files != nil {
		return r.output.files.claim(raw)
	}
	return r.unfit(out)
}

// finish takes a result from the executor.
func (r *runner) finish(index uint64, raw, out []byte, failed error, took time.Duration, attempts int) {
	if failed != nil {
		failed = errors.New(failureText(failed))
	}
	if r.journal == nil {
		if err := r.window.done(index, out, failed); err != nil {
			r.stop(err)
		}
		return
	}
	r.window.finish(index, out, failed)
	rec := Record{Index: index, Input: hashInput(raw), Failed: failed != nil, Attempts: attempts, Elapsed: took, Output: out}
	if failed != nil {
		rec.Output = []byte(failed.Error())
	}
	r.journal.Append(rec)
}

// count counts a settled input.
func (r *runner) count(failed bool) {
	r.done.Add(1)
	if failed {
		r.failed.Add(1)
	}
}

// stop ends the run early: nothing more is read and what runs is cancelled.
func (r *runner) stop(err error) {
	r.mu.Lock()
	if r.stopped == nil {
		r.stopped = err
	}
	r.mu.Unlock()
	r.draining()
	r.cancel()
}

// draining ends the reading of inputs; what runs is finished.
func (r *runner) draining() {
	r.begin()
	r.window.stop()
}

// awaitInterrupt waits until Ctrl-C or SIGTERM, which a subprocess of the user's
// function got, is known here too. It does so once in vain: a function may send
// such signals itself, for each input.
func (r *runner) awaitInterrupt() {
	if r.waited {
		return
	}
	select {
	case <-r.drain.Done():
	case <-time.After(time.Second):
		r.waited = true
	}
}

// run runs all inputs and returns when all results are written, or the run was
// stopped.
func (r *runner) run() error {
	defer r.cancel()
	go r.output.flushing(r.stop)
	for res := range r.results {
		whole, ofRun := res.Err.(*executor.RunError)
		if ofRun && r.drain.Err() == nil {
			r.stop(whole.Err)
			break
		}
		if endedByInterrupt(res.Err) {
			r.awaitInterrupt()
		}
		if res.Err != nil && r.drain.Err() != nil {
			if res.Attempts == 0 && !ofRun {
				r.spared++
			}
			continue // perhaps we cut it short, or it never ran: that is no result
		}
		index := r.order[uint64(res.Index)&r.window.mask]
		if res.Err == nil {
			res.Err = r.refuse(res.In, res.Value)
			if res.Err != nil && index == 0 { // none is likely to do better
				r.stop(fmt.Errorf("the first input, %q: %w", res.In[:min(excerpt, len(res.In))], res.Err))
				continue
			}
		}
		if r.targets != nil && res.Err == nil {
			res.Err = r.targets.unchanged(index, res.In)
		}
		if r.cache != nil && res.Err == nil {
			if err := r.cache.put(index, res.In, res.Value); err != nil {
				r.stop(fmt.Errorf("the cache: %w", err))
			}
		}
		r.finish(index, res.In, res.Value, res.Err, res.Elapsed, res.Attempts)
	}
	var err error
	if r.journal != nil {
		err = r.journal.Close()
	}
	if r.cache != nil && err == nil {
		err = r.cache.trim()
	}
	if ferr := r.output.close(); err == nil {
		err = ferr
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == nil {
		r.stopped = err
	}
	return r.stopped
}
