package profile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// samplePeriod is the CPU time that one sample in a trace stands for. A trace
// does not record the rate; runtime/pprof and net/http/pprof always set 100 Hz.
const samplePeriod = 10 * time.Millisecond

// readTrace reads an execution trace, of Go 1.11 or later, and adds up the time
// of each goroutine by what it did and where.
//
// Times are those of the scheduler. Only CPU samples, which lie in a trace that
// was recorded with the CPU profile on, tell computing from a thread that the
// system kept waiting, so CPU rests on them alone, and what they saw inside of
// system calls and C code is no wait.
//
// What is truncated or damaged is left out, which a note tells. One generation,
// about a second, of the trace is in memory at a time; traces of Go 1.21 and
// earlier are held whole and cannot be used in part.
func readTrace(ctx context.Context, r io.Reader, _ string, b *Builder, _ Options) (*Source, error) {
	in := newSplitter(r)
	t := newTraceReader(b)
	var lost int64
	var first error
	for in.advance() {
		before := in.taken
		err := t.generation(ctx, in)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			if first == nil {
				first = blame(in, err)
			}
			in.skip()
			lost += in.taken - before
			t.goroutines.lose(t.now)
		} else if in.taken-before > largeGeneration {
			// Or the next one would be loaded beside it.
			runtime.GC()
		}
	}
	switch {
	case len(t.goroutines.tasks.all) == 0 && first == nil:
		return nil, errors.New("a trace without events: record it again")
	case len(t.goroutines.tasks.all) == 0 && strings.Contains(first.Error(), "unsupported trace version"):
		return nil, fmt.Errorf("a trace of a Go that this release does not know (%w): update concurlint, or record with Go 1.11 or later", first)
	case len(t.goroutines.tasks.all) == 0:
		return nil, fmt.Errorf("no part of the trace can be used: %w; record it again", first)
	case first != nil:
		t.note("used %s of %s: %v", megabytes(in.taken-lost), megabytes(in.taken), first)
	}
	return t.finish(), nil
}

// largeGeneration is the size from which a collection, some milliseconds, is
// worth what it frees: about twice the generation.
const largeGeneration = 8 << 20

// blame says in a line what is wrong with a generation.
func blame(in *splitter, err error) error {
	line, _, _ := strings.Cut(err.Error(), "\n") // the state of the reader follows
	switch {
	case strings.Contains(line, "unsupported trace version"):
		return errors.New(line)
	case in.old:
		return fmt.Errorf("%s (traces of Go 1.21 and earlier are used whole or not at all)", line)
	case in.err == io.EOF:
		return errors.New("cut short")
	case in.err != nil:
		return in.err
	}
	return errors.New(strings.TrimRight(line, ": "))
}

// A traceReader adds up one trace.
type traceReader struct {
	src        Source
	sites      sites
	goroutines goroutines
	begun      bool
	first, now trace.Time
	moves      int64        // transitions of goroutines
	procs      trace.ProcID // highest
	sampled    sampleSpan
}

// A sampleSpan is how far through Source.Running the CPU samples reach.
type sampleSpan struct {
	from, to time.Duration
}

func newTraceReader(b *Builder) *traceReader {
	t := &traceReader{src: Source{Format: Trace}, procs: -1}
	t.sites.init(b)
	t.goroutines.init(&t.sites, &t.src)
	return t
}

// checkEvery is after how many events the context is asked: some milliseconds.
const checkEvery = 1 << 16

// generation adds up all events of one, or those before the first error. The
// reader of events is made for what the runtime writes, and panics on some of
// what is damaged: to a user both are the same.
func (t *traceReader) generation(ctx context.Context, in io.Reader) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	clear(t.sites.known) // stacks are numbered anew
	t.goroutines.begin = -1
	r, err := trace.NewReader(in)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		ev, err := r.ReadEvent()
		if err == io.EOF {
			return nil
		}
		if err == nil && n%checkEvery == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		t.event(&ev)
	}
}

