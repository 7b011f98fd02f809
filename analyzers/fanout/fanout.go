package fanout

import (
	_ "embed"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/doc"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

//go:embed doc.go
var source string

// Analyzer reports unbounded fan-out.
var Analyzer = &analysis.Analyzer{
	Name:       "fanout",
	Doc:        doc.Of(source, "fanout"),
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/fanout",
	Run:        run,
	Requires:   []*analysis.Analyzer{placement.Analyzer, directive.Analyzer},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.FactsOnly {
		return report.Done{}, nil
	}
	res := pass.ResultOf[placement.Analyzer].(*placement.Result)
	r := report.New(pass)
	for _, s := range res.Sites {
		if !s.Unbounded() || s.Limit.Class != placement.None || s.Endless && !s.Trip.Workers {
			continue // of workers there are as many as somebody chose, of actors as many as owners
		}
		if f, ok := finding(s); ok {
			r.Report(f)
		}
	}
	return report.Done{}, nil
}

// finding judges a site that data alone bounds.
func finding(s *placement.Site) (report.Finding, bool) {
	e := worst(s.Effects)
	f := report.Finding{Pos: s.Op.Node.Pos(), End: s.Op.Node.End(), Severity: settings.Note}
	if e == nil {
		return recursion(f, s)
	}
	f.Kind = e.Name()
	f.Chain = report.Chain(f.Pos, e.Chain)
	switch {
	case s.Trip.Event != placement.NoEvent:
		return arriving(f, s, e)
	case s.Spreads:
		return recursion(f, s)
	case e.Kind == effects.Dynamic && e.Is(effects.Given) && inGroup(s):
		f.Message = s.Via + " runs the caller's function for each of " + s.Trip.Of + " at once, give the group SetLimit"
		if obj := s.Func.Outer().Obj; obj != nil && obj.Exported() && s.Op.Certainty >= effects.Usually && !s.Late && !s.Minor {
			f.Severity = settings.Warning // no caller can bound it, and it is work that can fail
		}
		return f, true
	case e.Kind == effects.Dynamic:
		f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " to run code that is not known here"
		return f, true
	case e.Kind == effects.CPU:
		f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " to compute, run it on GOMAXPROCS workers"
		return f, true
	}
	f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " and each " + report.Verb(e) + ", " + remedy(s)
	if certain(s, e) {
		f.Severity = settings.Warning
	}
	return f, true
}

// arriving judges a site that runs for each thing that comes in. Unknown code and
// light work are left out: most programs answer messages with a goroutine each and
// never feel it.
func arriving(f report.Finding, s *placement.Site, e *effects.Effect) (report.Finding, bool) {
	if !e.Kind.IO() && e.Weight < effects.Heavy {
		return f, false
	}
	does := "computes"
	if e.Kind.IO() {
		does = report.Verb(e)
	}
	f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " and each " + does + ", " + remedy(s)
	if e.Kind <= effects.Proc && certain(s, e) && s.Op.Certainty >= effects.Usually && (s.Trip.Event == placement.Arrived || e.Kind == effects.Proc) {
		f.Severity = settings.Warning
	}
	return f, true
}

// recursion judges a site whose tasks come to the same site again: the number
// of goroutines is that of the paths through the data.
func recursion(f report.Finding, s *placement.Site) (report.Finding, bool) {
	f.Kind = "recursion"
	f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " and each starts more, bound them with a semaphore"
	if s.Op.Certainty >= effects.Missed && !s.Late && !s.Minor && !paced(s) && weighs(s.Effects) {
		f.Severity = settings.Warning
	}
	return f, s.Spreads
}

// weighs reports whether the tasks wait for something outside the program or
// compute for long: of light ones many do no harm, and what unknown code costs
// only who wrote it knows.
func weighs(list []effects.Effect) bool {
	return slices.ContainsFunc(list, func(e effects.Effect) bool {
		return e.Kind.IO() && e.Certainty >= effects.Missed || e.Kind == effects.CPU && e.Weight >= effects.Costly
	})
}

// certain reports whether the fan-out is one to be fixed: each task surely
// takes something that runs out, and nothing about the place says that the
// tasks are few. Writing to connections that are open is bounded by those, and
// package net bounds its look-ups itself; asking the file system for what it
// keeps in memory is over at once.
func certain(s *placement.Site, e *effects.Effect) bool {
	return e.Kind.IO() && e.Kind != effects.Sleep && !asks(e) && e.Certainty >= effects.Usually && !e.Is(effects.Hint) && !e.Is(effects.Stream) && e.Label != "dns" &&
		s.Op.Certainty >= effects.Missed && !s.Late && !s.Minor && !paced(s)
}

// asks reports whether the effect is a look at a file's metadata.
func asks(e *effects.Effect) bool {
	switch e.Chain[len(e.Chain)-1].Call {
	case "os.Stat", "os.Lstat", "os.Readlink", "filepath.EvalSymlinks":
		return true
	}
	return false
}

// paced reports whether the loop sleeps between two tasks.
func paced(s *placement.Site) bool {
	l := s.Trip.Loop
	if l == nil {
		return false
	}
	for _, op := range s.Func.Ops[l.Ops:l.OpsEnd] {
		if e := op.Effect(effects.Sleep); op.Spawned == nil && e != nil && e.Certainty >= effects.Usually {
			return true
		}
	}
	return false
}

// remedy names the bound that fits the site.
func remedy(s *placement.Site) string {
	if inGroup(s) {
		return "give the group SetLimit"
	}
	return "bound them with a semaphore or worker pool"
}

func inGroup(s *placement.Site) bool {
	return s.Group != nil && s.Via == "errgroup.(*Group).Go"
}

// worst returns the effect that makes an unbounded number of tasks harmful:
// what holds threads, descriptors or peers first, then what computes.
func worst(list []effects.Effect) *effects.Effect {
	var best *effects.Effect
	for i := range list {
		e := &list[i]
		switch {
		case e.Certainty < effects.Missed:
		case e.Kind == effects.CPU && e.Weight < effects.LoopOnce:
		case e.Kind == effects.Dynamic && !tells(e):
		case e.Kind == effects.Lock || e.Kind == effects.Spawn || e.Kind == effects.Sleep || e.Kind == effects.Wait || e.Kind == effects.Chan:
		case best == nil || rank(e) < rank(best):
			best = e
		}
	}
	return best
}

// tells reports whether unknown code is what the task is about, rather than
// something that it calls far below or a context's cancellation.
func tells(e *effects.Effect) bool {
	return len(e.Chain) <= 2 && !strings.Contains(strings.ToLower(e.Chain[len(e.Chain)-1].Call), "cancel")
}

func rank(e *effects.Effect) int {
	r := int(e.Kind)
	if e.Is(effects.Hint) || e.Certainty < effects.Usually {
		r += 100
	}
	return r
}
