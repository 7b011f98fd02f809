package program

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// A reader adds what one node says; stack leads to it.
type reader struct {
	p     *Program
	x     *index
	stack []ast.Node
}

// add adds a definition of the variable that e names.
func (r reader) add(e ast.Expr, d def) {
	if e == nil {
		return
	}
	v := r.p.Variable(e)
	if v == nil || !counts(v.Type()) && !(r.x.structs && holds(v.Type())) {
		return
	}
	d.pos = e.Pos()
	r.place(&d)
	r.x.defs[v] = append(r.x.defs[v], d)
}

// counts reports whether values of the type are numbers, have a number of
// elements or point to a number, as flags do.
func counts(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsNumeric != 0
	case *types.Slice, *types.Map, *types.Chan:
		return true
	case *types.Pointer:
		b, ok := t.Elem().Underlying().(*types.Basic)
		return ok && b.Info()&types.IsNumeric != 0
	}
	return false
}

// holds reports whether a value of the type is, or points to, a struct or is a
// channel: what it was made with may be asked.
func holds(t types.Type) bool {
	u := t.Underlying()
	if ptr, ok := u.(*types.Pointer); ok {
		u = ptr.Elem().Underlying()
	}
	switch u.(type) {
	case *types.Struct, *types.Chan:
		return true
	}
	return false
}

// place fills in inner, loop and cond.
func (r reader) place(d *def) {
	for i := len(r.stack) - 2; i >= 0; i-- {
		inner, loop := ast.Node(nil), ast.Node(nil)
		switch n := r.stack[i].(type) {
		case *ast.IfStmt:
			if child := r.stack[i+1]; child == n.Body || child == n.Else {
				inner = child
				if d.inner == nil && child == n.Body {
					d.cond = []ast.Expr{n.Cond}
				}
			}
		case *ast.CaseClause:
			inner = n
			if s, ok := r.stack[i-2].(*ast.SwitchStmt); ok && d.inner == nil && s.Tag == nil {
				d.cond = n.List
			}
		case *ast.CommClause:
			inner = n
		case *ast.ForStmt:
			if r.stack[i+1] != n.Init {
				inner, loop = n, n
			}
		case *ast.RangeStmt:
			inner, loop = n, n
		case *ast.FuncLit: // may run any number of times
			inner, loop = n, n
		case *ast.FuncDecl:
			inner = n
		}
		if d.inner == nil {
			d.inner = inner
		}
		if d.loop == nil {
			d.loop = loop
		}
	}
}

func (r reader) assign(s *ast.AssignStmt) {
	for i, l := range s.Lhs {
		d := def{value: s.Rhs[min(i, len(s.Rhs)-1)], result: -1}
		switch {
		case len(s.Lhs) != len(s.Rhs):
			d.result = i
			last, ok := s.Lhs[len(s.Lhs)-1].(*ast.Ident)
			d.drops = ok && last.Name == "_"
		case s.Tok != token.ASSIGN && s.Tok != token.DEFINE:
			d.op = s.Tok + (token.ADD - token.ADD_ASSIGN) // the two lists run alike
		}
		if x, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
			if t := r.p.info.TypeOf(x.X); t != nil && isMap(t) {
				r.add(x.X, def{how: stored})
			}
			continue
		}
		r.add(l, d)
		r.name(l, d.value)
	}
}

