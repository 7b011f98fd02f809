package main

import (
	"os"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
)

// A loop that makes the steps of one computation is left as it is, behind what is
// to be done.
func TestAddEditsLeavesSteps(t *testing.T) {
	t.Chdir(t.TempDir())
	const source = "package p\n\ntype machine struct{ state int }\n\nfunc step(n int) int { return n*31 + 7 }\n\nfunc run(m *machine, n int) {\n\tfor range n {\n\t\tm.state = step(m.state)\n\t}\n}\n\nfunc sum(list []int) (n int) {\n\tfor _, x := range list {\n\t\tn += step(x)\n\t}\n\treturn n\n}\n"
	if err := os.WriteFile("p.go", []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	at := func(line int) advisor.Advice {
		s := advisor.Site{Function: "run", Place: advisor.Place{File: "p.go", Line: line, Column: 2}, EndLine: line + 2, Via: "range", Executor: "serial"}
		return advisor.Advice{Site: s, Title: "compute on 2 workers in place of one", Action: "concurrent", Now: advisor.Setting{Executor: "serial"},
			Recommend: advisor.Setting{Executor: "cpu", Min: 2, Max: 2}, Gain: advisor.Span{1, 2}}
	}
	rep := &advisor.Report{Advice: []advisor.Advice{at(8), at(14)}}
	addEdits(rep)
	first, last := rep.Advice[0], rep.Advice[1]
	if first.Site.Line != 14 || first.Action != "concurrent" || !strings.Contains(first.NoEdit, "writes to n") {
		t.Errorf("a sum: %s (%s)", first.Action, first.NoEdit)
	}
	if last.Action != "keep" || last.Recommend.Executor != "serial" || last.Gain != (advisor.Span{1, 1}) || len(last.Because) == 0 || !strings.Contains(last.Because[0], "m.state") {
		t.Errorf("steps: %+v", last)
	}
}
