package edit

import (
	"bytes"
	"errors"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/advisor"
)

// everySite is every loop and every go statement of a file as a site, with and
// without a limit.
func everySite(name string, text []byte) []advisor.Site {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var list []advisor.Site
	for n := range ast.Preorder(file) {
		if !n.Pos().IsValid() {
			continue
		}
		at := advisor.Place{File: name, Line: fset.PositionFor(n.Pos(), false).Line}
		site := advisor.Site{Place: at, Limit: advisor.Limit{Class: "none"}, Task: advisor.Task{Class: "io", Effects: []string{"net"}}}
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			site.Executor = "serial"
		case *ast.GoStmt:
			site.Executor = "goroutine"
		case *ast.ExprStmt:
			site.Executor, site.Via = "group", "errgroup.(*Group).Go"
		case *ast.CallExpr, *ast.AssignStmt, *ast.ValueSpec:
			site.Executor, site.Limit = "pool", advisor.Limit{Class: "const", Place: at}
		default:
			continue
		}
		list = append(list, site)
	}
	return list
}

// check makes all edits of a file: each is refused in words, or leaves a file
// that parses and is as gofmt has it if it was before.
func check(t *testing.T, tree fs.FS, name string) (made int) {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return 0
	}
	formatted, err := format.Source(text)
	clean := err == nil && bytes.Equal(formatted, text)
	for _, site := range everySite(name, text) {
		for _, want := range []Want{{Action: "more", N: 8}, {Action: "fewer", Cores: true}} {
			e, err := Make(tree, site, want)
			if r := (*Refusal)(nil); errors.As(err, &r) {
				continue
			} else if err != nil {
				t.Errorf("%s:%d: %v", name, site.Line, err)
				continue
			}
			made++
			for edited, f := range e.Files {
				text, err := format.Source(f.After)
				if err != nil || clean && edited == name && !bytes.Equal(text, f.After) {
					t.Errorf("%s:%d: %v, or not as gofmt has it:\n%s", name, site.Line, err, e.Diff)
				}
			}
		}
	}
	return made
}

// TestCorpus makes every edit that can be made in a tree of Go files, such as
// that of the Go project: CONCURLINT_CORPUS=DIR.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("CONCURLINT_CORPUS")
	if dir == "" {
		t.Skip("takes minutes; CONCURLINT_CORPUS=DIR runs it")
	}
	tree, made := os.DirFS(dir), 0
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "testdata" || d.Name() == "vendor") {
			return fs.SkipDir
		}
		if err == nil && strings.HasSuffix(name, ".go") {
			made += check(t, tree, name)
		}
		return err
	})
	if err != nil || made == 0 {
		t.Errorf("%v, %d edits", err, made)
	}
	t.Logf("%d edits", made)
}

// FuzzMake: no text makes an edit panic.
func FuzzMake(f *testing.F) {
	files, _ := filepath.Glob("../../testdata/advisor/edit/*.txtar")
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, section := range archive.Files {
			if section.Name == "p/p.go" {
				f.Add(string(section.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := fstest.MapFS{"p/p.go": {Data: []byte(text)}}
		for _, site := range everySite("p/p.go", []byte(text)) {
			for _, tune := range []bool{false, true} {
				// Text that does not compile may give an edit that does not parse.
				build(tree, site, Want{Action: "more", N: 8}, tune)
			}
		}
	})
}
