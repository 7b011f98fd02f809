package main

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
)

// A recording that shows nothing of the module is left out where another one
// does; what every program has, a main.main, is nothing of it.
func TestLeaveForeign(t *testing.T) {
	frames := []profile.Frame{
		{Func: "ex.io/app/store.Load", File: "store.go"},
		{Func: "main.main", File: "main.go"},
		{Func: "main.serve", File: "main.go"},
		{Func: "other.io/x.Do", File: "x.go"},
	}
	source := func(name string, ids ...profile.FrameID) *profile.Source {
		return &profile.Source{Names: []string{name}, Stacks: []profile.Stack{{Frames: ids}}}
	}
	lint := &advisor.Lint{
		Module:    advisor.Module{Path: "ex.io/app"},
		Functions: []advisor.Function{{Package: "ex.io/app", Function: "serve", File: "main.go"}},
	}
	for name, c := range map[string]struct {
		sources []*profile.Source
		left    string
	}{
		"both":     {[]*profile.Source{source("a", 0, 1), source("b", 3, 1)}, "a"},
		"main":     {[]*profile.Source{source("a", 2, 1), source("b", 1)}, "a"},
		"neither":  {[]*profile.Source{source("a", 3, 1), source("b", 1)}, "a b"},
		"no stack": {[]*profile.Source{source("a", 0), {Names: []string{"b"}}}, "a b"},
	} {
		ev := &profile.Evidence{Frames: frames, Sources: c.sources}
		leaveForeign(ev, lint)
		var names []string
		for _, s := range ev.Sources {
			names = append(names, s.Names...)
		}
		if have := strings.Join(names, " "); have != c.left {
			t.Errorf("%s: %s remain, want %s", name, have, c.left)
		}
		if dropped := len(c.sources) - len(ev.Sources); len(ev.Notes) != dropped {
			t.Errorf("%s: %d dropped and notes %q", name, dropped, ev.Notes)
		}
	}
}
