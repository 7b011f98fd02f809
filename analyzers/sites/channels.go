package sites

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/settings"
)

// channels says where the channels of a package go: by variable the places that
// send and receive, and which variables get the value of which others.
type channels struct {
	l        *lister
	sends    map[*types.Var][]token.Pos
	receives map[*types.Var][]token.Pos
	out, in  map[*types.Var][]flow // by where the value comes from, and goes to
	closed   map[*types.Var]bool
	signals  map[*types.Var]bool // given to signal.Notify
}

// A flow is a copy of a channel: an assignment, an argument, a result.
type flow struct {
	from, to *types.Var
	value    ast.Expr
	param    bool // an argument
}

func newChannels(l *lister) *channels {
	c := &channels{l: l,
		sends: make(map[*types.Var][]token.Pos), receives: make(map[*types.Var][]token.Pos),
		out: make(map[*types.Var][]flow), in: make(map[*types.Var][]flow),
		closed: make(map[*types.Var]bool), signals: make(map[*types.Var]bool),
	}
	for _, file := range settings.Files(l.pass) {
		ast.Inspect(file, c.visit)
	}
	return c
}

func (c *channels) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SendStmt:
		c.use(c.sends, n.Chan, n.Pos())
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			c.use(c.receives, n.X, n.Pos())
		}
	case *ast.RangeStmt:
		if isChan(c.l.pass.TypesInfo.TypeOf(n.X)) {
			c.use(c.receives, n.X, n.Pos())
		} else if n.Value != nil {
			c.copy(c.l.fx.Variable(n.Value), n.X, 0, false)
		}
	case *ast.AssignStmt:
		for i := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) {
				c.copy(c.holder(n.Lhs[i]), n.Rhs[i], 0, false)
			} else if len(n.Rhs) == 1 {
				c.copy(c.holder(n.Lhs[i]), n.Rhs[0], i, false)
			}
		}
	case *ast.ValueSpec:
		for i := range min(len(n.Names), len(n.Values)) {
			c.copy(c.l.fx.Variable(n.Names[i]), n.Values[i], 0, false)
		}
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			if v, ok := c.l.pass.TypesInfo.Uses[id].(*types.Var); ok && v.IsField() {
				c.copy(v.Origin(), n.Value, 0, false)
			}
		}
	case *ast.CallExpr:
		c.call(n)
	}
	return true
}

// call follows channels into the parameters of what is called.
func (c *channels) call(n *ast.CallExpr) {
	info := c.l.pass.TypesInfo
	fn := typeutil.StaticCallee(info, n)
	if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "close" && len(n.Args) == 1 {
		if v := c.l.fx.Variable(n.Args[0]); v != nil {
			c.closed[v] = true
		}
		return
	}
	if fn != nil && fn.FullName() == "os/signal.Notify" && len(n.Args) > 0 {
		if v := c.l.fx.Variable(n.Args[0]); v != nil {
			c.signals[v] = true
		}
		return
	}
	params := c.params(n, fn)
	for i, a := range n.Args {
		if i < len(params) {
			c.copy(params[i], a, 0, true)
		}
	}
}

// params are the parameters of a function of this package or of a literal.
func (c *channels) params(n *ast.CallExpr, fn *types.Func) []*types.Var {
	var sig *types.Signature
	if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
		sig, _ = c.l.pass.TypesInfo.TypeOf(lit).(*types.Signature)
	} else if f := c.l.fx.Func(fn); f != nil {
		sig = f.Obj.Signature()
	}
	if sig == nil {
		return nil
	}
	list := make([]*types.Var, sig.Params().Len())
	for i := range list {
		list[i] = sig.Params().At(i)
	}
	return list
}

// copy notes that v gets the value e, or its result i.
func (c *channels) copy(v *types.Var, e ast.Expr, i int, param bool) {
	if v == nil || !holdsChan(v.Type()) {
		return
	}
	for _, from := range c.variables(e, i) {
		f := flow{from, v, e, param}
		c.out[from] = append(c.out[from], f)
		c.in[v] = append(c.in[v], f)
	}
}

// holder is the variable that e names or is an element of.
func (c *channels) holder(e ast.Expr) *types.Var {
	if x, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		e = x.X
	}
	return c.l.fx.Variable(e)
}

// variables are those that e may stand for: of a call of a function of this
// package what it returns as result i.
func (c *channels) variables(e ast.Expr, i int) []*types.Var {
	if v := c.holder(e); v != nil {
		return []*types.Var{v}
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && id.Name == "append" {
		var list []*types.Var
		for _, a := range call.Args {
			list = append(list, c.variables(a, 0)...)
		}
		return list
	}
	f := c.l.fx.Func(typeutil.StaticCallee(c.l.pass.TypesInfo, call))
	if f == nil || f.Body() == nil {
		return nil
	}
	var list []*types.Var
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if i < len(n.Results) {
				if v := c.l.fx.Variable(n.Results[i]); v != nil {
					list = append(list, v)
				}
			}
		}
		return true
	})
	return list
}

func (c *channels) use(m map[*types.Var][]token.Pos, ch ast.Expr, pos token.Pos) {
	for _, v := range c.variables(ch, 0) {
		m[v] = append(m[v], pos)
	}
}

func isChan(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// holdsChan reports whether values of type t are channels or collections of them.
func holdsChan(t types.Type) bool {
	if e, ok := t.Underlying().(interface{ Elem() types.Type }); ok && !isChan(t) {
		return isChan(e.Elem())
	}
	return isChan(t)
}
