// Package verify proves advice by running it: the user's benchmark, with the
// program as it is and with the edit, in turn.
//
// The edit lives in an overlay of the go command, so that the source tree is
// never touched before [Proof.Apply]. The noise of the machine is measured first, same
// against same, and says how many runs are needed; what cannot be told apart is
// not claimed. The throughput-against-size curve comes from one binary that reads
// its size from the environment.
package verify

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/bench"
	"github.com/concurlint/concurlint/advisor/edit"
	"github.com/concurlint/concurlint/advisor/limits"
)

// DefaultBudget is the running time within which a verification is planned.
// Builds come on top, and leastRuns of each side are made in any case.
const DefaultBudget = 2 * time.Minute

// A Request says what to prove and with which benchmark.
type Request struct {
	Dir       string         // that the paths of the site are relative to; "" is the working directory
	Advice    advisor.Advice // its Site, Action and Recommend
	Benchmark string         // regular expression, as for go test -bench
	Packages  []string       // that have the benchmark; none means "."
	Flags     []string       // build flags
	Budget    time.Duration  // 0 is DefaultBudget
	Log       func(string)   // gets a line for each step; may be nil
}

// A Proof is the outcome of a verification.
type Proof struct {
	Verified advisor.Verified
	// Edit is the change of the source with the verified size, nil if nothing was
	// proved to be worth it; NoEdit then says why.
	Edit   *edit.Edit
	NoEdit string

	root string // that Edit's paths are below
}

