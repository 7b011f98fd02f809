package driver_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/driver"
)

var (
	edits = flag.Int("edits", 40, "random edits after which cached and fresh results are compared")
	seed  = flag.Uint64("seed", 1, "of the random edits")
)

// TestEdits compares, after each of many random edits, what a run says that
// knows the ones before with what one says that knows nothing.
func TestEdits(t *testing.T) {
	p := newProgram(t, *seed, 8)
	cache := t.TempDir()
	findings, analyzed := 0, 0
	var history []string
	for i := range *edits {
		cached := run(t, configure(p.dir, cache, "cached"))
		fresh := run(t, configure(p.dir, outside, fmt.Sprintf("%s %d", p.dir, i)))
		if have, want := said(t, cached), said(t, fresh); have != want {
			t.Fatalf("seed %d, after %s:\nwith the cache %s\nwithout %s", *seed, strings.Join(history, ", "), have, want)
		}
		findings += len(fresh.Diagnostics)
		analyzed += cached.Stats.Analyzed
		history = append(history, p.edit(t))
	}
	if findings == 0 {
		t.Error("the programs have no findings, so nothing was compared")
	}
	if most := *edits * len(p.packages); analyzed*4 > most*3 {
		t.Errorf("%d of %d packages were analyzed: the cache is of no use", analyzed, most)
	}
}

// TestUnchanged checks that nothing is done where nothing has changed, and that
// the wave of an edit ends where nothing is different.
func TestUnchanged(t *testing.T) {
	p := newProgram(t, 1, 8)
	p.packages[0].locked, p.packages[0].waits = false, ""
	p.write(t, "p0/a.go", p.packages[0].text())
	for _, s := range p.packages[1:] {
		s.imports = p.packages[:1] // all above p0
		p.write(t, s.name+"/a.go", s.text())
	}
	cfg := configure(p.dir, t.TempDir(), "v")
	first := run(t, cfg)
	if n := first.Stats.Analyzed; n != len(p.packages) {
		t.Errorf("%d packages analyzed at first, want all %d", n, len(p.packages))
	}
	second := run(t, cfg)
	if n := second.Stats.Analyzed; n != 0 {
		t.Errorf("%d packages analyzed without an edit", n)
	}
	if said(t, first) != said(t, second) {
		t.Error("the second run says something else")
	}
	base := p.packages[0]
	for _, test := range []struct {
		name string
		edit func()
		want int
	}{
		{"lines move", func() { base.lines = 7 }, 1},
		{"another body, the same effects", func() { base.waits = "_ = 1" }, 1},
		{"effects change", func() { base.waits = waits[1] }, 8},
		{"types change", func() { base.result = "string" }, 8},
		{"a leaf", func() { p.packages[7].locked = true }, 1},
	} {
		test.edit()
		for _, s := range p.packages {
			p.write(t, s.name+"/a.go", s.text())
		}
		if n := run(t, cfg).Stats.Analyzed; n != test.want {
			t.Errorf("%s: %d packages analyzed, want %d", test.name, n, test.want)
		}
	}
}

// TestMoved checks that another checkout takes the results, with files of its own.
func TestMoved(t *testing.T) {
	cache := t.TempDir()
	one, two := newProgram(t, 3, 4), newProgram(t, 3, 4)
	run(t, configure(one.dir, cache, "v"))
	res := run(t, configure(two.dir, cache, "v"))
	if res.Stats.Analyzed != 0 || len(res.Diagnostics) == 0 {
		t.Errorf("%d packages analyzed, %d findings; want none and some", res.Stats.Analyzed, len(res.Diagnostics))
	}
	for _, d := range res.Diagnostics {
		if rel, err := filepath.Rel(two.dir, d.Pos.File); err != nil || !filepath.IsLocal(rel) {
			t.Errorf("a finding in %s, outside of %s", d.Pos.File, two.dir)
		}
	}
	cfg := configure(one.dir, cache, "v")
	cfg.Absolute = true
	run(t, cfg)
	cfg.Dir = two.dir
	if n := run(t, cfg).Stats.Analyzed; n == 0 {
		t.Error("messages with absolute names were taken over")
	}
}

// TestProblems checks that what cannot be analyzed costs itself and what imports
// it, and is told once.
func TestProblems(t *testing.T) {
	p := &program{dir: t.TempDir()}
	p.write(t, "go.mod", "module example.com/p\n\ngo 1.26\n")
	for name, text := range map[string]string{
		"types/a.go":    "package types\n\nvar A int = \"\"\n\nvar B = missing\n",
		"syntax/a.go":   "package syntax\n\nfunc (\n",
		"above/a.go":    "package above\n\nimport _ \"example.com/p/types\"\n",
		"above2/a.go":   "package above2\n\nimport _ \"example.com/p/above\"\n",
		"cycle/a/a.go":  "package a\n\nimport _ \"example.com/p/cycle/b\"\n",
		"cycle/b/b.go":  "package b\n\nimport _ \"example.com/p/cycle/a\"\n",
		"missing/a.go":  "package missing\n\nimport _ \"example.com/nowhere\"\n",
		"embedded/a.go": "package embedded\n\nimport _ \"embed\"\n\n//go:embed none.txt\nvar s string\n\n//concurlint:ignore lockio not even a lock\nfunc F() {}\n",
		"tests/a.go":    "package tests\n",
		"tests/b.go":    "package tests\n\n//concurlint:ignore lockio not even a lock\nfunc F() {}\n",
		"good/a.go":     "package good\n\n//concurlint:ignore lockio not even a lock\nfunc F() {}\n",
		"two/a.go":      "package two\n",
		"two/b.go":      "package three\n",
	} {
		p.write(t, name, text)
	}
	want := []string{
		"example.com/p/cycle/a: import cycle not allowed: example.com/p/cycle/a imports example.com/p/cycle/b imports example.com/p/cycle/a",
		"example.com/p/missing: missing/a.go:3:8: no required module provides package example.com/nowhere; to add it: go get example.com/nowhere",
		"example.com/p/syntax: expected ')', found 'EOF' (a.go:3:8, 0 more)",
		"example.com/p/two: package example.com/p/two: found packages two (a.go) and three (b.go) in " + filepath.Join(p.dir, "two"),
		"example.com/p/types: cannot use \"\" (untyped string constant) as int value in variable declaration (a.go:3:13, 1 more)",
	}
	cache := t.TempDir()
	for _, round := range []string{"first", "again"} {
		res := run(t, configure(p.dir, cache, "v"))
		var have []string
		for _, p := range res.Problems {
			text := p.Package + ": " + p.Message
			if p.Kind == driver.Broken {
				text += fmt.Sprintf(" (%s:%d:%d, %d more)", filepath.Base(p.Pos.File), p.Pos.Line, p.Pos.Column, p.More)
			}
			have = append(have, text)
		}
		if h, w := strings.Join(have, "\n"), strings.Join(want, "\n"); h != w {
			t.Errorf("%s: have\n%s\nwant\n%s", round, h, w)
		}
		if n := len(res.Diagnostics); n != 3 {
			t.Errorf("%s: %d findings in the other packages, want 3", round, n)
		}
	}
}
