package poolfit

import (
	_ "embed"
	"go/ast"
	"math"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/internal/doc"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

//go:embed doc.go
var source string

// Analyzer reports pools that do not fit their work.
var Analyzer = &analysis.Analyzer{
	Name:       "poolfit",
	Doc:        doc.Of(source, "poolfit"),
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/poolfit",
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{settings.Analyzer, effects.Analyzer, placement.Analyzer, directive.Analyzer},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.Of(pass).FactsOnly {
		return report.Done{}, nil
	}
	res := pass.ResultOf[placement.Analyzer].(*placement.Result)
	r := report.New(pass)
	at := &places{pass: pass, silenced: pass.ResultOf[directive.Analyzer].(*directive.Set), taken: make(map[place]bool)}
	pools := judge(res.Sites)
	waits := onlyWait(pools)
	for _, size := range res.Sizes {
		if f, ok := sized(size); ok && (!size.CPUs || slices.ContainsFunc(size.Sizes, func(e ast.Expr) bool { return !waits[e] })) {
			f.Fix = fix(pass, size)
			at.take(f.Pos)
			r.Report(f)
		}
	}
	for _, p := range pools {
		if p.told {
			at.move(&p.finding, p.site, p.limit.Expr)
			r.Report(p.finding)
		}
	}
	return r.Done(), nil
}

// A pool is a site with its limit, and what is found if it does not fit.
type pool struct {
	site    *placement.Site
	limit   placement.Limit
	finding report.Finding
	told    bool
}

func judge(sites []*placement.Site) (list []pool) {
	for _, s := range sites {
		if !s.Crew {
			f, limit, ok := fits(s)
			list = append(list, pool{s, limit, f, ok})
		}
	}
	return list
}

// onlyWait says, of each expression that sizes pools, whether all of these are known to wait
// where cores do not count: then GOMAXPROCS would be as wrong as NumCPU.
func onlyWait(pools []pool) map[ast.Expr]bool {
	m := make(map[ast.Expr]bool)
	for _, p := range pools {
		if e := p.limit.Expr; e != nil {
			all, seen := m[e]
			m[e] = (all || !seen) && p.told && !slices.Contains(p.finding.Signals, "poolfit.guess")
		}
	}
	return m
}

// sized judges an expression that sizes a pool.
func sized(s *placement.Size) (report.Finding, bool) {
	f := report.Finding{Pos: s.Expr.Pos(), End: s.Expr.End(), Most: evidence.Warning}
	switch {
	case s.Zero != placement.Never:
		f.Kind = "zero"
		f.Signals = []string{"poolfit.zero"}
		f.Message = s.Of + " " + zero(s)
		if s.Zero == placement.Default && s.Kind == program.Workers {
			f.Signals = append(f.Signals, "poolfit.zero-workers")
		}
		return f, true
	case s.CPUs:
		f.Kind = "numcpu"
		f.Signals = []string{"poolfit.numcpu"}
		f.Message = s.Of + " is sized by NumCPU, which ignores GOMAXPROCS and the container's limit, use GOMAXPROCS(0)"
		return f, true
	}
	return f, false
}

// zero says when a size is 0 and what follows.
func zero(s *placement.Size) string {
	switch {
	case s.Zero == placement.Negative && s.Kind == program.Group:
		return "can be negative on a machine with few cores, and then there is no limit, use max(1, …)"
	case s.Zero == placement.Negative && s.Kind == program.Semaphore:
		return "can be negative on a machine with few cores, and then making the semaphore panics, use max(1, …)"
	case s.Zero == placement.Default:
		return "is 0 unless a value is chosen, and then nothing runs, give it a default"
	case s.Zero == placement.NoNumber:
		return "is 0 where the text is no number, and then nothing runs, look at the error"
	case s.Zero == placement.Refused:
		return "can be 0, which is refused with an error that is dropped, use max(1, …)"
	}
	return "can be 0 on a machine with few cores, and then nothing runs, use max(1, …)"
}

// fits judges the limit of a site against what its tasks do, and returns that limit.
func fits(s *placement.Site) (report.Finding, placement.Limit, bool) {
	limit := s.Limit
	if limit.Class == placement.None && !s.Trip.Once && s.Worker() && !s.Apart {
		limit = placement.Limit{Class: s.Trip.Class, N: s.Trip.N, Expr: s.Trip.Expr, Cores: s.Trip.Cores, Usual: s.Trip.Usual} // a worker pool
	}
	if limit.Class == placement.None && s.Late {
		limit = s.Inside
	}
	if limit.Class == placement.Semaphore {
		limit.Class = limit.Tokens
	}
	wait, cpu := waiting(s.Effects), computing(s.Effects)
	f := report.Finding{Pos: s.Op.Node.Pos(), End: s.Op.Node.End(), Most: evidence.Warning}
	switch {
	case limit.Class == placement.Config && limit.Usual > 0, limit.Class == placement.Cores:
		f, ok := onCores(s, limit, wait, cpu, f)
		return f, limit, ok
	case limit.Class == placement.Const:
		f, ok := constant(s, limit, wait, cpu, f)
		return f, limit, ok
	}
	return f, limit, false
}

// extent says how large a pool is that follows the cores.
func extent(times float64) string {
	if k := several(times); k > 1 {
		return strconv.FormatFloat(k, 'f', -1, 64) + " times the cores"
	}
	return "the size of the cores"
}

// several rounds how many there are for each core: one or two more in all are none for each.
func several(times float64) float64 { return math.Round(times*2) / 2 }

// onCores judges a pool whose size follows the cores.
func onCores(s *placement.Site, limit placement.Limit, wait, cpu *effects.Effect, f report.Finding) (report.Finding, bool) {
	times, often := limit.Cores, ""
	if limit.Class == placement.Config {
		times, often = limit.Usual, "by default "
	}
	switch {
	case wait == nil && cpu != nil && several(times) >= crowd:
		f.Kind = cpu.Name()
		f.Chain = report.Chain(f.Pos, cpu.Chain)
		f.Message = s.Via + " computes " + often + "on a pool of " + extent(times) + ", more than GOMAXPROCS compute no faster and take more memory"
		f.Signals = []string{"poolfit.crowded"}
		if limit.Class == placement.Config {
			f.Signals = append(f.Signals, "poolfit.by-default")
		}
		return f, true
	case wait == nil || wait.Kind != effects.Net || cpu != nil && !another(wait, cpu):
		return f, false
	}
	f.Kind = wait.Name()
	f.Chain = report.Chain(f.Pos, wait.Chain)
	f.Message = s.Via + " runs work that " + report.Verb(wait) + " " + often + "on a pool of " + extent(times) + ", size it by what the far end bears"
	f.Signals = waitsOnCores(s, wait, limit)
	return f, true
}

// crowd is from how many for each core on workers that compute are too many: two are a custom,
// by which one computes while another waits for its next piece. Not fitted: in four programs of
// 270,000 lines in all 2, 4 and 8 find the same, nothing.
const crowd = 4

// waitsOnCores returns the signals of work that waits on a pool whose size follows the cores.
func waitsOnCores(s *placement.Site, wait *effects.Effect, limit placement.Limit) []string {
	var hits []string
	for _, o := range []struct {
		signal string
		hits   bool
	}{
		{"poolfit.guess", wait.Is(effects.Hint)},
		{"poolfit.sometimes", wait.Certainty < effects.Always},
		{"poolfit.worker", s.Worker()},
		{"poolfit.computes-too", computesAtAll(s.Effects)},
		{"poolfit.by-default", limit.Class == placement.Config},
		{"poolfit.several-each", several(limit.Cores) > 1 || several(limit.Usual) > 1},
	} {
		if o.hits {
			hits = append(hits, o.signal)
		}
	}
	return hits
}

func constant(s *placement.Site, limit placement.Limit, wait, cpu *effects.Effect, f report.Finding) (report.Finding, bool) {
	if limit.N < 1 || s.Trip.Once || s.Trip.Class == placement.Const && s.Trip.N <= limit.N && !s.Worker() {
		return f, false // there are no more tasks than places
	}
	n := strconv.FormatInt(limit.N, 10)
	switch {
	case limit.N == 1 && wait == nil:
		return f, false // a worker that keeps an order, or a state, to itself
	case limit.Lock:
		return f, false // a lock has one place and no more
	case limit.N == 1 && !s.Worker():
		f.Kind, f.Signals = wait.Name(), []string{"poolfit.one-place"}
		f.Chain = report.Chain(f.Pos, wait.Chain)
		f.Message = s.Via + " runs work that " + report.Verb(wait) + " one at a time, give the limit more places or make it a setting"
		return f, true
	case limit.N == 1:
		return f, false
	case cpu != nil && wait == nil:
		f.Kind, f.Signals = cpu.Name(), []string{"poolfit.fixed-computing"}
		f.Chain = report.Chain(f.Pos, cpu.Chain)
		f.Message = s.Via + " computes on " + n + " workers whatever the machine has, use GOMAXPROCS workers"
		return f, true
	case wait != nil:
		f.Kind, f.Signals = wait.Name(), []string{"poolfit.fixed-waiting"}
		f.Chain = report.Chain(f.Pos, wait.Chain)
		f.Message = s.Via + " runs work that " + report.Verb(wait) + " on a fixed " + n + " workers, make it a setting"
		return f, true
	}
	return f, false
}

// another reports whether two effects are of different functions of which one runs, as
// those are that implement a method: who waits is not known to compute.
func another(a, b *effects.Effect) bool {
	for i := range min(len(a.Chain), len(b.Chain)) {
		if f, g := a.Chain[i], b.Chain[i]; f != g {
			return f.Pos.IsValid() && f.Pos == g.Pos && f.Where == g.Where
		}
	}
	return false
}

// computesAtAll reports whether the work has a loop over data next to its
// waiting, so that cores may be what it is short of.
func computesAtAll(list []effects.Effect) bool {
	for i := range list {
		if e := &list[i]; e.Kind == effects.CPU && e.Weight >= effects.LoopOnce && e.Certainty >= effects.Usually {
			return true
		}
	}
	return false
}

func waiting(list []effects.Effect) *effects.Effect {
	var best *effects.Effect
	for i := range list {
		if e := &list[i]; (e.Kind.IO() && e.Kind != effects.Sleep) && e.Certainty >= effects.Usually && (best == nil || e.Kind < best.Kind) {
			best = e
		}
	}
	return best
}

func computing(list []effects.Effect) *effects.Effect {
	for i := range list {
		if e := &list[i]; e.Kind == effects.CPU && e.Weight >= effects.Heavy && e.Certainty >= effects.Usually {
			return e
		}
	}
	return nil
}
