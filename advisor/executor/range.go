package executor

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// Range calls do for 0 … n−1 on all cores and returns the first panic as
// *ItemError, or the cause if ctx is cancelled. It is the cheapest of all:
// under 2 ns an index. The caller's goroutine works too, and alone if the
// whole job is too short for a second.
//
// Workers claim chunks from one counter. A chunk lasts 20 to 50 µs, and no
// more than its share of half the rest, so that all end together (guided
// self-scheduling, Polychronopoulos and Kuck 1987).
//
// Of Options, Range takes Size, Advice.Max and the executors Serial and CPU.
func Range(ctx context.Context, n int, do func(i int), list ...Options) error {
	o, err := rangeOptions(list)
	if err != nil {
		return err
	}
	r := &indexes{ctx: ctx, n: int64(max(n, 0)), do: do, workers: int64(runtime.GOMAXPROCS(0))}
	if o.Advice.Max > 0 {
		r.workers = min(r.workers, int64(o.Advice.Max))
	}
	if fixed := o.Size; fixed > 0 {
		r.workers = int64(fixed)
	}
	if o.Executor == Serial {
		r.workers = 1
	}
	if ctx.Done() != nil {
		r.stop.Store(ctx.Err() != nil)
		defer context.AfterFunc(ctx, func() { r.stop.Store(true) })()
	}
	r.run()
	if r.err != nil {
		return r.err
	}
	if r.stop.Load() {
		return context.Cause(ctx)
	}
	return nil
}

// indexes is one run of Range.
type indexes struct {
	next       atomic.Int64
	_          [56]byte // the counter has its cache line for itself
	stop       atomic.Bool
	n, workers int64
	do         func(int)
	ctx        context.Context // of the caller, for its labels
	helpers    sync.WaitGroup
	labelled   bool // the caller's goroutine is

	mu  sync.Mutex
	err error // first
}

// run works in the caller's goroutine and calls others once it is clear that
// there is work for them.
func (r *indexes) run() {
	defer func() {
		r.helpers.Wait() // also when do ends this goroutine
		if r.labelled {
			pprof.SetGoroutineLabels(r.ctx) // the rest is the caller's
		}
	}()
	r.work(true)
}

// work claims and runs chunks until none is left.
func (r *indexes) work(first bool) {
	size := int64(1)
	for !r.stop.Load() {
		rest := r.n - r.next.Load()
		if rest <= 0 {
			return
		}
		claim := max(1, min(size, rest/(2*r.workers)))
		from := r.next.Add(claim) - claim
		if from >= r.n {
			return
		}
		began := time.Now()
		to := min(from+claim, r.n)
		if !r.chunk(from, to) {
			return
		}
		took := max(time.Since(began), 1)
		switch {
		case took < sizing.LeastChunk && claim == size:
			size *= 4
		case took > sizing.MostChunk:
			size = max(1, claim*int64(sizing.LeastChunk+sizing.MostChunk)/2/int64(took))
		}
		if first && took*time.Duration(rest/claim) > sizing.LeastChunk {
			first = false
			r.help(rest)
		}
	}
}

// help starts the other workers. Labels are for jobs that may show in a profile.
func (r *indexes) help(rest int64) {
	l := newLabels(r.ctx, kindRange, string(kindRange))
	l.set()
	r.labelled = true
	for range min(r.workers-1, rest) {
		r.helpers.Add(1)
		go func() {
			defer r.helpers.Done()
			l.set()
			r.work(false)
		}()
	}
}

// chunk runs the indexes from … to−1 and reports whether all went well.
func (r *indexes) chunk(from, to int64) (normal bool) {
	i := from
	defer func() {
		if normal {
			return
		}
		err := ErrGoexit
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		r.fail(int(i), err)
	}()
	do := r.do
	for ; i < to; i++ {
		do(int(i))
	}
	return true
}

func (r *indexes) fail(i int, err error) {
	r.stop.Store(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = &ItemError{Index: i, Err: err}
	}
}

// rangeOptions returns the options of a Range, and an error for those that it has
// no use for.
func rangeOptions(list []Options) (Options, error) {
	o, err := only(list)
	if err == nil {
		err = o.check()
	}
	if err != nil {
		return o, err
	}
	for _, c := range []struct {
		name string
		set  bool
	}{
		{fmt.Sprintf("Executor %q", o.Executor), o.Executor == IO || o.Executor == Process},
		{"Window", o.Window > 0}, {"Unordered", o.Unordered}, {"Name", o.Name != ""},
		{"Retry", o.Retry.Attempts > 0}, {"Limits", o.Limits != Limits{}}, {"Rate", o.Rate != Rate{}}, {"Trace", o.Trace != nil},
	} {
		if c.set {
			return o, fmt.Errorf("executor: Range has no use for Options.%s", c.name)
		}
	}
	return o, nil
}
