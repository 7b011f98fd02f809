package sites

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/settings"
)

// TestNames holds the names of literals to those that the compiler of the Go
// release at hand gives them.
func TestNames(t *testing.T) {
	files, err := filepath.Glob("testdata/names/*.go")
	if err != nil {
		t.Fatal(err)
	}
	have, want := ours(t, files), compilers(t, files)
	for name, line := range have {
		if want[name] != line {
			t.Errorf("%s begins on line %d, the compiler says %d", name, line, want[name])
		}
	}
	for name, line := range want {
		if have[name] == 0 {
			t.Errorf("the compiler's %s of line %d is missing", name, line)
		}
	}
	if len(have) < 60 {
		t.Errorf("only %d names", len(have))
	}
}

// ours returns the line of each literal by its name.
func ours(t *testing.T, files []string) map[string]int {
	t.Helper()
	l := &lister{pass: &analysis.Pass{Fset: token.NewFileSet(), TypesInfo: &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Instances:  make(map[*ast.Ident]types.Instance),
	}}}
	for _, name := range files {
		f, err := parser.ParseFile(l.pass.Fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		l.pass.Files = append(l.pass.Files, f)
	}
	if _, err := new(types.Config).Check("p", l.pass.Fset, l.pass.Files, l.pass.TypesInfo); err != nil {
		t.Fatal(err)
	}
	l.pass.ResultOf = map[*analysis.Analyzer]any{settings.Analyzer: settings.New()}
	of, initial := l.literals()
	names := make(map[string]int)
	for _, list := range slices.Concat(slices.Collect(maps.Values(of)), slices.Collect(maps.Values(initial))) {
		for _, lit := range list {
			names[lit.Name] = lit.Line
		}
	}
	return names
}

// shape is what the symbol table has in place of the dots of a profile.
var shape = regexp.MustCompile(`\[(go\.shape|int|string)[^]]*\]`)

// text and instruction are the lines of a disassembly that matter here.
var (
	text        = regexp.MustCompile(`^TEXT p\.(.*)\(SB\)`)
	instruction = regexp.MustCompile(`^\s+\w+\.go:(\d+)\s`)
	inner       = regexp.MustCompile(`func\d|wrap\d|-range\d`)
)

// compilers reads names and lines out of an object file, where nothing is
// inlined.
func compilers(t *testing.T, files []string) map[string]int {
	t.Helper()
	object := filepath.Join(t.TempDir(), "p.o")
	args := append([]string{"tool", "compile", "-l", "-p", "p", "-o", object}, files...)
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("go", "tool", "objdump", object).Output()
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]int)
	name := ""
	for line := range strings.Lines(string(out)) {
		if m := text.FindStringSubmatch(line); m != nil {
			name = shape.ReplaceAllString(m[1], "[...]")
			if !inner.MatchString(name) {
				name = ""
			}
		}
		if m := instruction.FindStringSubmatch(line); m != nil && name != "" {
			names[name], _ = strconv.Atoi(m[1])
			name = ""
		}
	}
	return names
}
