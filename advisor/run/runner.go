package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// A runner carries one run.
type runner struct {
	config  Config
	chain   *chain
	source  reader
	window  *window
	output  *output
	journal *Journal // nil: none
	history *History // nil: nothing to resume
	events  *events
	stats   executor.Stats
	start   time.Time

	drain  context.Context // done: start no more inputs
	begin  context.CancelFunc
	work   context.Context // done: what runs is cancelled as well
	cancel context.CancelFunc

	mu      sync.Mutex
	stopped error // first reason to end early

	done, failed, resumed atomic.Uint64
	read                  atomic.Int64 // bytes, or arguments
	told                  int          // failures told as events
	total                 int64
	rate                  pace
	interrupted           atomic.Bool
	runErr                error // of the executor itself
}

// A reader gives the inputs, in batches of at least one; 0 is the end.
type reader interface {
	read([]item) (int, error)
}

// errInterrupted is the cause of a run that Ctrl-C ended.
var errInterrupted = errors.New("interrupted")

// batch is how many inputs are admitted at once.
const batch = 64

// inputs yields what is to be run and puts aside what the journal has. It runs
// on the executor's goroutine for inputs.
func (r *runner) inputs(yield func(input) bool) {
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
func (r *runner) offer(items []item, yield func(input) bool) bool {
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
		if !yield(input{it.index, it.raw}) {
			return false
		}
	}
	r.read.Store(items[len(items)-1].end)
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
		out, failed = nil, errors.New(string(rec.Output))
	}
	return true, r.settled(r.window.done(it.index, out, failed), failed)
}

// input is what the executor is given.
type input struct {
	Index uint64
	Raw   []byte
}

// finish takes a result from the executor.
func (r *runner) finish(index uint64, raw, out []byte, failed error, took time.Duration, attempts int) {
	if failed != nil {
		failed = errors.New(failureText(failed))
	}
	if r.journal == nil {
		r.settled(r.window.done(index, out, failed), failed)
		return
	}
	r.window.finish(index, out, failed)
	rec := Record{Index: index, Input: hashInput(raw), Failed: failed != nil, Attempts: attempts, Elapsed: took, Output: out}
	if failed != nil {
		rec.Output = []byte(failed.Error())
		r.failed.Add(1)
	}
	r.journal.Append(rec)
	r.done.Add(1)
}

// settled counts a result that went to the output, and ends the run if that
// failed.
func (r *runner) settled(err, failed error) error {
	r.done.Add(1)
	if failed != nil {
		r.failed.Add(1)
	}
	if err != nil {
		r.stop(err)
	}
	return err
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

// run runs all inputs and returns when all results are written, or the run was
// stopped.
func (r *runner) run() error {
	defer r.cancel()
	go r.output.flushing(r.stop)
	for res := range executor.Stream(r.drain, r.inputs, r.call(), r.options()) {
		if res.Index < 0 {
			r.stop(res.Err)
			break
		}
		if res.Err != nil && r.drain.Err() != nil {
			continue // perhaps we cut it short, or it never ran: that is no result
		}
		r.finish(res.In.Index, res.In.Raw, res.Value, res.Err, res.Elapsed, res.Attempts)
	}
	var err error
	if r.journal != nil {
		err = r.journal.Close()
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

// call is the function for the executor: the stages, with their states.
func (r *runner) call() func(context.Context, input) ([]byte, error) {
	ch, soft := r.chain, r.config.Soft
	do := func(ctx context.Context, st states, in input) ([]byte, error) {
		ctx = lasting{r.work, ctx}
		if soft > 0 {
			limited, cancel := context.WithTimeout(ctx, soft)
			defer cancel()
			ctx = limited
		}
		return ch.do(ctx, st, in.Raw)
	}
	if !ch.stateful() {
		return func(ctx context.Context, in input) ([]byte, error) { return do(ctx, nil, in) }
	}
	return executor.PerWorker(ch.open, do)
}

// A lasting context has the values of one context and ends with the other: what
// runs when the inputs are ended may finish.
type lasting struct {
	context.Context
	values context.Context
}

func (l lasting) Value(key any) any { return l.values.Value(key) }

func (r *runner) options() executor.Options {
	c := r.config
	return executor.Options{
		Executor:  executor.Kind(c.Executor),
		Size:      c.Size,
		Advice:    c.Advice,
		Window:    c.Window,
		Unordered: true, // the window puts them in order, after the journal has them
		Attempts:  c.Attempts,
		Retryable: func(err error) bool {
			var decode *DecodeError
			var panicked *executor.PanicError
			return !errors.As(err, &decode) && !errors.As(err, &panicked)
		},
		HardLimit: c.Hard,
		Rate:      c.Rate,
		Stats:     &r.stats,
	}
}

// argsReader gives the inputs of the command line.
type argsReader struct {
	args []string
	next int
}

func (a *argsReader) read(items []item) (int, error) {
	n := 0
	for n < len(items) && a.next < len(a.args) {
		items[n] = item{index: uint64(a.next), line: int64(a.next + 1), end: int64(a.next + 1), raw: []byte(a.args[a.next])}
		a.next++
		n++
	}
	return n, nil
}

// openSource returns the inputs and how much there is, 0 where unknown.
func openSource(c *Config, stdin *os.File) (reader, int64, error) {
	if c.Args != nil {
		return &argsReader{args: c.Args}, int64(len(c.Args)), nil
	}
	format := c.Coding.In
	if c.Coding.Files {
		format = Files
	}
	s := newSplitter(stdin, format, c.Null, c.MaxInput)
	total := int64(0)
	if info, err := stdin.Stat(); err == nil && info.Mode().IsRegular() {
		at, _ := stdin.Seek(0, io.SeekCurrent)
		total = max(0, info.Size()-at)
	}
	if format != CSV {
		return s, total, nil
	}
	var head [1]item
	n, err := s.read(head[:])
	if err != nil {
		return nil, 0, err
	}
	if n == 1 {
		// A byte order mark, as spreadsheets write it, is not part of the name.
		text := string(head[0].raw)
		const mark = "\ufeff"
		if len(text) >= len(mark) && text[:len(mark)] == mark {
			text = text[len(mark):]
		}
		if c.Coding.Header, err = csvFields([]byte(text)); err != nil {
			return nil, 0, fmt.Errorf("the header of the inputs: %w", err)
		}
	}
	s.next.index = 0
	return s, total, nil
}
