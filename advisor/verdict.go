package advisor

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A judgement is what the recordings say of a finding.
type judgement struct {
	verdict string
	because []string
	stake   Span
	rests   roles // zero: on what its rule looks at
}

func judge(verdict string, stake Span, format string, args ...any) judgement {
	return judgement{verdict: verdict, because: []string{fmt.Sprintf(format, args...)}, stake: stake}
}

// on says which recordings a judgement rests on, where these are not all that its
// rule looks at.
func (j judgement) on(r roles) judgement {
	j.rests = r
	return j
}

// judges are the rules whose findings have evidence of their own kind. The
// others are judged by their weight alone.
var judges = map[string]func(*analysis, *Finding) judgement{
	"lockio":    (*analysis).judgeLock,
	"fanout":    (*analysis).judgeFanout,
	"blockloop": (*analysis).judgeLoop,
	"poolfit":   (*analysis).judgePool,
	"contract":  (*analysis).judgePromise,
}

// A ruleBasis is what recordings can say of a rule's findings.
type ruleBasis struct {
	looks roles // at the recordings with these
	// Why nothing measured refutes a finding without a chain down to work, and one
	// whose site is not known. "": all the same, something does.
	timeless, noSite string
}

var ruleBases = map[string]ruleBasis{
	"lockio":    {looks: ofWaits | ofLocks},
	"blockloop": {looks: ofComputing | ofWaits},
	"fanout": {looks: ofGoroutines,
		noSite: "recordings count the goroutines of a site, and it is about none that the analyzers list"},
	"poolfit": {looks: ofComputing | ofWaits,
		timeless: "such a size is wrong on another machine, or under another load, than these recordings are of",
		noSite:   "its pool is not among the sites that the analyzers list"},
	"contract": {looks: ofComputing | ofWaits,
		timeless: "a directive is right or wrong whatever runs, and however long"},
}

func basisOf(rule string) ruleBasis {
	if b, ok := ruleBases[rule]; ok {
		return b
	}
	return ruleBasis{looks: ofComputing | ofWaits, noSite: "recordings show what its lines take, not whether it is right"}
}

func (a *analysis) verdicts() []Judged {
	list := make([]Judged, 0, len(a.lint.Findings))
	for i := range a.lint.Findings {
		f := &a.lint.Findings[i]
		v := a.judge(f)
		rests := cmp.Or(v.rests, basisOf(f.Rule).looks)
		j := Judged{Finding: *f, Was: f.Severity, Verdict: v.verdict, Because: v.because, Evidence: a.basis.recorded(rests), Stake: v.stake[1], StakeRange: v.stake.wide()}
		j.Severity = severity(f.Severity, v.verdict)
		list = append(list, j)
	}
	slices.SortStableFunc(list, func(x, y Judged) int {
		return cmp.Or(
			cmp.Compare(order[x.Verdict], order[y.Verdict]),
			cmp.Compare(y.Stake, x.Stake),
			cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column),
			cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Message, y.Message),
		)
	})
	return list
}

// order is that in which a reader wants the verdicts.
var order = map[string]int{Confirmed: 0, NoData: 1, Refuted: 2, Cold: 3}

// severity is that of a finding after its verdict. What recordings of one load
// did not show may happen under another, so nothing sinks by more than a step,
// and missing data changes nothing.
func severity(was, verdict string) string {
	switch {
	case verdict == Confirmed && was == "note":
		return "warning"
	case (verdict == Cold || verdict == Refuted) && was == "error":
		return "warning"
	case (verdict == Cold || verdict == Refuted) && was == "warning":
		return "note"
	}
	return was
}

func (a *analysis) judge(f *Finding) judgement {
	if j, ok := a.judgeLeak(f); ok {
		return j
	}
	if !a.enough() {
		return judge(NoData, Span{}, "the recordings have %s, %d are needed", plural(a.observations(), "observation"), a.th.LeastSamples).on(ofAny)
	}
	if why := timeless(f); why != "" {
		return irrefutable(why)
	}
	fn := a.function(f)
	if fn < 0 {
		return irrefutable("its function is not among those that the analyzers list")
	}
	if a.opts.Linked != nil && !a.opts.Linked[f.Package] {
		return judge(NoData, Span{}, "package %s is no part of the program that was recorded", f.Package).on(ofAny)
	}
	s := a.siteAt(f)
	if a.functions[fn].blank() && (s == nil || s.tasks.blank() && len(s.groups) == 0) {
		return a.judgeBlank(f)
	}
	if j := judges[f.Rule]; j != nil {
		return j(a, f)
	}
	return a.judgeWeight(f)
}

