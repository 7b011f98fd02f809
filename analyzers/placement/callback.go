package placement

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// callbacks are the places under contract that take function values: named
// func types, fields and parameters.
type callbacks struct {
	p      *placer
	types  map[*types.TypeName]promise
	fields map[*types.Var]promise
	params map[*types.Func]map[int]promise
	grown  bool // params since the calls were last looked at
}

func newCallbacks(p *placer) *callbacks {
	return &callbacks{
		p:      p,
		types:  make(map[*types.TypeName]promise),
		fields: make(map[*types.Var]promise),
		params: make(map[*types.Func]map[int]promise),
	}
}

func (cb *callbacks) param(fn *types.Func, n int, by promise) {
	fn = fn.Origin()
	if cb.params[fn] == nil {
		cb.params[fn] = make(map[int]promise)
	}
	if _, dup := cb.params[fn][n]; !dup {
		cb.params[fn][n] = by
		cb.grown = true
	}
}

func (cb *callbacks) field(f *types.Var, by promise) {
	if _, ok := f.Type().Underlying().(*types.Signature); !ok {
		return
	}
	if _, dup := cb.fields[f.Origin()]; !dup {
		cb.fields[f.Origin()] = by
	}
}

// marks adds the parameters that carry a directive.
func (cb *callbacks) marks(set *directive.Set) {
	for _, d := range set.Params {
		if d.NonBlocking {
			cb.param(d.Func, d.N, marked)
		}
	}
}

// collect finds the functions that are given to one of the places.
func (cb *callbacks) collect() {
	if len(cb.types)+len(cb.fields) > 0 {
		for _, f := range settings.Files(cb.p.pass) {
			ast.Inspect(f, cb.visit)
		}
	}
	cb.arguments()
	for cb.relays(); cb.grown; cb.relays() {
		cb.grown = false
		cb.arguments()
	}
}

// arguments looks at the calls of functions whose parameters are under
// contract, here or by a directive in another package.
func (cb *callbacks) arguments() {
	for _, f := range cb.p.fx.Funcs() {
		for _, op := range f.Ops {
			fn := op.Callee()
			c, ok := op.Node.(*ast.CallExpr)
			if !ok || fn == nil {
				continue
			}
			for n, by := range cb.params[fn] {
				if n < len(c.Args) {
					cb.targets(c.Args[n], by, 0)
				}
			}
			s := cb.p.fx.Summary(fn)
			if s == nil || s.NonBlocking == 0 {
				continue
			}
			for i, a := range c.Args {
				if s.NonBlocking.Has(i) {
					cb.targets(a, marked, 0)
				}
			}
		}
	}
}

// visit looks at the places of the syntax where a value gets a type or a field.
func (cb *callbacks) visit(n ast.Node) bool {
	info := cb.p.info
	switch n := n.(type) {
	case *ast.CallExpr:
		cb.call(n)
	case *ast.CompositeLit:
		cb.composite(n)
	case *ast.AssignStmt:
		for i, r := range n.Rhs {
			if len(n.Lhs) == len(n.Rhs) {
				cb.give(info.TypeOf(n.Lhs[i]), cb.p.fx.Variable(n.Lhs[i]), r)
			}
		}
	case *ast.ValueSpec:
		for i, v := range n.Values {
			if len(n.Names) == len(n.Values) {
				cb.give(info.TypeOf(n.Names[i]), nil, v)
			}
		}
	case *ast.FuncDecl:
		cb.results(info.TypeOf(n.Name), n.Body)
	case *ast.FuncLit:
		cb.results(info.TypeOf(n), n.Body)
	}
	return true
}

func (cb *callbacks) call(c *ast.CallExpr) {
	tv := cb.p.info.Types[c.Fun]
	if tv.IsType() {
		if len(c.Args) == 1 {
			cb.give(tv.Type, nil, c.Args[0])
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
		cb.give(paramType(sig, i, c.Ellipsis.IsValid()), nil, a)
	}
}

func paramType(sig *types.Signature, i int, spread bool) types.Type {
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 && !spread {
		if s, ok := sig.Params().At(n - 1).Type().(*types.Slice); ok {
			return s.Elem()
		}
	}
	if i >= n {
		return nil
	}
	return sig.Params().At(i).Type()
}

func (cb *callbacks) composite(lit *ast.CompositeLit) {
	t := cb.p.info.TypeOf(lit)
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
			cb.give(elem(u), nil, kv.Value)
		case st == nil:
			cb.give(elem(u), nil, el)
		case keyed:
			if id, ok := kv.Key.(*ast.Ident); ok {
				v, _ := cb.p.info.Uses[id].(*types.Var)
				cb.give(cb.p.info.TypeOf(id), v, kv.Value)
			}
		case i < st.NumFields():
			cb.give(st.Field(i).Type(), st.Field(i), el)
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
func (cb *callbacks) results(t types.Type, body *ast.BlockStmt) {
	sig, ok := t.(*types.Signature)
	if !ok || body == nil {
		return
	}
	for i := range sig.Results().Len() {
		typ := sig.Results().At(i).Type()
		if _, ok := cb.of(typ, nil); !ok {
			continue
		}
		for _, r := range returns(body) {
			if len(r.Results) == sig.Results().Len() {
				cb.give(typ, nil, r.Results[i])
			}
		}
	}
}

// returns lists the return statements of a body, those of literals left out.
func returns(body *ast.BlockStmt) (list []*ast.ReturnStmt) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			list = append(list, n)
		}
		return true
	})
	return list
}

// of returns the promise on values of a type or of a field.
func (cb *callbacks) of(t types.Type, v *types.Var) (promise, bool) {
	if v != nil {
		if by, ok := cb.fields[v.Origin()]; ok {
			return by, true
		}
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return promise{}, false
	}
	by, ok := cb.types[n.Obj()]
	return by, ok
}

// give says that e becomes a value of type t, in the field v if that is not nil.
func (cb *callbacks) give(t types.Type, v *types.Var, e ast.Expr) {
	if by, ok := cb.of(t, v); ok {
		cb.targets(e, by, 0)
	}
}

// targets adds the functions that e may stand for. A call stands for the
// functions that its callee returns.
func (cb *callbacks) targets(e ast.Expr, by promise, depth int) {
	cb.relay(e, by)
	for _, t := range cb.p.fx.Targets(nil, e) {
		f := t.Func
		if f == nil {
			f = cb.p.fx.Func(t.Obj)
		}
		if f != nil {
			cb.p.context(f, by)
		}
	}
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || depth == maxDepth {
		return
	}
	maker := cb.p.fx.Func(typeutil.StaticCallee(cb.p.info, c))
	if maker == nil || maker.Body() == nil {
		return
	}
	for _, r := range returns(maker.Body()) {
		if len(r.Results) > 0 {
			cb.targets(r.Results[0], by, depth+1)
		}
	}
}
