package driver

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
)

// parse reads the files of n as far as it can, what is unsaved in their place.
func parse(fset *token.FileSet, n *node, mode parser.Mode, unsaved overlay) (files []*ast.File, errs []error) {
	for _, name := range n.files() {
		var text any // nil: the file
		if t, ok := unsaved[name]; ok {
			text = t
		}
		f, err := parser.ParseFile(fset, name, text, mode|parser.SkipObjectResolution)
		if list, ok := err.(scanner.ErrorList); ok {
			for _, e := range list {
				errs = append(errs, e)
			}
		} else if err != nil {
			errs = append(errs, err)
		}
		if f != nil {
			files = append(files, f)
		}
	}
	return files, errs
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
}
