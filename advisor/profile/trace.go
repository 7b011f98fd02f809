package profile

import (
	"context"
	"errors"
	"fmt"
	"io"
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
// A truncated or damaged trace is used up to the damage, which a note tells. The
// reader keeps one generation, about a second, of the trace in memory; traces
// of Go 1.21 and earlier are held whole and cannot be used in part.
func readTrace(ctx context.Context, r io.Reader, name string, b *Builder, opts Options) (*Source, error) {
	in := &meter{ctx: ctx, r: r}
	t := newTraceReader(b)
	err := t.read(in)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil && len(t.goroutines.tasks.all) == 0 {
		return nil, fmt.Errorf("%s: no part of the trace can be used (%s): record it again", name, firstLine(err))
	}
	if err != nil {
		used := in.n
		io.Copy(io.Discard, in) // only to tell how much there is
		t.note("used %s of %s, up to: %s", megabytes(min(t.whole, used)), megabytes(in.n), firstLine(err))
	}
	src := t.finish()
	src.Names = []string{name}
	return src, ctx.Err()
}

// A meter counts what is read and ends reading with its context.
type meter struct {
	ctx context.Context
	r   io.Reader
	n   int64
}

func (m *meter) Read(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	return n, err
}

// A traceReader adds up one trace.
type traceReader struct {
	src        Source
	sites      sites
	goroutines goroutines
	first      trace.Time
	now        trace.Time
	synced     bool  // first is known
	whole      int64 // bytes that whole generations took
	procs      trace.ProcID
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

// read adds up all events, or those before the first error. The reader of
// events is made for what the runtime writes and panics on some of what a
// damaged disk writes; to a user both are the same.
func (t *traceReader) read(in *meter) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	r, err := trace.NewReader(in)
	if err != nil {
		return err
	}
	for {
		ev, err := r.ReadEvent()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if ev.Kind() == trace.EventSync {
			if err := in.ctx.Err(); err != nil {
				return err
			}
			t.whole = in.n
		}
		t.event(&ev)
	}
}

func (t *traceReader) event(ev *trace.Event) {
	t.now = ev.Time()
	switch ev.Kind() {
	case trace.EventSync:
		t.sync(ev)
	case trace.EventStateTransition:
		s := ev.StateTransition()
		switch s.Resource.Kind {
		case trace.ResourceGoroutine:
			t.goroutines.transition(ev, &s)
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

// sync begins a generation: stacks are numbered anew.
func (t *traceReader) sync(ev *trace.Event) {
	clear(t.sites.known)
	if t.synced {
		return
	}
	t.synced = true
	t.first = ev.Time()
	t.goroutines.first = ev.Time()
	if c := ev.Sync().ClockSnapshot; c != nil {
		t.src.Recorded = c.Wall
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

// partlySampled is the share of the running time between the first and the
// last CPU sample below which a trace counts as sampled in part: then the ratio
// of running to CPU says nothing. Below one, because a trace begins a moment
// before its profile and the period before the first sample is lost.
const partlySampled = 0.8

func (t *traceReader) finish() *Source {
	t.goroutines.finish(t.now)
	src := &t.src
	src.Duration = time.Duration(t.now - t.first)
	if src.Cores == 0 && t.procs >= 0 {
		src.Cores = int(t.procs) + 1
		t.note("GOMAXPROCS is not recorded: at least %d", src.Cores)
	}
	span := t.sampled.to - t.sampled.from
	switch {
	case src.Samples == 0:
		t.note("no CPU samples in it: record it with the CPU profile on")
	case float64(span) < partlySampled*float64(src.Running):
		t.note("CPU samples cover %s of %s that goroutines ran", short(span), short(src.Running))
		src.Sampled = 0
	}
	if w := t.sites.unknown(); w.Count > 0 {
		t.note("%d waits, %s together, began before the recording at an unknown place", w.Count, short(w.Time))
	}
	src.Test = t.sites.test
	src.Stacks = t.sites.list()
	src.Tasks = t.goroutines.tasks.list()
	return src
}

// firstLine is what err says first: the reader's errors go on with its state.
func firstLine(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "unexpected EOF"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimRight(line, ": ")
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func short(d time.Duration) time.Duration { return d.Round(max(d/1000, time.Microsecond)) }
