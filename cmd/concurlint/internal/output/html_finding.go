package output

import (
	"fmt"
	"strings"

	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

type (
	// A pageFinding is a finding as the page shows it.
	pageFinding struct {
		State, Rule, Severity, Message string
		Package, Function, Place       string
		Percent, Why                   string
		Silence                        *finding.Silence
		Excerpt                        []pageLine
		Path                           []pageStep
		Others                         []pageStep
		Signals                        []evidence.Signal
		Fixes                          []pageFix
	}
	// A pageLine is a line of source, in three parts where the finding lies in it.
	pageLine struct {
		Number                int
		Before, Marked, After string
		Here                  bool
	}
	// A pageStep is a place on the way to the primitive. Place and Code, its line, are
	// left out where they are those of the step before: calls in other packages are
	// known by the last call from here.
	pageStep struct {
		Kind, Message, Place, Code string
	}
	pageFix struct {
		Message string
		Lines   []diffLine
	}
	diffLine struct{ Class, Text string }
)

func pageOf(src sources, f finding.Finding, opts Options) pageFinding {
	p := pageFinding{
		State: f.Severity.String(), Rule: f.Rule, Severity: f.Severity.String(),
		Message: strings.TrimPrefix(f.Message, f.Rule+": "),
		Package: f.Package, Function: f.Function, Place: place(opts.path(f.File), f.Line, f.Column),
		Percent: fmt.Sprintf("%.0f %%", 100*f.Confidence), Why: opts.why(f.Rule),
		Silence: f.Silence, Excerpt: excerpt(src, f), Signals: f.Signals,
	}
	if f.Silence != nil {
		p.State = silencedState
	}
	p.Path, p.Others = wayOf(src, f, opts)
	for _, fix := range f.Fixes {
		if diff, ok := fix.Diff(); ok {
			p.Fixes = append(p.Fixes, pageFix{fix.Message, linesOf(diff)})
		}
	}
	if f.Proposal != nil {
		p.Fixes = append(p.Fixes, pageFix{"To think about: " + f.Proposal.Message, linesOf(f.Proposal.Diff)})
	}
	return p
}

func (o Options) why(rule string) string {
	for _, r := range o.Rules {
		if r.Analyzer.Name == rule {
			return r.Why
		}
	}
	return ""
}

// around is how many lines of context the page shows on either side.
const around = 3

func excerpt(src sources, f finding.Finding) (list []pageLine) {
	last := min(max(f.EndLine, f.Line), f.Line+around)
	for n := max(f.Line-around, 1); n <= last+around; n++ {
		line, ok := src.lookUp(f.File, n)
		if !ok {
			continue
		}
		l := pageLine{Number: n, Before: shownCode(line), Here: n >= f.Line && n <= last}
		if n == f.Line && len(line) <= longest {
			from := min(max(f.Column-1, 0), len(line))
			to := len(line)
			if f.EndLine == f.Line {
				to = min(max(f.EndColumn-1, from), len(line))
			}
			l.Before, l.Marked, l.After = shownCode(line[:from]), shownCode(line[from:to]), shownCode(line[to:])
		}
		list = append(list, l)
	}
	return list
}

// wayOf is the way from where it begins, the lock or the loop, over the finding's own
// place down to the primitive. By the rules' convention the first of the related
// places is where it begins.
func wayOf(src sources, f finding.Finding, opts Options) (way, others []pageStep) {
	if len(f.Chain) == 0 && len(f.Related) == 0 {
		return nil, nil
	}
	last := ""
	add := func(kind string, s finding.Step) {
		step := pageStep{Kind: kind, Message: s.Message}
		if at := place(opts.path(s.File), s.Line, s.Column); at != last {
			step.Place, step.Code = at, shownCode(strings.TrimSpace(src.line(s.File, s.Line)))
			last = at
		}
		way = append(way, step)
	}
	here := finding.Step{File: f.File, Line: f.Line, Column: f.Column, Message: "here"}
	if len(f.Related) > 0 {
		add("start", f.Related[0])
		for _, s := range f.Related[1:] {
			others = append(others, pageStep{Message: s.Message, Place: place(opts.path(s.File), s.Line, s.Column)})
		}
	}
	if len(f.Related) == 0 || len(f.Chain) == 0 || f.Chain[0].File != f.File || f.Chain[0].Line != f.Line {
		add("call", here)
	}
	for i, s := range f.Chain {
		kind := "call"
		if i == len(f.Chain)-1 {
			kind = "end"
		}
		add(kind, s)
	}
	if len(f.Related) == 0 {
		way[0].Kind = "start"
	}
	return way, others
}

// linesOf are the lines of a diff.
func linesOf(diff string) (list []diffLine) {
	for line := range strings.Lines(diff) {
		list = append(list, diffLineOf(strings.TrimSuffix(line, "\n")))
	}
	return list
}

func diffLineOf(line string) diffLine {
	class := ""
	switch {
	case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"), strings.HasPrefix(line, "@@"):
		class = "hunk"
	case strings.HasPrefix(line, "+"):
		class = "add"
	case strings.HasPrefix(line, "-"):
		class = "del"
	}
	return diffLine{class, shownCode(line)}
}
