package contracts

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// namedTypes finds the functions that become values of a func type under contract.
func (f *finder) namedTypes() {
	if len(f.types) == 0 {
		return
	}
	for _, file := range settings.Files(f.pass) {
		ast.Inspect(file, f.visit)
	}
}

// visit looks at the places of the syntax where a value gets a type.
func (f *finder) visit(n ast.Node) bool {
	info := f.info
	switch n := n.(type) {
	case *ast.CallExpr:
		f.call(n)
	case *ast.CompositeLit:
		f.composite(n)
	case *ast.AssignStmt:
		for i, r := range n.Rhs {
			if len(n.Lhs) == len(n.Rhs) {
				f.give(info.TypeOf(n.Lhs[i]), r)
			}
		}
	case *ast.ValueSpec:
		for i, v := range n.Values {
			if len(n.Names) == len(n.Values) {
				f.give(info.TypeOf(n.Names[i]), v)
			}
		}
	case *ast.FuncDecl:
		f.results(info.TypeOf(n.Name), n.Body)
	case *ast.FuncLit:
		f.results(info.TypeOf(n), n.Body)
	}
	return true
}

func (f *finder) call(c *ast.CallExpr) {
	tv := f.info.Types[c.Fun]
	if tv.IsType() {
		if len(c.Args) == 1 {
			f.give(tv.Type, c.Args[0])
		}
		return
	}
	if tv.Type == nil {
		return
	}
	sig, ok := tv.Type.Underlying().(*types.Signature)
	if !ok {
		return
	}
	for i, a := range c.Args {
		f.give(program.ParamType(sig, i, c.Ellipsis.IsValid()), a)
	}
}

func (f *finder) composite(lit *ast.CompositeLit) {
	t := f.info.TypeOf(lit)
	if t == nil {
		return
	}
	u := t.Underlying()
	if ptr, ok := u.(*types.Pointer); ok {
		u = ptr.Elem().Underlying()
	}
	st, _ := u.(*types.Struct)
	for i, el := range lit.Elts {
		kv, keyed := el.(*ast.KeyValueExpr)
		switch {
		case st == nil && keyed:
			f.give(elem(u), kv.Value)
		case st == nil:
			f.give(elem(u), el)
		case keyed:
			f.give(f.info.TypeOf(kv.Key), kv.Value)
		case i < st.NumFields():
			f.give(st.Field(i).Type(), el)
		}
	}
}

func elem(t types.Type) types.Type {
	if e, ok := t.(interface{ Elem() types.Type }); ok {
		return e.Elem()
	}
	return nil
}

// results looks at the return statements of a function with a result under
// contract.
func (f *finder) results(t types.Type, body *ast.BlockStmt) {
	sig, ok := t.(*types.Signature)
	if !ok || body == nil {
		return
	}
	for i := range sig.Results().Len() {
		typ := sig.Results().At(i).Type()
		if _, ok := f.of(typ); !ok {
			continue
		}
		for _, r := range program.Returns(body) {
			if len(r.Results) == sig.Results().Len() {
				f.give(typ, r.Results[i])
			}
		}
	}
}

// of returns the promise on values of a type.
func (f *finder) of(t types.Type) (promise, bool) {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return promise{}, false
	}
	by, ok := f.types[n.Obj()]
	return by, ok
}

// give says that e becomes a value of type t.
func (f *finder) give(t types.Type, e ast.Expr) {
	if by, ok := f.of(t); ok {
		f.follow(e, "", by)
	}
}