// Verify builds and runs the benchmark with and without the edit. Errors are one
// line: no edit can be made, the code cannot be overlaid, or what package bench
// says of the benchmark.
func Verify(ctx context.Context, req Request) (*Proof, error) {
	site, root, err := locate(ctx, req.Dir, req.Advice.Site)
	if err != nil {
		return nil, err
	}
	want := edit.WantOf(req.Advice)
	tuned, err := edit.Tune(os.DirFS(root), site, want)
	if err != nil {
		return nil, noEdit(site, err)
	}
	proof := &Proof{root: root}
	if proof.Edit, err = edit.Make(os.DirFS(root), site, want); err != nil {
		proof.NoEdit = err.Error()
	}
	dir, err := os.MkdirTemp("", "concurlint-verify-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	target := bench.Target{Dir: req.Dir, Packages: req.Packages, Match: req.Benchmark, Flags: req.Flags}
	progs, err := build(ctx, dir, root, site.Package, tuned, target)
	if err != nil {
		return nil, err
	}
	left, err := progs.keepReaching(ctx, dir, root, os.DirFS(root), site, target)
	if err != nil {
		return nil, err
	}
	if err := progs.setUp(ctx, want.N); err != nil {
		return nil, err
	}
	e := &experiment{measure: progs.measure, budget: cmp.Or(req.Budget, DefaultBudget), log: logTo(req.Log), notes: left}
	for _, note := range left {
		e.log("%s", note)
	}
	verify := e.verify
	if !tuned.Sized {
		verify = e.verifyAsIs
	}
	v, err := verify(ctx, req.Advice)
	if err != nil {
		return nil, err
	}
	v.Benchmark, v.Together = strings.Join(progs.proposed.Names, ", "), progs.results
	v.Budget = e.budget.Seconds()
	if !tuned.Structural {
		v.Notes = append(v.Notes, "present and proposed are one binary")
	}
	proof.Verified = *v
	proof.finish(site, want, tuned.Sized)
	return proof, nil
}

// finish makes the edit with the size that was proved, if it has one, from the
// source that was: Edit is the one that was made before the runs.
func (p *Proof) finish(site advisor.Site, want edit.Want, sized bool) {
	first := p.Edit
	p.Edit = nil
	switch {
	case p.Verified.Size == 0 && (sized || p.Verified.Claim != Faster):
		p.NoEdit = "nothing was proved to be better than the present program"
		return
	case first == nil:
		return
	}
	if p.Verified.Size > 0 && p.Verified.Size != want.N {
		want.Cores, want.N = false, p.Verified.Size
	}
	e, err := edit.Make(os.DirFS(p.root), site, want)
	if err != nil {
		p.NoEdit = err.Error()
		return
	}
	for name, f := range e.Files {
		// Another size touches the same files, but for the import of runtime.
		if before := first.Files[name].Before; !bytes.Equal(before, f.Before) {
			p.NoEdit = name + " has changed while it was verified"
			return
		}
	}
	p.Edit = e
}

func logTo(f func(string)) func(string, ...any) {
	return func(format string, args ...any) {
		if f != nil {
			f(fmt.Sprintf(format, args...))
		}
	}
}

func noEdit(site advisor.Site, err error) error {
	if r := (*edit.Refusal)(nil); errors.As(err, &r) {
		return fmt.Errorf("%s:%d cannot be verified by an edit: %s", site.File, site.Line, r.Why)
	}
	return err
}

// presentSize is how many tasks the site allows now, 0 where there is no limit
// or it is not known. A limit by cores has no number in the source.
func presentSize(a advisor.Advice) int {
	if n := int(a.Site.Limit.N); n > 0 {
		return n
	}
	return a.Now.Max
}

// begin measures the present program: how many operations fill a run, and the noise.
func (e *experiment) begin(ctx context.Context) (n int, err error) {
	if n, err = e.work(ctx, arm{}); err != nil {
		return 0, err
	}
	return n, e.measureNoise(ctx, arm{}, n)
}

// verifyAsIs compares an edit that has no size.
func (e *experiment) verifyAsIs(ctx context.Context, _ advisor.Advice) (*advisor.Verified, error) {
	n, err := e.begin(ctx)
	if err != nil {
		return nil, err
	}
	e.warn(2 * leastRuns)
	c, err := e.compare(ctx, arm{}, arm{proposed: true}, n)
	if err != nil {
		return nil, err
	}
	return e.verified(c), nil
}

// verified is the outcome of a comparison for the report.
func (e *experiment) verified(c comparison) *advisor.Verified {
	if !c.hasCPU {
		e.note("CPU time per operation is too little to be told from that of starting the process")
	}
	return &advisor.Verified{
		Runs: c.runs, Noise: e.noise, Claim: c.claim, Wall: c.wall, Throughput: c.rate, CPU: c.cpu,
		Curve: e.points(), Unit: e.unit, Notes: e.notes,
	}
}

// verify runs the whole experiment: noise, curve, comparison. The same throughput
// with fewer tasks in flight, or with a bound that was missing, is a gain too.
func (e *experiment) verify(ctx context.Context, a advisor.Advice) (*advisor.Verified, error) {
	lo, hi := a.Recommend.Min, a.Recommend.Max
	if lo == 0 {
		lo = hi
	}
	e.most = ceiling(a.Caps)
	if files := limits.Own().Files.Max; files > 0 {
		// The benchmark runs here, whatever the recorded process may open.
		e.most = min(e.largest(), max(1, int(files)*4/5))
	}
	hi = min(max(hi, lo), e.largest())
	lo = min(lo, hi)
	n, err := e.begin(ctx)
	if err != nil {
		return nil, err
	}
	tuned, err := e.work(ctx, arm{true, hi})
	if err != nil {
		return nil, err
	}
	e.advised = hi
	sizes := e.ladder(lo, hi)
	now := presentSize(a)
	if now > 0 && now <= largest {
		sizes = e.ladder(min(lo, now), max(hi, now))
	}
	// The scan, two contenders and the comparison.
	e.warn(scanRounds*len(sizes) + 4*leastRuns)
	size, err := e.search(ctx, sizes, tuned)
	if err != nil {
		return nil, err
	}
	e.log("size %d against present", size)
	c, err := e.compare(ctx, arm{}, arm{true, size}, n)
	if err != nil {
		return nil, err
	}
	v := e.verified(c)
	fewer := size < now || a.Action == "bound"
	if c.claim == Faster || c.claim == Same && fewer {
		v.Size = size
	}
	return v, nil
}
