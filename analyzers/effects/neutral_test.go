package effects_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// corpus is what must mean the same whatever its author calls things.
var corpus = []string{"effects/a", "effects/b", "effects/c", "effects/d", "classify"}

// TestNeutralNames renames every local variable, parameter, unexported field,
// function, method, type, variable and constant of the corpus to a word without
// meaning, drops the comments that are no directives, and looks for a function
// whose summary or class is another one.
func TestNeutralNames(t *testing.T) {
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	before := analysistest.Run(deaf{}, root, effects.Analyzer, corpus...)
	renamed := t.TempDir()
	if err := os.CopyFS(filepath.Join(renamed, "src"), os.DirFS(filepath.Join(root, "src"))); err != nil {
		t.Fatal(err)
	}
	for _, res := range before {
		rewrite(t, res.Pass, root, renamed)
	}
	after := analysistest.Run(deaf{}, renamed, effects.Analyzer, corpus...)
	for i, res := range after {
		if res.Err != nil {
			t.Fatal(res.Err)
		}
		old, now := before[i].Result.(*effects.Result).Funcs(), res.Result.(*effects.Result).Funcs()
		if len(old) != len(now) || len(now) == 0 {
			t.Fatalf("%s: %d functions became %d", corpus[i], len(old), len(now))
		}
		for j, f := range old {
			if was, is := facets(f), facets(now[j]); was != is {
				t.Errorf("%s: with other names it is another function:\n\t%s\n\t%s", before[i].Pass.Fset.Position(f.Body().Pos()), was, is)
			}
		}
	}
}

// facets is all that is known of a function but for the witnesses.
func facets(f *effects.Func) string {
	s := f.Summary
	var b strings.Builder
	fmt.Fprintf(&b, "%s, strongest %s, lock %d: %s", s.Class(), s.Strongest(), s.Lock, &s)
	for i := range s.Effects {
		e := s.Effects[i]
		fmt.Fprintf(&b, "; %s %s %s bound %d flags %d guard %d root %d %s", e.Name(), e.Certainty, e.Weight, e.Bound, e.Flags, e.Guard, e.Root, e.Duration)
	}
	return b.String()
}

// rewrite writes the files of a package with other names.
func rewrite(t *testing.T, pass *analysis.Pass, from, to string) {
	t.Helper()
	names := make(map[string]string)
	for _, file := range pass.Files {
		comments := file.Comments[:0]
		for _, c := range file.Comments {
			if strings.HasPrefix(c.List[len(c.List)-1].Text, "//concurlint:") {
				comments = append(comments, c)
			}
		}
		file.Comments = comments
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSwitchStmt: // its variable has no object of its own
				if a, ok := n.Assign.(*ast.AssignStmt); ok {
					id := a.Lhs[0].(*ast.Ident)
					id.Name = neutral(names, id.Name)
				}
			case *ast.Ident:
				if renames(pass, n) {
					n.Name = neutral(names, n.Name)
				}
			}
			return true
		})
		var text bytes.Buffer
		if err := format.Node(&text, pass.Fset, file); err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(from, pass.Fset.File(file.FileStart).Name())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// neutral gives each name one of its own: what was named alike stays so, and
// nothing is shadowed that was not.
func neutral(names map[string]string, name string) string {
	if names[name] == "" {
		names[name] = fmt.Sprintf("zq%d", len(names))
	}
	return names[name]
}

// renames reports whether the identifier names something that this package alone
// knows by that name.
func renames(pass *analysis.Pass, id *ast.Ident) bool {
	obj := pass.TypesInfo.ObjectOf(id)
	if obj == nil || obj.Pkg() != pass.Pkg || id.Name == "_" || id.Name == "init" || id.Name == "main" {
		return false
	}
	switch obj := obj.(type) {
	case *types.PkgName, *types.Label:
		return false
	case *types.Var:
		if obj.Embedded() { // goes by the name of its type
			n, ok := types.Unalias(indirect(obj.Type())).(*types.Named)
			return ok && n.Obj().Pkg() == pass.Pkg && !n.Obj().Exported()
		}
		return !token.IsExported(id.Name) || !obj.IsField() && obj.Parent() != pass.Pkg.Scope()
	}
	return !token.IsExported(id.Name)
}

func indirect(t types.Type) types.Type {
	if p, ok := t.(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
