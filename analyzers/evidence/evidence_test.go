package evidence

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	j := Judge("lockio", []string{"lockio.serializes", "lockio.other-side", "lockio.serializes"})
	points := Base("lockio") + table()["lockio.serializes"].Points + table()["lockio.other-side"].Points
	if want := 1 / (1 + math.Exp(-float64(points)/Scale)); math.Abs(j.Confidence-want) > 1e-12 || len(j.Signals) != 2 {
		t.Errorf("confidence %v of %d signals, want %v of 2, each counted once", j.Confidence, len(j.Signals), want)
	}
	for i := range len(j.Signals) - 1 {
		if abs(j.Signals[i].Points) < abs(j.Signals[i+1].Points) {
			t.Errorf("%s comes before the weightier %s", j.Signals[i].Name, j.Signals[i+1].Name)
		}
	}
}

func TestJudgeUnknown(t *testing.T) {
	for _, name := range []string{"lockio.nothing", "fanout.startup"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("lockio takes the signal %s", name)
				}
			}()
			Judge("lockio", []string{name})
		}()
	}
}

func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		confidence float64
		most, want Severity
	}{
		{0.95, Error, Error}, {0.8, Error, Warning}, {0.5, Error, Note},
		{0.95, Warning, Warning}, {0.67, Warning, Warning}, {0.66, Warning, Note},
		{0.95, Note, Note},
	} {
		if s := (Judgement{Confidence: c.confidence}).Severity(c.most); s != c.want {
			t.Errorf("%v of at most %s is %s, want %s", c.confidence, c.most, s, c.want)
		}
	}
}

// Points is the inverse of the sum: that many make the confidence, one fewer do not.
func TestPoints(t *testing.T) {
	for _, c := range []float64{Quarter, Sure, Certain} {
		n := Points(c)
		if Logistic(float64(n)/Scale) < c || Logistic(float64(n-1)/Scale) >= c {
			t.Errorf("%d points are not the fewest that make %v", n, c)
		}
	}
}

var signalName = regexp.MustCompile(`^(blockloop|contract|fanout|lockio|poolfit)\.[a-z]+(-[a-z]+)*$`)

// TestTable holds the table against the code: each signal that a rule names has a
// row, and each row is named by a rule.
func TestTable(t *testing.T) {
	named := make(map[string]bool)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && signalName.MatchString(s) {
					named[s] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := Rows(pointsTSV)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, r := range rows {
		if seen[r.Name] {
			t.Errorf("%s has two rows", r.Name)
		}
		seen[r.Name] = true
		if r.Says == "" || strings.ToLower(r.Says[:1]) != r.Says[:1] && !strings.HasPrefix(r.Says, "NumCPU") || strings.HasSuffix(r.Says, ".") {
			t.Errorf("%s: %q is no clause", r.Name, r.Says)
		}
		if !strings.HasSuffix(r.Name, baseSuffix) && !named[r.Name] {
			t.Errorf("%s has a row, and no rule observes it", r.Name)
		}
	}
	for name := range named {
		if !seen[name] {
			t.Errorf("%s is observed and has no row", name)
		}
	}
}
