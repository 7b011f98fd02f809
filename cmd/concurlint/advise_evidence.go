package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/bench"
	"github.com/concurlint/concurlint/advisor/collect"
	"github.com/concurlint/concurlint/advisor/profile"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// A recording is files that were recorded here, so that more is known of them
// than they say.
type recording struct {
	names []string
	cpu   time.Duration // of the process meanwhile, by the system; 0: not known
	cores int           // GOMAXPROCS, 0: not known
	test  bool          // of a benchmark
}

// A gathering is what there is to be read, and what is known beside it.
type gathering struct {
	inputs     []profile.Input
	recorded   []recording
	notes      []string
	operations map[string]time.Duration
	limits     profile.Limits
	tested     []string // packages whose test binaries were recorded
	queued     profile.Wait
	removals   []func()
}

// cleanup removes what was recorded.
func (g *gathering) cleanup() {
	for _, remove := range g.removals {
		remove()
	}
}

// readEvidence reads the profiles that were named and those that it records itself.
// Cleanup removes what was recorded; it may be called after an error.
func readEvidence(ctx context.Context, opts *options, stderr io.Writer) (ev *profile.Evidence, cleanup func(), err error) {
	o := &opts.advise
	g := &gathering{operations: make(map[string]time.Duration)}
	for _, name := range o.profiles {
		g.inputs = append(g.inputs, profile.Input{Name: name})
	}
	if o.bench != "" {
		err = g.bench(ctx, opts, stderr)
	}
	if o.collect > 0 && err == nil { // last: what runs elsewhere has other limits
		err = g.collect(ctx, o, stderr)
	}
	if err != nil {
		return nil, g.cleanup, err
	}
	p := startProgress(stderr)
	defer p.stop()
	ev, err = profile.Read(ctx, g.inputs, profile.Options{Progress: p.reading})
	if err != nil {
		if ctx.Err() == nil {
			err = perLine(err)
		}
		return nil, g.cleanup, err
	}
	tell(ev, g.recorded)
	ev.Operations, ev.Limits, ev.Queued, ev.Tested = g.operations, g.limits, g.queued, g.tested
	ev.Notes = append(ev.Notes, g.notes...)
	return ev, g.cleanup, nil
}

// collect records the running program.
func (g *gathering) collect(ctx context.Context, o *adviseOptions, stderr io.Writer) error {
	rec, err := collected(ctx, o, stderr)
	if err != nil {
		return err
	}
	g.removals = append(g.removals, func() { rec.Close() })
	g.add(rec.Inputs, rec.Notes, recording{cpu: rec.Rusage, cores: rec.Cores})
	g.limits, g.queued = rec.Limits, rec.Queued
	return nil
}

// bench records the benchmarks.
func (g *gathering) bench(ctx context.Context, opts *options, stderr io.Writer) error {
	list, remove, err := benchmarked(ctx, opts, stderr)
	g.removals = append(g.removals, remove)
	for _, r := range list {
		files := []profile.Input{recordedFile("trace", r.Package, r.Trace), recordedFile("CPU profile", r.Package, r.CPUProfile), recordedFile("heap profile", r.Package, r.MemProfile)}
		g.add(files, r.Notes, recording{cpu: r.Run.CPU, test: true})
		g.limits = r.Limits
		g.tested = append(g.tested, r.Package)
		for name, each := range r.Run.Operations() {
			g.operations[name] = max(g.operations[name], each)
		}
	}
	return err
}

// add takes what one program recorded.
func (g *gathering) add(inputs []profile.Input, notes []string, r recording) {
	r.names = namesOf(inputs)
	g.inputs, g.notes, g.recorded = append(g.inputs, inputs...), append(g.notes, notes...), append(g.recorded, r)
}

// perLine makes of an error for each recording one for the screen.
func perLine(err error) (list problems) {
	for line := range strings.Lines(err.Error()) {
		list = append(list, finding.Problem{Message: strings.TrimSpace(line)})
	}
	return list
}

// recordedFile is a temporary file under a name that says what it is.
func recordedFile(what, pkg, file string) profile.Input {
	return profile.Input{
		Name: what + " of the benchmarks in " + pkg,
		Open: func() (io.ReadCloser, error) { return os.Open(file) },
	}
}

func namesOf(inputs []profile.Input) []string {
	var names []string
	for _, in := range inputs {
		names = append(names, in.Name)
	}
	return names
}

