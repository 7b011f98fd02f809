package main

import (
	"os"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
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

// Every program has a main.main: what two of them have in common by it is no match.
func TestUnmatched(t *testing.T) {
	lint := &advisor.Lint{Module: advisor.Module{Path: "example.com/ours"}, Functions: []advisor.Function{{Package: "example.com/ours", Function: "main", File: "main.go"}}}
	theirs := &profile.Evidence{Frames: []profile.Frame{{Func: "main.main", File: "/src/theirs/main.go"}, {Func: "example.com/theirs/work.Do", File: "/src/theirs/work/do.go"}}}
	ours := &profile.Evidence{Frames: []profile.Frame{{Func: "example.com/ours.Do", File: "/src/ours/do.go"}}}
	std := &profile.Evidence{Frames: []profile.Frame{{Func: "net/http.(*conn).serve", File: "/go/src/net/http/server.go"}}}
	for name, c := range map[string]struct {
		matched float64
		ev      *profile.Evidence
		says    string // "" for no error
	}{
		"main alone":              {1e-9, theirs, "nothing of example.com/ours is in it, but of "},
		"nothing":                 {0, theirs, "nothing of example.com/ours is in it, but of "},
		"the standard library":    {0, std, "only of the standard library"},
		"another state of ours":   {0, ours, ""},
		"a library within theirs": {0.01, theirs, ""},
	} {
		err := unmatched(&advisor.Report{Matched: c.matched, Profiles: []advisor.Profile{{Name: "cpu.pprof"}}}, lint, c.ev)
		if (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
