// Package classify reports what every declared function does with its time, for
// the subcommands classify and explain.
package classify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/report"
)

// Analyzer reports every declared function. It is no rule: the command runs it
// when it is asked for.
var Analyzer = &analysis.Analyzer{
	Name:     "classify",
	Doc:      "report the class of every function, as JSON, for concurlint classify",
	URL:      "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/classify",
	Run:      effects.InTurn(run),
	Requires: []*analysis.Analyzer{effects.Analyzer},
}

// A Function is the message of one diagnostic.
type Function struct {
	Function string   `json:"function"`
	Class    string   `json:"class"`
	CPU      string   `json:"cpu"`
	Effects  []Effect `json:"effects"`
}

// An Effect is one thing the function does with its time.
type Effect struct {
	Kind      string `json:"kind"`
	Certainty string `json:"certainty"`
	Bound     string `json:"bound"`
	Chain     []Step `json:"chain"`
}

// A Step is one call site of a chain. File is absolute in the named package
// and a base name elsewhere.
type Step struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

func run(pass *analysis.Pass) (any, error) {
	for _, f := range pass.ResultOf[effects.Analyzer].(*effects.Result).Funcs() {
		if f.Decl == nil {
			continue
		}
		text, err := json.Marshal(Describe(pass, f))
		if err != nil {
			return nil, err
		}
		name := f.Decl.Name
		pass.Report(analysis.Diagnostic{Pos: name.Pos(), End: name.End(), Message: string(text)})
	}
	return nil, nil
}

// Describe is the summary of f in the form that is printed.
func Describe(pass *analysis.Pass, f *effects.Func) Function {
	s := &f.Summary
	out := Function{Function: report.FuncName(f.Decl), Class: s.Class(), CPU: s.CPU(), Effects: []Effect{}}
	sorted := effects.Leading(s.Effects)
	slices.SortFunc(sorted, func(a, b effects.Effect) int { return int(a.Kind) - int(b.Kind) })
	for i := range sorted {
		e := &sorted[i]
		if e.Kind == effects.Dynamic && e.Is(effects.Hint) && out.Class != "unknown" {
			continue
		}
		out.Effects = append(out.Effects, Effect{Kind: kind(e), Certainty: e.Certainty.String(), Bound: bound(e), Chain: Chain(pass, e.Chain)})
	}
	return out
}

// kind marks a guess with a question mark.
func kind(e *effects.Effect) string {
	if e.Is(effects.Hint) {
		return e.Name() + "?"
	}
	return e.Name()
}

func bound(e *effects.Effect) string {
	switch e.Bound {
	case effects.Deadline:
		return "deadline"
	case effects.Const:
		return "const " + e.Duration.String()
	}
	return "unbounded"
}

// Chain turns a witness into steps.
func Chain(pass *analysis.Pass, frames []effects.Frame) []Step {
	steps := []Step{}
	for _, f := range frames {
		step := Step{Message: f.Call}
		if f.Pos.IsValid() {
			at := pass.Fset.Position(f.Pos)
			step.File, step.Line = at.Filename, at.Line
		} else if file, line, ok := strings.Cut(f.Where, ":"); ok {
			step.File = file
			step.Line, _ = strconv.Atoi(line)
		}
		steps = append(steps, step)
	}
	return steps
}

// String is the one-line form of an effect, as a table shows it.
func (e Effect) String() string { return fmt.Sprintf("%s(%s)", e.Kind, e.Certainty) }
