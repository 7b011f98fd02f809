package effects_test

import (
	"go/ast"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/report"
)

// TestClassify compares the class and the strongest effect of every function
// under testdata/src/classify with its label, "// class: CLASS EFFECT".
func TestClassify(t *testing.T) {
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, res := range analysistest.Run(deaf{}, root, effects.Analyzer, "classify") {
		for _, f := range res.Result.(*effects.Result).Funcs() {
			want := label(f.Decl)
			if want == "" {
				continue
			}
			total++
			got := f.Summary.Class() + " " + f.Summary.Strongest()
			if got == want {
				continue
			}
			t.Errorf("%s: %s: have %s, want %s (%s)", res.Pass.Fset.Position(f.Decl.Pos()), report.FuncName(f.Decl), got, want, &f.Summary)
		}
	}
	if total == 0 {
		t.Error("no function has a label")
	}
}

// deaf is told of facts that no comment expects.
type deaf struct{}

func (deaf) Errorf(string, ...any) {}

func label(d *ast.FuncDecl) string {
	if d == nil || d.Doc == nil {
		return ""
	}
	last := d.Doc.List[len(d.Doc.List)-1].Text
	want, ok := strings.CutPrefix(last, "// class: ")
	if !ok {
		return ""
	}
	return strings.TrimSpace(want)
}
