// Package outline lists the functions of a module by syntax alone.
//
// A profile is joined with source by names and lines, for which nothing need
// compile: a package whose dependencies or C headers are not at hand has no
// findings, but its functions are where they are. So are those of generated code,
// of which the analyzers say nothing.
package outline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// Functions are the functions that the files below the module's root declare, in
// the order of their places, without those that are known and without files of
// which any is known: what was analyzed has all that is to be had of it. The rest
// is broken, generated, or for another system. Class is "unknown" and nothing is
// said of effects. Tests, vendored code, testdata and other modules are left out,
// files that do not parse as far as they do not.
//
// Prefix is what leads from where paths are relative to, to the root: "" or a
// path that ends in a slash.
func Functions(root fs.FS, module, prefix string, known []advisor.Function) []advisor.Function {
	var list []advisor.Function
	files, names := make(map[string]bool), make(map[symbol]bool)
	for _, f := range known {
		files[f.File], names[symbol{f.Package, f.Function}] = true, true
	}
	fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // what cannot be read has no functions
		case e.IsDir():
			if name != "." && (skipped(e.Name()) || exists(root, path.Join(name, "go.mod"))) {
				return fs.SkipDir
			}
			return nil
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || files[prefix+name]:
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return nil
		}
		for _, f := range ofFile(text, name, module, prefix) {
			if !names[symbol{f.Package, f.Function}] {
				list = append(list, f)
			}
		}
		return nil
	})
	return list
}

// symbol is a function, whichever file it is in.
type symbol struct{ pkg, function string }

func skipped(dir string) bool {
	return dir == "vendor" || dir == "testdata" || strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}

func exists(root fs.FS, name string) bool {
	_, err := fs.Stat(root, name)
	return err == nil
}

func ofFile(text []byte, name, module, prefix string) []advisor.Function {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if file == nil || file.Name == nil {
		return nil
	}
	pkg := path.Join(module, path.Dir(name))
	line := func(p token.Pos) int { return fset.PositionFor(p, false).Line }
	var list []advisor.Function
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		declared := Declared(fn)
		start := line(fn.Pos())
		f := advisor.Function{
			Package: pkg, Function: declared, File: prefix + name,
			Line: line(fn.Type.Func), EndLine: max(start, line(fn.End())), Class: "unknown",
		}
		f.Literals = literals(fn.Body, declared+".func", line)
		list = append(list, f)
	}
	return list
}

// literals are the function literals of a body, each followed by those in it. The
// compiler numbers them in the order of the source: F.func1, F.func2, and those
// within the first F.func1.1, F.func1.2.
func literals(body ast.Node, prefix string, line func(token.Pos) int) []advisor.Literal {
	var list []advisor.Literal
	n := 0
	ast.Inspect(body, func(node ast.Node) bool {
		lit, ok := node.(*ast.FuncLit)
		if !ok {
			return true
		}
		n++
		name := prefix + strconv.Itoa(n)
		start := line(lit.Type.Func)
		list = append(list, advisor.Literal{Name: name, Line: start, EndLine: max(start, line(lit.End()))})
		list = slices.Concat(list, literals(lit.Body, name+".", line))
		return false
	})
	return list
}

// Declared is the function's name as [advisor.Function] has it: F, (T).M, (*T).M.
func Declared(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	t, star := f.Recv.List[0].Type, ""
	for {
		switch x := t.(type) {
		case *ast.ParenExpr:
			t = x.X
		case *ast.StarExpr:
			t, star = x.X, "*"
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return "(" + star + x.Name + ")." + f.Name.Name
		default:
			return f.Name.Name
		}
	}
}
