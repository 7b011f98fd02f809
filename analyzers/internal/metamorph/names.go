package metamorph

import (
	"encoding/hex"
	"go/ast"
	"go/types"
	"regexp"
)

// neutral begins each name that is made up. No word of any language does.
const neutral = "zq"

// names gives what the package alone can name a name that says nothing: locals,
// parameters, fields, functions, methods and types. What has the same name keeps
// having the same: fields of types that are converted, methods of interfaces.
func names(f *file) {
	info := f.pkg.TypesInfo
	implicit := make(map[types.Object]bool) // x of switch x := y.(type): its definition has no object
	for _, o := range info.Implicits {
		implicit[o] = true
	}
	rename := func(id *ast.Ident, o types.Object) {
		if o == nil || implicit[o] || !f.own(o) {
			return
		}
		f.replace(id.Pos(), id.End(), Neutral(o.Name()))
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if o := info.Defs[id]; o != nil {
			rename(id, o)
		} else {
			rename(id, info.Uses[id])
		}
		return true
	})
}

// own reports whether nobody but the package can name an object.
func (f *file) own(o types.Object) bool {
	if o.Pkg() != f.pkg.Types || o.Name() == "_" || o.Name() == "" {
		return false
	}
	switch o := o.(type) {
	case *types.PkgName:
		return false
	case *types.Func:
		if o.Name() == "main" || o.Name() == "init" {
			return false
		}
	}
	local := o.Parent() != nil && o.Parent() != f.pkg.Types.Scope()
	return local || !o.Exported()
}

// Neutral is the name that stands for another one: the same for the same, and
// distinct for distinct ones.
func Neutral(name string) string { return neutral + hex.EncodeToString([]byte(name)) }

var neutralName = regexp.MustCompile(`\b` + neutral + `((?:[0-9a-f]{2})+)\b`)

// Original is a text with the names that neutral ones stand for.
func Original(text string) string {
	return neutralName.ReplaceAllStringFunc(text, func(s string) string {
		name, err := hex.DecodeString(s[len(neutral):])
		if err != nil {
			return s
		}
		return string(name)
	})
}