// name notes the literal that a variable is defined as.
func (r reader) name(l, value ast.Expr) {
	lit, ok := ast.Unparen(value).(*ast.FuncLit)
	id, isName := l.(*ast.Ident)
	if !ok || !isName {
		return
	}
	if v, ok := r.p.info.Defs[id].(*types.Var); ok {
		r.x.named[lit] = v
	}
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func (r reader) spec(s *ast.ValueSpec) {
	for i, name := range s.Names {
		switch {
		case len(s.Values) == 0:
			r.add(name, def{how: declared})
		case len(s.Values) == len(s.Names):
			r.add(name, def{value: s.Values[i], result: -1})
			r.name(name, s.Values[i])
		default:
			r.add(name, def{value: s.Values[0], result: i})
		}
	}
}

func (r reader) params(list *ast.FieldList, h how) {
	if list == nil {
		return
	}
	n := 0
	r.stack = append(r.stack, list) // a parameter stands in its function
	for _, f := range list.List {
		for _, name := range f.Names {
			r.add(name, def{how: h, param: n})
			n++
		}
		if len(f.Names) == 0 {
			n++
		}
	}
}

func (r reader) receiver(list *ast.FieldList) {
	if list == nil || len(list.List[0].Names) == 0 {
		return
	}
	if name := list.List[0].Names[0]; holds(r.p.info.TypeOf(name)) {
		r.add(name, def{how: given, param: -1})
	}
}

// fields adds what a literal of a struct gives its fields.
func (r reader) fields(lit *ast.CompositeLit) {
	for v, el := range r.p.fieldsOf(lit) {
		if !counts(v.Type()) && !(r.x.structs && holds(v.Type())) {
			continue
		}
		d := def{value: el, result: -1, pos: el.Pos(), literal: true}
		r.place(&d)
		r.x.defs[v] = append(r.x.defs[v], d)
	}
}

// handedTo returns the call of which an address is an argument, or nil.
func (r reader) handedTo(u *ast.UnaryExpr) ast.Expr {
	if c, ok := r.stack[len(r.stack)-2].(*ast.CallExpr); ok && c.Fun != u {
		return c
	}
	return nil
}

func (r reader) call(c *ast.CallExpr) {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.FuncLit:
		r.x.inPlace[f] = c
	case *ast.Ident:
		if v, ok := r.p.info.Uses[f].(*types.Var); ok {
			r.x.runs[v] = append(r.x.runs[v], c)
		}
	}
	fn := r.p.Callee(c)
	if fn == nil {
		return
	}
	fn = fn.Origin()
	r.x.calls[fn] = append(r.x.calls[fn], c)
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		r.x.dynamic[fn.Name()] = true
		if r.x.dispatched != nil && !slices.Contains(r.x.dispatched[fn.Name()], fn) {
			r.x.dispatched[fn.Name()] = append(r.x.dispatched[fn.Name()], fn)
		}
	}
}

// use notes functions and variables of functions that are used otherwise than to
// call them.
func (r reader) use(id *ast.Ident) {
	switch obj := r.p.info.Uses[id].(type) {
	case *types.Func:
		if !r.isCalled(id) {
			r.x.values[obj.Origin()] = true
		}
	case *types.Var:
		_, selected := r.stack[len(r.stack)-2].(*ast.SelectorExpr)
		if isFunc(obj.Type()) && (selected || !r.isCalled(id)) {
			r.x.escapes[obj] = true
		}
	}
}

// isCalled reports whether the name at the end of the stack is the calledName of a
// call.
func (r reader) isCalled(id *ast.Ident) bool {
	child, i := ast.Node(id), len(r.stack)-2
	if s, ok := r.stack[i].(*ast.SelectorExpr); ok {
		if s.Sel != id {
			return false
		}
		child, i = s, i-1
	}
	switch x := r.stack[i].(type) {
	case *ast.IndexExpr:
		if x.X != child {
			return false
		}
		child, i = x, i-1
	case *ast.IndexListExpr:
		if x.X != child {
			return false
		}
		child, i = x, i-1
	}
	for {
		paren, ok := r.stack[i].(*ast.ParenExpr)
		if !ok {
			break
		}
		child, i = paren, i-1
	}
	c, ok := r.stack[i].(*ast.CallExpr)
	return ok && c.Fun == child
}

// ask notes the variables that a condition looks at.
func (r reader) ask(cond ast.Expr) {
	if cond == nil {
		return
	}
	in := r.stack[0].(ast.Decl)
	ast.Inspect(cond, func(n ast.Node) bool {
		if !r.x.narrow {
			r.doubts(n)
		}
		if e, ok := n.(ast.Expr); ok {
			if v := r.p.Variable(e); v != nil {
				r.x.asked[look{v, in}] = true
			}
		}
		return true
	})
}

// doubts notes what a part of a condition doubts.
func (r reader) doubts(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		r.doubt(n.Op, n.X, n.Y)
		r.doubt(mirrored[n.Op], n.Y, n.X)
	case *ast.CallExpr:
		for _, a := range n.Args {
			r.doubtful(a) // valid(n)
		}
	}
}

// doubt notes x if the comparison x op y tells 0 from what is wanted: n < 1, n <
// least, n > 0. What is only kept from being too large, n > 8, may still be 0.
func (r reader) doubt(op token.Token, x, y ast.Expr) {
	switch op {
	case token.LSS, token.LEQ, token.EQL, token.NEQ:
	case token.GTR, token.GEQ:
		if tv := r.p.info.Types[y]; tv.Value == nil || constant.Compare(constant.ToInt(tv.Value), token.GTR, constant.MakeInt64(1)) {
			return
		}
	default:
		return
	}
	r.doubtful(x)
}

func (r reader) doubtful(e ast.Expr) {
	if star, ok := ast.Unparen(e).(*ast.StarExpr); ok {
		e = star.X
	}
	if v := r.p.Variable(e); v != nil {
		r.x.doubted[v] = true
	}
}
