package blockloop_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/blockloop"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestBlockloop(t *testing.T) {
	analysistest.Run(t, testdata(t), bound(false), "blockloop", "blockloop/promise", "blockloop/promised", "blockloop/unordered", "blockloop/indirect")
}

// The wants of these packages say the severity, too, and what is silent for want of
// confidence.
func TestJudged(t *testing.T) {
	analysistest.Run(t, testdata(t), judged(), "blockloop/hooks", "blockloop/wired", "blockloop/screens", "blockloop/cabin", "blockloop/deadlines", "blockloop/serving", "blockloop/patient", "blockloop/upstream", "blockloop/forked", "blockloop/shapeslib", "blockloop/shapes", "blockloop/terminal", "blockloop/again", "blockloop/own", "blockloop/rider", "blockloop/sweeper")
}

// bound returns the analyzer with notes, for machines if detail is set.
func bound(detail bool) *analysis.Analyzer {
	v := settings.New()
	v.Least, v.Detail = settings.Note, detail
	return settings.Bind(v, blockloop.Analyzer)[0]
}

// judged returns the analyzer with the severity at the front of each message.
func judged() *analysis.Analyzer {
	v := settings.New()
	v.Least, v.Confidence, v.Detail = settings.Note, 0, true
	rule := settings.Bind(v, blockloop.Analyzer)[0]
	a := *rule
	a.Run = func(pass *analysis.Pass) (any, error) {
		told := *pass
		told.Report = func(d analysis.Diagnostic) {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil {
				panic(err)
			}
			shown := detail.Severity
			if detail.Confidence < evidence.Quarter {
				shown = "silent"
			}
			d.Message = shown + ": " + d.Message
			pass.Report(d)
		}
		return rule.Run(&told)
	}
	return &a
}

// What is a note must not become a warning.
func TestNotes(t *testing.T) {
	for _, r := range analysistest.Run(t, testdata(t), bound(true), "blockloop/doubt") {
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
