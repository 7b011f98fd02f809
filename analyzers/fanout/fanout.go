package fanout

import (
	_ "embed"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
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
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{settings.Analyzer, effects.Analyzer, placement.Analyzer, directive.Analyzer, telling},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.Of(pass).FactsOnly {
		return report.Done{}, nil
	}
	res := pass.ResultOf[placement.Analyzer].(*placement.Result)
	r := report.New(pass)
	var told []candidate
	for _, s := range res.Sites {
		if !open(s) {
			continue
		}
		if f, ok := finding(s); ok {
			f.Proposal = func() *analysis.SuggestedFix { return proposal(pass, s) }
			c := candidate{s, task(res.Effects, s)}
			f.Twin = twin(res.Effects, told, c)
			r.Report(f)
			told = append(told, c)
		}
	}
	pass.ResultOf[telling].(*teller).given(r)
	return r.Done(), nil
}

// open reports whether nothing but data bounds the tasks of a site in flight: of workers
// there are as many as somebody chose, of actors as many as owners.
func open(s *placement.Site) bool {
	return s.Unbounded() && s.Limit.Class == placement.None && (!s.Endless || s.Trip.Workers)
}

// finding judges a site that data alone bounds.
func finding(s *placement.Site) (report.Finding, bool) {
	e := worst(s.Effects)
	f := report.Finding{Pos: s.Op.Node.Pos(), End: s.Op.Node.End(), Most: evidence.Warning}
	event := s.Trip.Event != placement.NoEvent
	switch {
	case e == nil || s.Spreads:
		return recursion(f, s, e)
	case event && !e.Kind.IO() && e.Weight < effects.Heavy:
		return f, false // most programs answer messages with a goroutine each and never feel it
	}
	f.Kind = e.Name()
	f.Chain = report.Chain(f.Pos, e.Chain)
	does := kind(s, e)
	f.Signals = observe(s, e)
	if does != "" {
		f.Signals = append(f.Signals, does)
	}
	switch {
	case event:
		f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " and each " + verb(e) + ", " + remedy(s)
	case does == "fanout.caller-code":
		f.Message = s.Via + " runs the caller's function for each of " + s.Trip.Of + " at once, " + remedy(s)
	case does == "fanout.unknown-code":
		f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " to run code that is not known here"
	case does == "fanout.computes":
		f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " to compute, run it on GOMAXPROCS workers"
	default:
		f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " and each " + report.Verb(e) + ", " + remedy(s)
	}
	return f, true
}

// verb says what a task does, also if it only computes.
func verb(e *effects.Effect) string {
	if e.Kind.IO() {
		return report.Verb(e)
	}
	return "computes"
}

// kind is the signal for tasks that do not wait for something outside the program.
func kind(s *placement.Site, e *effects.Effect) string {
	switch {
	case e.Kind == effects.Dynamic && e.Is(effects.Given) && inGroup(s):
		return "fanout.caller-code"
	case e.Kind == effects.Dynamic:
		return "fanout.unknown-code"
	case e.Kind == effects.CPU:
		return "fanout.computes"
	}
	return ""
}

// recursion judges a site whose tasks come to the same site again: the number
// of goroutines is that of the paths through the data.
func recursion(f report.Finding, s *placement.Site, e *effects.Effect) (report.Finding, bool) {
	f.Kind = "recursion"
	if e != nil {
		f.Chain = report.Chain(f.Pos, e.Chain)
	}
	f.Message = s.Via + " starts a goroutine for each of " + s.Trip.Of + " and each starts more, bound them with a semaphore"
	f.Signals = observe(s, nil)
	return f, s.Spreads
}

// observe returns the signals of a site whose tasks do e, nil for nothing much.
func observe(s *placement.Site, e *effects.Effect) []string {
	if e == nil {
		return ofSite(s, false)
	}
	return append(ofSite(s, e.Kind == effects.Proc), ofEffect(e)...)
}

