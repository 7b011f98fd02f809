package executor

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ReadAdvice takes from the JSON that "concurlint advise -format json" prints
// what it recommends for the function, named as in "example.com/store.Fetch" or
// "example.com/store.(*Client).Fetch". The result is for [Options.Advice].
//
// Advice for a site whose task is the function comes first: it knows the size.
// Failing that, the measured class of the function tells the executor alone. A
// function of which nothing is known is an error that names those that are.
func ReadAdvice(r io.Reader, function string) (Recommendation, error) {
	var rep adviceReport
	if err := json.NewDecoder(r).Decode(&rep); err != nil {
		return Recommendation{}, fmt.Errorf("executor: no advice as concurlint advise -format json prints it: %w", err)
	}
	if rep.Version != adviceVersion {
		return Recommendation{}, fmt.Errorf("executor: advice of version %d, want %d: write it anew with concurlint advise -format json", rep.Version, adviceVersion)
	}
	var known []string
	add := func(name string) {
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	for _, a := range rep.Advice {
		for _, b := range a.Site.Task.Bodies {
			switch name := b.Package + "." + b.Function; {
			case a.Site.Executor == "lock": // which is about no executor
			case name == function:
				return a.recommendation(), nil
			default:
				add(name)
			}
		}
	}
	for _, c := range rep.Classes {
		name := c.Package + "." + c.Function
		if name == function {
			return Recommendation{Executor: classKinds[c.Class], Reason: "measured class " + c.Class}, nil
		}
		add(name)
	}
	if len(known) > mostNamed {
		known = append(known[:mostNamed], "…")
	}
	return Recommendation{}, fmt.Errorf("executor: nothing is known of %s; the advice is about %s", function, strings.Join(known, ", "))
}

const (
	adviceVersion = 1
	mostNamed     = 5
)

// classKinds are the executors that fit the measured classes; the others leave
// the choice to the pilot.
var classKinds = map[string]Kind{"cpu": CPU, "io": IO, "mixed": IO}

// adviceReport is the part of the advisor's report that is read here. Package
// advisor itself is not imported: whoever runs work needs no reader of profiles.
type adviceReport struct {
	Version int      `json:"version"`
	Advice  []advice `json:"advice"`
	Classes []struct {
		Package  string `json:"package"`
		Function string `json:"function"`
		Class    string `json:"class"`
	} `json:"classes"`
}

type advice struct {
	Site struct {
		Executor string `json:"executor"`
		Task     struct {
			Bodies []struct {
				Package  string `json:"package"`
				Function string `json:"function"`
			} `json:"bodies"`
		} `json:"task"`
	} `json:"site"`
	Title     string `json:"title"`
	Recommend struct {
		Executor Kind `json:"executor"`
		Max      int  `json:"max"`
	} `json:"recommend"`
	Verified *struct {
		Size int `json:"size"`
	} `json:"verified"`
}

// recommendation bounds the search for a size by what was proved, or else by the
// range that follows from the profile.
func (a *advice) recommendation() Recommendation {
	r := Recommendation{Max: a.Recommend.Max, Reason: a.Title}
	switch k := a.Recommend.Executor; k {
	case Serial, CPU, IO, Process:
		r.Executor = k
	}
	if a.Verified != nil && a.Verified.Size > 0 {
		r.Max = a.Verified.Size
	}
	return r
}
