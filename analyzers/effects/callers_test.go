package effects_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// TestReaches compares, for each two functions of some packages, what Reaches says with the
// way down from the one and with the way up from the other.
func TestReaches(t *testing.T) {
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range analysistest.Run(deaf{}, root, effects.Analyzer, "classify", "effects/a", "effects/d", "lockio") {
		r, reached := res.Result.(*effects.Result), 0
		below := make(map[*effects.Func]map[*effects.Func]bool)
		for _, f := range r.Funcs() {
			below[f] = make(map[*effects.Func]bool)
			r.Reached([]*effects.Func{f}, func(g *effects.Func) bool { below[f][g] = true; return true })
		}
		where := func(f *effects.Func) string { return res.Pass.Fset.Position(f.Node().Pos()).String() }
		for _, target := range r.Funcs() {
			for _, f := range r.Funcs() {
				if have, want := r.Reaches([]*effects.Func{f}, target), below[f][target]; have != want {
					t.Errorf("%s to %s: have %v, and %v by the way down", where(f), where(target), have, want)
				} else if want && f != target {
					reached++
				}
			}
			above := r.Above(target)
			for _, f := range r.Funcs() {
				if above[f] != below[f][target] {
					t.Errorf("%s to %s: %v by the way down, and %v by the way up", where(f), where(target), below[f][target], above[f])
				}
			}
		}
		if reached == 0 {
			t.Errorf("%s: nothing calls anything", res.Pass.Pkg.Path())
		}
	}
}
