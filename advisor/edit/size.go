package edit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"
)

// SizeVar is the environment variable that a tuned program takes its size from.
const SizeVar = "CONCURLINT_SIZE"

// sizeFunc is the function that a tuned program asks. It is generic so that the
// limit keeps its type: a channel's capacity may be any integer.
const sizeFunc = "concurlintSize"

// The file is read at every language version from 1.21 on, also in modules that
// are older: its build line raises the version for this file.
const sizeText = `//go:build go1.21

package %s

import (
	"os"
	"strconv"
)

var concurlintSizeWanted, _ = strconv.Atoi(os.Getenv(%q))

func %s[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64](present T) T {
	if concurlintSizeWanted > 0 {
		return T(concurlintSizeWanted)
	}
	return present
}
`

// addSizeFile gives a tuned package the function that its limit asks.
func (s *source) addSizeFile() { s.addFile("size", sizeText, SizeVar, sizeFunc) }

// addFile gives the package one more file, of a text whose first verb is the
// package's name. It is one of the tests where the edited file is.
func (s *source) addFile(name, text string, args ...any) {
	name = "zz_concurlint_" + name
	if strings.HasSuffix(s.name, "_test.go") {
		name += "_test"
	}
	args = append([]any{s.file.Name.Name}, args...)
	s.newFiles[path.Join(path.Dir(s.name), name+".go")] = fmt.Appendf(nil, text, args...)
}

// size is the wanted limit as an expression for a place where there was none.
func (s *source) size(at token.Pos) (string, error) {
	n := strconv.Itoa(s.want.N)
	if s.want.Cores {
		pkg, err := s.use("runtime", at)
		if err != nil {
			return "", err
		}
		n = pkg + ".GOMAXPROCS(0)"
	}
	if s.tune {
		return sizeFunc + "(" + n + ")", nil
	}
	return n, nil
}

// resize replaces a limit by the wanted one.
func (s *source) resize(e ast.Expr) error {
	e = inner(e)
	if s.tune {
		return s.wrap(e)
	}
	n, err := s.size(e.Pos())
	if err != nil {
		return err
	}
	if s.want.Cores && s.takesInt64(e) {
		n = "int64(" + n + ")"
	}
	s.replace(e.Pos(), e.End(), n)
	s.dropImports(e)
	return nil
}

// wrap puts the call of sizeFunc around an expression. An untyped constant would
// become an int there, whatever the place needs.
func (s *source) wrap(e ast.Expr) error {
	open, end := sizeFunc+"(", ")"
	if s.takesInt64(e) {
		open = sizeFunc + "[int64]("
	}
	s.replace(e.Pos(), e.Pos(), open)
	s.replace(e.End(), e.End(), end)
	return nil
}

// takesInt64 reports whether e is an argument of a constructor that wants an
// int64: the type checker knows nothing of imported packages here.
func (s *source) takesInt64(e ast.Expr) bool {
	call, ok := s.parent(e).(*ast.CallExpr)
	return ok && len(call.Args) > 0 && call.Args[0] == e && calleeName(call) == "NewWeighted"
}

// inner is what a conversion to an integer converts: it keeps the type right.
func inner(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
			continue
		case *ast.CallExpr:
			id, ok := x.Fun.(*ast.Ident)
			if ok && len(x.Args) == 1 && isInteger(id.Name) {
				e = x.Args[0]
				continue
			}
		}
		return e
	}
}

func isInteger(name string) bool {
	t, ok := types.Universe.Lookup(name).(*types.TypeName)
	if !ok {
		return false
	}
	b, ok := t.Type().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func calleeName(call *ast.CallExpr) string {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.IndexExpr:
		return calleeName(&ast.CallExpr{Fun: f.X})
	}
	return ""
}
