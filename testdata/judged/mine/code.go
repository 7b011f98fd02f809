package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/concurlint/concurlint/analyzers/report"
)

// A function is a declaration as text and syntax, without comments.
type function struct {
	fset *token.FileSet
	decl *ast.FuncDecl
	text string // laid out without regard to lines
}

// functions returns those of a source by the name that findings have.
func functions(source []byte) map[string]*function {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if file == nil || err != nil {
		return nil
	}
	list := make(map[string]*function)
	for _, d := range file.Decls {
		decl, ok := d.(*ast.FuncDecl)
		if !ok || decl.Body == nil {
			continue
		}
		decl.Doc = nil
		var b bytes.Buffer
		if format.Node(&b, fset, decl) != nil {
			continue
		}
		list[report.FuncName(decl)] = &function{fset, decl, strings.Join(strings.Fields(b.String()), " ")}
	}
	return list
}

// function returns the one of a finding.
func (v *version) function(f finding) *function {
	source, err := os.ReadFile(filepath.Join(v.dir, f.File))
	if err != nil {
		return nil
	}
	return functions(source)[f.Function]
}

// namesake returns the function of the same name in the same directory, whatever
// the file is called now.
func (v *version) namesake(f finding) *function {
	if fn := v.function(f); fn != nil {
		return fn
	}
	files, _ := filepath.Glob(filepath.Join(v.dir, filepath.Dir(f.File), "*.go"))
	for _, name := range files {
		f.File, _ = filepath.Rel(v.dir, name)
		if fn := v.function(f); fn != nil {
			return fn
		}
	}
	return nil
}

// at returns the outermost call or statement that begins where the finding is.
func (fn *function) at(f finding) ast.Node {
	var at ast.Node
	ast.Inspect(fn.decl.Body, func(n ast.Node) bool {
		if n == nil || at != nil {
			return false
		}
		switch n.(type) {
		case *ast.CallExpr, *ast.GoStmt, *ast.SendStmt, *ast.UnaryExpr, *ast.SelectStmt, *ast.RangeStmt:
			p := fn.fset.Position(n.Pos())
			if p.Line == f.Line && p.Column == f.Column {
				at = n
			}
		}
		return at == nil
	})
	return at
}

// called is the last name of what a call calls.
func called(n ast.Node) string {
	c, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	switch x := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// calls returns the names of all that is called within n.
func calls(n ast.Node) map[string]bool {
	list := make(map[string]bool)
	ast.Inspect(n, func(n ast.Node) bool {
		if name := called(n); name != "" {
			list[name] = true
		}
		return true
	})
	return list
}

// A use is a call of the wanted name within a function.
type use struct {
	locked  bool // a lock has been taken above it and not been given back
	handed  bool // in a go statement, or in a literal
	looping bool // in a loop
}

// uses goes over the function in source order, which is not control flow: where it
// is mistaken, nothing is said of the candidate.
func (fn *function) uses(name string) []use {
	var list []use
	held := 0
	var visit func(n ast.Node, u use)
	visit = func(n ast.Node, u use) {
		ast.Inspect(n, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.DeferStmt:
				return calls(c)[name] // a deferred Unlock gives nothing back yet
			case *ast.GoStmt, *ast.FuncLit:
				if c != n {
					inner := u
					inner.handed = true
					visit(c, inner)
					return false
				}
			case *ast.ForStmt, *ast.RangeStmt:
				if c != n {
					inner := u
					inner.looping = true
					visit(c, inner)
					return false
				}
			case *ast.CallExpr:
				switch got := called(c); got {
				case "Lock", "RLock":
					held++
				case "Unlock", "RUnlock":
					held = max(0, held-1)
				case name:
					at := u
					at.locked = held > 0
					list = append(list, at)
				}
			}
			return true
		})
	}
	visit(fn.decl.Body, use{})
	return list
}

// starts returns how many hand-overs stand in a loop of the function.
func (fn *function) starts() int {
	n := 0
	var visit func(node ast.Node, inLoop bool)
	visit = func(node ast.Node, inLoop bool) {
		ast.Inspect(node, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				if c != node {
					visit(c, true)
					return false
				}
			case *ast.GoStmt:
				if inLoop {
					n++
				}
			case *ast.CallExpr:
				if name := called(c); inLoop && (name == "Go" || name == "Submit") {
					n++
				}
			}
			return true
		})
	}
	visit(fn.decl.Body, false)
	return n
}

// bounds are words that a function gets when its tasks are bounded. They label
// candidates, and are read by people before they are believed.
var bounds = regexp.MustCompile(`(?i)setlimit|sem\b|sema|acquire|pool|worker|token|limit|concurren|parallel|maxproc|make\(chan struct`)

func (fn *function) bounds() int { return len(bounds.FindAllString(fn.text, -1)) }