// ofSite returns what is observed of a site, whatever its tasks do in particular, but for
// subprocesses: a request that starts one is no goroutine that there is already.
func ofSite(s *placement.Site, subprocess bool) []string {
	hits := slices.Clone(s.Signals)
	requested := s.Trip.Event == placement.Requested
	for _, o := range []struct {
		signal string
		hits   bool
	}{
		{"fanout.rare", s.Op.Certainty < effects.Missed},
		{"fanout.not-each", s.Trip.Event != placement.NoEvent && s.Op.Certainty < effects.Usually},
		{"fanout.arrives", s.Trip.Event == placement.Arrived || requested && subprocess},
		{"fanout.local", slices.ContainsFunc(s.Effects, ofMachine)},
		{"fanout.requested", requested && !subprocess},
		{"fanout.token-inside", s.Late},
	} {
		if o.hits {
			hits = append(hits, o.signal)
		}
	}
	return hits
}

// ofEffect returns what is observed of what the tasks do. Package net bounds its look-ups
// itself.
func ofEffect(e *effects.Effect) (hits []string) {
	for _, o := range []struct {
		signal string
		hits   bool
	}{
		{"fanout.dns", e.Label == "dns"},
		{"fanout.deadline", e.Bound == effects.Deadline},
	} {
		if o.hits {
			hits = append(hits, o.signal)
		}
	}
	return hits
}

// ofMachine reports whether an effect is the use of a file, of a subprocess or of C, of which this
// machine bears no more than so many at once: threads, descriptors, memory. A far end mostly
// has a limit of its own, or its client has.
func ofMachine(e effects.Effect) bool {
	return (e.Kind == effects.File || e.Kind == effects.Proc || e.Kind == effects.Cgo) && e.Certainty >= effects.Missed
}

// remedy names the bound that fits the site.
func remedy(s *placement.Site) string {
	switch {
	case inGroup(s) && s.Vain != nil:
		return "the group's limit is as large as the data"
	case inGroup(s):
		return "give the group SetLimit"
	case s.Endless && s.Trip.Workers:
		return "a number of workers that grows with the data is no bound"
	}
	return "bound them with a semaphore or worker pool"
}

// inGroup reports whether the task is one of a group that could be limited.
func inGroup(s *placement.Site) bool {
	return s.Group != nil && s.Blocks && s.Setter == "SetLimit"
}

// worst returns the effect that makes an unbounded number of tasks harmful:
// what holds threads, descriptors or peers first, then what computes.
func worst(list []effects.Effect) *effects.Effect {
	var best *effects.Effect
	comes := arrives(list)
	for i := range list {
		e := &list[i]
		switch {
		case e.Certainty < effects.Missed:
		case e.Kind == effects.CPU && (e.Weight < effects.LoopOnce || e.Weight < effects.Heavy && e.Certainty <= comes):
			// What waits for others, and then goes over something once, is there to wait.
		case e.Kind == effects.Dynamic && !tells(e):
		case (e.Kind == effects.File || e.Kind == effects.CPU) && e.Weight < effects.Costly && nearer(list, e):
		case e.Kind == effects.Lock || e.Kind == effects.Spawn || e.Kind == effects.Sleep || e.Kind == effects.Wait || e.Kind == effects.Chan:
		case best == nil || rank(e) < rank(best):
			best = e
		}
	}
	return best
}

// nearer reports whether the task asks somebody, as far as a signature tells, where e is
// but a file that is opened no nearer to it, as a parser does for what it includes, or
// loops over what comes of the answer.
func nearer(list []effects.Effect, e *effects.Effect) bool {
	return slices.ContainsFunc(list, func(o effects.Effect) bool {
		return o.Kind == effects.Net && o.Certainty >= min(effects.Usually, e.Certainty) && len(o.Chain) <= len(e.Chain)
	})
}

// arrives is how certain it is that a task waits for others of the program, or for
// code out of sight that brings it something to do.
func arrives(list []effects.Effect) effects.Certainty {
	most := effects.Never
	for i := range list {
		if e := &list[i]; e.Kind == effects.Wait || e.Kind == effects.Chan || tells(e) {
			most = max(most, e.Certainty)
		}
	}
	return most
}

// tells reports whether the effect is unknown code which is what the task is about,
// rather than something that it calls far below.
func tells(e *effects.Effect) bool { return e.Kind == effects.Dynamic && len(e.Chain) <= 2 }

// rank orders effects by the harm of many at once, the worst lowest. Of two of one kind
// the request comes before what is read of its answer.
func rank(e *effects.Effect) int {
	r := 2 * int(e.Kind)
	if e.Connected() {
		r++
	}
	if e.Is(effects.Hint) || e.Certainty < effects.Usually {
		r += 100
	}
	return r
}