// tell adds to the evidence what only those who recorded know. The CPU time of
// the process is that of CPU profile and trace alone: others say nothing of it.
// Where files of unknown processes were added up with these, it is not known, nor
// where it is less than was sampled.
func tell(ev *profile.Evidence, recorded []recording) {
	for _, src := range ev.Sources {
		told := 0
		for _, r := range recorded {
			n := 0
			for _, name := range src.Names {
				if slices.Contains(r.names, name) {
					n++
				}
			}
			if n == 0 {
				continue
			}
			told += n
			src.Test = src.Test || r.test
			src.Cores = cmp.Or(src.Cores, r.cores)
			src.Rusage += r.cpu
		}
		sampled := src.Format == profile.Trace || src.Format == profile.CPUProfile
		if !sampled || told < len(src.Names) || src.Rusage < src.CPU {
			src.Rusage = 0
		}
	}
}

// collected records the running program.
func collected(ctx context.Context, o *adviseOptions, stderr io.Writer) (*collect.Recording, error) {
	d := (o.collect + time.Second - 1).Truncate(time.Second)
	fmt.Fprintf(stderr, "concurlint: recording %s for %v\n", withoutSecrets(o.url), d)
	p := startProgress(stderr)
	defer p.stop()
	end := time.Now().Add(d)
	received := func(name string, bytes int64) {
		p.show(func() string {
			if left := time.Until(end); left > 0 {
				return fmt.Sprintf("recording, %ds left", int(left.Seconds()+1))
			}
			return fmt.Sprintf("receiving %s: %d MB", name, bytes/1e6)
		})
	}
	received("the recordings", 0)
	return collect.Collect(ctx, o.url, d, collect.Options{Block: o.block, Mutex: o.mutex, Keep: o.keep, Progress: received})
}

// benchmarked builds, runs and records the benchmarks.
func benchmarked(ctx context.Context, opts *options, stderr io.Writer) ([]bench.Recording, func(), error) {
	o := &opts.advise
	fmt.Fprintf(stderr, "concurlint: building and recording the benchmarks that match %s\n", o.bench)
	p := startProgress(stderr)
	defer p.stop()
	list, remove, err := bench.Record(ctx, bench.Target{Packages: opts.packages(), Match: o.bench, Progress: p.say}, o.benchtime)
	if err != nil || o.keep == "" {
		return list, remove, err
	}
	return list, remove, keep(o.keep, list)
}

// keep moves the recordings to where the user wants them, a folder that is there.
func keep(dir string, list []bench.Recording) error {
	for i := range list {
		base := strings.ReplaceAll(list[i].Package, "/", "_")
		for suffix, file := range map[string]*string{".trace": &list[i].Trace, ".pprof": &list[i].CPUProfile, ".mem.pprof": &list[i].MemProfile} {
			to := filepath.Join(dir, base+suffix)
			if err := move(*file, to); err != nil {
				return cannotKeep(dir, err)
			}
			*file = to
		}
	}
	return nil
}

// move copies where it cannot rename: the folder may be on another disk.
func move(from, to string) error {
	if os.Rename(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if e := out.Close(); err == nil {
		err = e
	}
	return err
}

// cores is how many the program has, where only this machine can tell: a CPU
// profile does not say, but shows more than these where it computed on more.
func cores(o *adviseOptions, ev *profile.Evidence) int {
	known := slices.ContainsFunc(ev.Sources, func(s *profile.Source) bool { return s.Cores > 0 })
	if o.cores > 0 || known {
		return o.cores
	}
	n, busy := runtime.GOMAXPROCS(0), 0
	for _, s := range ev.Sources {
		busy = max(busy, computedOn(s))
	}
	switch {
	case busy > n:
		ev.Notes = append(ev.Notes, fmt.Sprintf("no recording says how many cores there were; it computed on %d at once on average, which are assumed: -cores N says otherwise", busy))
		return busy
	case o.bench == "":
		ev.Notes = append(ev.Notes, fmt.Sprintf("no recording says how many cores there were; %d are assumed, as here: -cores N says otherwise", n))
	}
	return n
}

// computedOn is on how many cores a program computed on average, rounded up; a
// twentieth more may be what the clocks of samples and duration differ by.
func computedOn(s *profile.Source) int {
	if s.Format != profile.CPUProfile || s.Duration <= 0 {
		return 0
	}
	return int(math.Ceil(s.CPU.Seconds() / s.Duration.Seconds() / 1.05))
}