// timeless is why a finding holds however often its code runs, "" if it is about work:
// then it has a chain down to that, or is of a rule that is about nothing else.
func timeless(f *Finding) string {
	if len(f.Chain) > 0 {
		return ""
	}
	return basisOf(f.Rule).timeless
}

// judgeBlank is for a function that no recording saw.
func (a *analysis) judgeBlank(f *Finding) judgement {
	switch {
	case a.basis.samples >= 10*a.th.ColdSamples:
		return judge(Cold, Span{}, "none of %s was in %s", plural(a.basis.samples, "CPU sample"), f.Function).on(ofComputing)
	case a.basis.knows.outer && a.basis.samples >= a.th.ColdSamples:
		return judge(Cold, Span{}, "none of %s was in %s, and no wait", plural(a.basis.samples, "CPU sample"), f.Function).on(ofComputing | ofWaits)
	case a.basis.knows.trace && a.basis.seconds >= a.th.ColdTrace.Seconds():
		return judge(Cold, Span{}, "nothing happened in %s within %s of execution trace", f.Function, secs(a.basis.seconds)).on(ofTrace)
	}
	return judge(NoData, Span{}, "%s was not seen, and %s are too few to call it cold", f.Function, plural(a.observations(), "observation")).on(ofAny)
}

// irrefutable is for a finding that no recording speaks for or against.
func irrefutable(why string) judgement {
	return judge(NoData, Span{}, "nothing that is measured refutes it: %s", why).on(ofNothing)
}

// enough reports whether the recordings say anything. A trace misses no wait and
// no goroutine, so that its length counts, and not how much happened.
func (a *analysis) enough() bool {
	return a.observations() >= a.th.LeastSamples || a.basis.knows.trace && a.basis.seconds >= a.th.ColdTrace.Seconds()
}

// observations is how much the recordings saw in all. Samples of a trace are
// those of computing; it saw every wait as well, and a program that waits has
// hardly any samples.
func (a *analysis) observations() (n int64) {
	for _, r := range a.basis.recordings {
		if !r.timed() {
			continue
		}
		n += r.Samples
		if r.Format != profile.Trace {
			continue
		}
		for i := range r.Stacks {
			for _, w := range r.Stacks[i].Waits {
				n += w.Count
			}
		}
	}
	return n
}

// function is the number of the function a finding lies in, or -1.
func (a *analysis) function(f *Finding) int32 {
	if fn := a.index.enclosing(f.File, f.Line); fn >= 0 {
		return fn
	}
	return a.index.symbol(f.Package, f.Function)
}

// siteAt is the site that the finding is about, or nil: the one on its line, or
// whose limit is written there, or else on a line that it is related to.
func (a *analysis) siteAt(f *Finding) *siteWeight {
	at := func(place func(*siteWeight) Place, p Place) *siteWeight {
		for _, s := range a.sites.list {
			if x := place(s); x.File == p.File && x.Line == p.Line && s.Executor != "serial" && s.Executor != "callback" {
				return s
			}
		}
		return nil
	}
	handed := func(s *siteWeight) Place { return s.Place }
	limited := func(s *siteWeight) Place { return s.Limit.Place }
	here := Place{File: f.File, Line: f.Line}
	found := cmp.Or(at(handed, here), at(limited, here))
	for _, p := range slices.Concat(f.Related, f.Chain) {
		found = cmp.Or(found, at(handed, p.Place))
	}
	return found
}

// judgeWeight is for findings whose truth no recording shows: whether they matter
// is all there is to say.
func (a *analysis) judgeWeight(f *Finding) judgement {
	w := a.at(f.File, f.Line)
	for _, p := range f.Chain {
		if x := a.at(p.File, p.Line); x.busy() > w.busy() {
			w = x
		}
	}
	if t := a.over(&w, (*weight).busy); t[0] >= a.th.Share*a.basis.seconds {
		return judge(Confirmed, a.stakeOf(&w), "its lines take %s of %s", span(t), secs(a.basis.seconds)).on(ofComputing | ofWaits)
	}
	j := irrefutable(basisOf(f.Rule).noSite)
	j.because = append(j.because, fmt.Sprintf("its lines take %s of %s", secs(w.busy()), secs(a.basis.seconds)))
	j.stake = a.stakeOf(&w)
	return j.on(ofComputing | ofWaits)
}