func (t *traceReader) event(ev *trace.Event) {
	if ev.Kind() == trace.EventSync {
		if c := ev.Sync().ClockSnapshot; c != nil && t.src.Recorded.IsZero() {
			t.src.Recorded = c.Wall
		}
		return
	}
	t.now = max(t.now, ev.Time())
	if !t.begun {
		t.begun, t.first, t.now = true, ev.Time(), ev.Time()
	}
	if t.goroutines.begin < 0 {
		t.goroutines.begin = t.now
	}
	switch ev.Kind() {
	case trace.EventStateTransition:
		s := ev.StateTransition()
		switch s.Resource.Kind {
		case trace.ResourceGoroutine:
			t.moves++
			t.goroutines.transition(ev, &s, t.now)
		case trace.ResourceProc:
			t.procs = max(t.procs, s.Resource.Proc())
		}
	case trace.EventStackSample:
		t.sample(ev)
	case trace.EventMetric:
		if m := ev.Metric(); m.Name == "/sched/gomaxprocs:threads" {
			t.src.Cores = max(t.src.Cores, int(m.Value.Uint64()))
		}
	}
}

func (t *traceReader) sample(ev *trace.Event) {
	if t.src.Samples == 0 {
		t.sampled.from = t.src.Running
	}
	t.sampled.to = t.src.Running
	t.src.Samples++
	t.src.CPU += samplePeriod
	id := t.sites.find(ev.Stack())
	w := t.sites.stacks.Weights(id)
	w.CPU += samplePeriod
	w.Samples++
	if t.sites.info[id].gc {
		t.src.GC += samplePeriod
	}
	t.goroutines.sample(ev.Goroutine())
}

func (t *traceReader) note(format string, args ...any) {
	t.src.Notes = append(t.src.Notes, fmt.Sprintf(format, args...))
}

// Below these, nothing is said about how much the host was overcommitted. With
// fewer samples the ratio of running to CPU is off by half. When they begin late
// or stop early, it is about something else: n samples that are spread evenly
// span (n-1)/(n+1) of the running time.
const (
	enoughSamples = 5
	wellCovered   = 0.7
)

// unknownShare is from which share of all waits on those at unknown places are
// worth a word. A few goroutines always wait while a recording begins.
const unknownShare = 0.1

// transitionCost is the CPU time that the runtime takes to trace one transition
// of a goroutine, stack included: 50 to 80 ns on a server core, as the CPU time of
// channel hops and goroutine starts with and without a trace (Go 1.26). From
// costly on, a share of the CPU time, it shows in the figures.
const (
	transitionCost = 60 * time.Nanosecond
	costly         = 0.05
)

func (t *traceReader) finish() *Source {
	t.goroutines.finish(t.now)
	src := &t.src
	src.Duration = time.Duration(t.now - t.first)
	if src.Cores == 0 && t.procs >= 0 {
		src.Cores = int(t.procs) + 1
		t.note("GOMAXPROCS is not recorded: %d of its processors were in use", src.Cores)
	}
	span := t.sampled.to - t.sampled.from
	switch {
	case src.Samples == 0:
		t.note("no CPU samples in it: the CPU profile was off, or the program computed too little for one")
	case src.Samples < enoughSamples:
		src.Sampled = 0
	case float64(span) < wellCovered*float64(src.Running)*float64(src.Samples-1)/float64(src.Samples+1):
		src.Sampled = 0
		t.note("CPU samples cover %v of the %v that goroutines ran", rounded(span), rounded(src.Running))
	}
	work := cmp.Or(src.CPU, src.Running)
	if cost := time.Duration(t.moves) * transitionCost; float64(cost) > costly*float64(work) {
		t.note("recording took about %v of the %v that it saw: %d transitions of goroutines", rounded(cost), rounded(work), t.moves)
	}
	if w, all := t.sites.waits(); float64(w.Time) > unknownShare*float64(all.Time) {
		t.note("waits at unknown places that began before the recording: %d, %v together", w.Count, rounded(w.Time))
	}
	src.Test = t.sites.test
	src.Stacks = t.sites.list()
	src.Tasks = t.goroutines.tasks.list()
	return src
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// rounded has two digits.
func rounded(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 100 {
		unit *= 10
	}
	return d.Round(unit)
}
