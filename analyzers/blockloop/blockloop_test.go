package blockloop_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/blockloop"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestBlockloop(t *testing.T) {
	settings.Least = settings.Note
	analysistest.Run(t, testdata(t), blockloop.Analyzer, "blockloop", "blockloop/promise", "blockloop/promised", "blockloop/unordered", "blockloop/indirect")
}

// The wants of these packages say the severity, too.
func TestJudged(t *testing.T) {
	settings.Least, settings.Detail = settings.Note, true
	defer func() { settings.Detail = false }()
	analysistest.Run(t, testdata(t), judged(), "blockloop/hooks", "blockloop/wired", "blockloop/screens", "blockloop/cabin", "blockloop/serving", "blockloop/shapeslib", "blockloop/shapes")
}

// judged returns the analyzer with the severity at the front of each message.
func judged() *analysis.Analyzer {
	a := *blockloop.Analyzer
	a.Run = func(pass *analysis.Pass) (any, error) {
		told := *pass
		told.Report = func(d analysis.Diagnostic) {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil {
				panic(err)
			}
			d.Message = detail.Severity + ": " + d.Message
			pass.Report(d)
		}
		return blockloop.Analyzer.Run(&told)
	}
	return &a
}

// What is a note must not become a warning.
func TestNotes(t *testing.T) {
	settings.Least, settings.Detail = settings.Note, true
	defer func() { settings.Detail = false }()
	for _, r := range analysistest.Run(t, testdata(t), blockloop.Analyzer, "blockloop/doubt") {
		for _, d := range r.Action.Diagnostics {
			if !strings.Contains(d.Category, `"severity":"note"`) {
				t.Errorf("%s: not a note: %s", r.Action.Package.Fset.Position(d.Pos), d.Message)
			}
		}
	}
}

func testdata(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	return root
}
