package executor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ReadAdvice takes from the JSON that "concurlint advise -format json" or
// "concurlint run -write-advice" wrote what it says of the function, named as in
// "example.com/store.Fetch" or "example.com/store.(*Client).Fetch". The result is
// for [Options.Advice].
//
// Advice is about the functions that a site hands over, and about those that its
// tasks call and spend at least half of their time in: of these about as many
// are in flight as of the tasks. Of several pieces, the first counts of
//
//	a size that runs have proved
//	a change, before advice to keep what is
//	an answer, before a question
//	more time at stake
//
// A size that was proved, or else the largest worth trying, is the ceiling. Advice
// to keep a size says that the site needs no other one, not that more does harm;
// then the lowest of the caps is the ceiling. Nothing follows from a lock, from a
// loop that has to stay one, or from a change that runs showed to be slower.
//
// Failing advice, the measured class of the function tells the executor alone. A
// function of which nothing is known is an error that names those that are.
func ReadAdvice(r io.Reader, function string) (Recommendation, error) {
	var rep adviceReport
	if err := json.NewDecoder(r).Decode(&rep); err != nil {
		return Recommendation{}, fmt.Errorf("executor: no advice as concurlint advise -format json prints it: %w", err)
	}
	if rep.Version != adviceVersion {
		return Recommendation{}, fmt.Errorf("executor: advice of version %d, want %d: write it anew with concurlint advise -format json", rep.Version, adviceVersion)
	}
	class, classified := rep.class(function)
	rec := Recommendation{Executor: classKinds[class], Reason: "measured class " + class + by(rep.Evidence)}
	if a := rep.about(function); a != nil {
		rec.Max, rec.Reason = a.ceiling(), a.reason(function, rep.Evidence)
		switch k := a.Recommend.Executor; k {
		case Serial, CPU, IO, Process:
			rec.Executor = k
		}
		return rec, nil
	}
	if !classified {
		return Recommendation{}, fmt.Errorf("executor: nothing is known of %s; %s", function, rep.known())
	}
	return rec, nil
}

const (
	adviceVersion = 1
	mostNamed     = 5
	// mostOf is the share of a task's time from which on advice about the task is
	// about what it calls. At half, a ceiling is at most twice what is worth it.
	mostOf = 0.5
)

// classKinds are the executors that fit the measured classes; the others leave
// the choice to the pilot.
var classKinds = map[string]Kind{"cpu": CPU, "io": IO, "mixed": IO}

// adviceReport is the part of the advisor's report that is read here. Package
// advisor itself is not imported: whoever runs work needs no reader of profiles.
type adviceReport struct {
	Version  int      `json:"version"`
	Evidence string   `json:"evidence"`
	Advice   []advice `json:"advice"`
	Classes  []struct {
		symbol
		Class string `json:"class"`
	} `json:"classes"`
}

// A symbol is a declared function.
type symbol struct {
	Package  string `json:"package"`
	Function string `json:"function"`
}

func (s symbol) String() string { return s.Package + "." + s.Function }

type advice struct {
	Site struct {
		symbol
		File     string `json:"file"`
		Line     int    `json:"line"`
		Executor string `json:"executor"`
		Task     struct {
			Bodies []struct {
				symbol
				Part bool `json:"part"` // a literal or lines of the function
			} `json:"bodies"`
		} `json:"task"`
	} `json:"site"`
	Title  string `json:"title"`
	Action string `json:"action"`
	Now    struct {
		Executor Kind `json:"executor"`
	} `json:"now"`
	Recommend struct {
		Executor Kind `json:"executor"`
		Max      int  `json:"max"`
	} `json:"recommend"`
	Stake float64 `json:"stake"`
	Look  bool    `json:"look"`
	Caps  []struct {
		Size int `json:"size"`
	} `json:"caps"`
	Chain []struct {
		symbol
		Share float64 `json:"share"`
	} `json:"chain"`
	Verified *struct {
		Benchmark string `json:"benchmark"`
		Claim     string `json:"claim"`
		Size      int    `json:"size"`
	} `json:"verified"`
}

// class is the measured one of a function.
func (r *adviceReport) class(function string) (class string, ok bool) {
	for _, c := range r.Classes {
		if c.String() == function {
			return c.Class, true
		}
	}
	return "", false
}

// about is the best advice about a function, nil if there is none.
func (r *adviceReport) about(function string) *advice {
	var best *advice
	for i := range r.Advice {
		a := &r.Advice[i]
		if a.share(function) > 0 && (best == nil || a.compare(best) < 0) {
			best = a
		}
	}
	return best
}

// A spent is a function that advice is about, and the share of the tasks' time that
// is spent in it.
type spent struct {
	function string
	share    float64
}

// functions are those that the advice is about, outermost first.
func (a *advice) functions() (list []spent) {
	kept := a.Action == "keep" && a.Now.Executor == Serial
	if slower := a.Verified != nil && a.Verified.Claim == "slower"; kept || slower || a.Site.Executor == "lock" {
		return nil
	}
	for _, b := range a.Site.Task.Bodies {
		if !b.Part {
			list = append(list, spent{b.String(), 1})
		}
	}
	for _, l := range a.Chain {
		if l.Function != "" && l.Share >= mostOf {
			list = append(list, spent{l.String(), l.Share})
		}
	}
	return list
}

// share is that of one function, 0 if the advice is not about it.
func (a *advice) share(function string) float64 {
	for _, f := range a.functions() {
		if f.function == function {
			return f.share
		}
	}
	return 0
}

// compare is negative if a says more than b.
func (a *advice) compare(b *advice) int {
	first := func(x, y bool) int {
		switch {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	}
	return cmp.Or(first(a.proved(), b.proved()), first(a.Action != "keep", b.Action != "keep"), first(!a.Look, !b.Look), cmp.Compare(b.Stake, a.Stake))
}

func (a *advice) proved() bool { return a.Verified != nil && a.Verified.Size > 0 }

// ceiling is the size that more in flight than which is not to be tried, 0 if none
// is known.
func (a *advice) ceiling() int {
	switch {
	case a.proved():
		return a.Verified.Size
	case a.Action != "keep":
		return max(0, a.Recommend.Max)
	}
	lowest := 0
	for _, c := range a.Caps {
		if c.Size > 0 && (lowest == 0 || c.Size < lowest) {
			lowest = c.Size
		}
	}
	return lowest
}

// reason says what is advised, at which site, and on what evidence.
func (a *advice) reason(function, evidence string) string {
	text := a.Title
	if a.Site.File != "" {
		text += fmt.Sprintf("; %s:%d in %s, whose tasks spend %.0f %% of their time in it", a.Site.File, a.Site.Line, a.Site.Function, 100*a.share(function))
	}
	if a.proved() {
		evidence = a.Verified.Benchmark
	}
	return text + by(evidence)
}

func by(evidence string) string {
	if evidence == "" {
		return ""
	}
	return ", by " + evidence
}

// known names the functions that something is known of.
func (r *adviceReport) known() string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range r.Advice {
		for _, f := range r.Advice[i].functions() {
			add(f.function)
		}
	}
	for _, c := range r.Classes {
		add(c.String())
	}
	if len(names) == 0 {
		return "the advice is about no function"
	}
	if len(names) > mostNamed {
		names = append(names[:mostNamed], "…")
	}
	return "the advice is about " + strings.Join(names, ", ")
}
