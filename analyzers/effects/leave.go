package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells the ways out of a function that are no normal return: with an
// error, by a panic, or with the end of the process.

// errorExit reports whether the body of s leaves the function with an error or
// because of one, or does not come back at all.
func (p *pkg) errorExit(s *ast.IfStmt) bool {
	if len(s.Body.List) == 0 {
		return false
	}
	switch last := s.Body.List[len(s.Body.List)-1].(type) {
	case *ast.ReturnStmt:
		return p.nilError(s.Cond, token.NEQ) || p.returnsError(last)
	case *ast.ExprStmt:
		c, ok := last.X.(*ast.CallExpr)
		return ok && p.prog.NeverReturns(c)
	}
	return false
}

// returnsError reports whether the last result is an error that is there.
func (p *pkg) returnsError(r *ast.ReturnStmt) bool {
	return len(r.Results) > 0 && p.failure(r.Results[len(r.Results)-1], 0)
}

// failure reports whether e is an error other than nil, as far as can be seen: one
// that is kept for the purpose, or one just made.
func (p *pkg) failure(e ast.Expr, depth int) bool {
	e = ast.Unparen(e)
	switch e.(type) { // syntax first: it is cheaper than types
	case *ast.BasicLit, *ast.BinaryExpr, *ast.FuncLit:
		return false
	}
	if isNil(e) || !fails(p.prog.TypeOf(e)) {
		return false
	}
	if c, ok := e.(*ast.CallExpr); ok {
		return p.makesError(c, depth)
	}
	v := p.prog.Variable(e)
	return v == nil || v.IsField() || v.Parent() == v.Pkg().Scope() || p.onlyErrors(v, depth)
}

// onlyErrors reports whether all that a local variable has got so far are errors.
// What a call gave may be nil as well:
//
//	done, err := try(); if done { return err }
func (p *pkg) onlyErrors(v *types.Var, depth int) bool {
	d := p.defs[v]
	if d == nil || d.unknown || len(d.values) == 0 || depth > maxConstructors {
		return false
	}
	for _, value := range d.values {
		if !p.failure(value, depth+1) {
			return false
		}
	}
	return true
}

// fails reports whether t is an error type.
func fails(t types.Type) bool {
	switch u := types.Unalias(t).(type) {
	case *types.Named:
		if t == errorType {
			return true
		}
		if _, basic := u.Underlying().(*types.Basic); basic && u.NumMethods() == 0 {
			return false
		}
	case *types.Pointer:
	default:
		return false
	}
	return types.Implements(t, errorType.Underlying().(*types.Interface))
}

// maxConstructors is how many functions that make errors may call each other.
const maxConstructors = 3

// makesError reports whether a call gives an error and nothing else, and does
// nothing else: it wraps one, it is a function of another package that is not
// known to do any work, or each of its own returns is an error.
func (p *pkg) makesError(c *ast.CallExpr, depth int) bool {
	fn := p.calleeOf(c)
	if fn == nil || fn.Pkg() == nil || isInterfaceMethod(fn) || depth > maxConstructors {
		tv, ok := p.info.Types[c.Fun]
		return ok && tv.IsType() || p.keptMaker(c) // a conversion
	}
	sig := fn.Signature()
	if sig.Results().Len() != 1 {
		return false
	}
	for v := range sig.Params().Variables() {
		if isError(v.Type()) {
			return true
		}
	}
	if recv := sig.Recv(); recv != nil && fails(recv.Type()) {
		return true
	}
	if fn.Pkg() != p.types {
		k := p.known(fn)
		return sig.Recv() == nil && (k == nil || k.quiet)
	}
	d := p.prog.Declaration(fn)
	if d == nil || d.Body == nil {
		return false
	}
	list := program.Returns(d.Body)
	for _, r := range list {
		if len(r.Results) != 1 || !p.failure(r.Results[0], depth+1) {
			return false
		}
	}
	return len(list) > 0
}

// keptMaker reports whether a call is of a variable in which another package keeps a function
// that makes errors of a text, or of another one: var New = errors.New.
func (p *pkg) keptMaker(c *ast.CallExpr) bool {
	v := p.prog.Variable(c.Fun)
	if v == nil || v.IsField() || v.Pkg() == nil || v.Pkg() == p.types || v.Parent() != v.Pkg().Scope() {
		return false
	}
	sig, ok := v.Type().Underlying().(*types.Signature)
	if !ok || sig.Results().Len() != 1 || sig.Params().Len() == 0 {
		return false
	}
	of := sig.Params().At(0).Type()
	return isError(of) || types.Identical(of, types.Typ[types.String])
}

// succeeds reports whether a loop is left as soon as something works, so that
// another turn means that it has not:
//
//	for range 3 { if err = try(); err == nil { return nil }; … }
//	for { v, err := try(); if err != nil { …; continue }; return v }
func (p *pkg) succeeds(loop ast.Stmt) bool {
	body := (&Loop{Node: loop}).Body()
	if len(body.List) == 0 {
		return false
	}
	if program.Leaves(body.List) && !isContinue(body.List[len(body.List)-1]) {
		return true
	}
	for _, s := range body.List {
		ifs, ok := s.(*ast.IfStmt)
		if ok && p.nilError(ifs.Cond, token.EQL) && program.Leaves(ifs.Body.List) && !isContinue(ifs.Body.List[len(ifs.Body.List)-1]) {
			return true
		}
	}
	return false
}

// settles reports whether a loop is left with the outcome of an attempt made in the
// same turn, so that what follows is for one that has to be made again:
//
//	for { done, err := try(); if done { return err }; … }
//
// Who waits for something to be true leaves without an error.
func (w *walker) settles(s *ast.IfStmt) bool {
	r := lastReturn(s.Body)
	if r == nil || len(r.Results) == 0 || w.loop == nil || w.p.perElement(w.loop) {
		return false
	}
	err := w.p.prog.Variable(r.Results[len(r.Results)-1])
	if err == nil || !isError(err.Type()) {
		return false
	}
	asked := w.p.variablesIn(s.Cond)
	for _, st := range w.loop.Body().List {
		a, ok := st.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 || w.p.prog.Variable(a.Lhs[len(a.Lhs)-1]) != err {
			continue
		}
		for _, l := range a.Lhs {
			if v := w.p.prog.Variable(l); v != nil && v != err && asked[v] {
				return true
			}
		}
	}
	return false
}

func isContinue(s ast.Stmt) bool {
	b, ok := s.(*ast.BranchStmt)
	return ok && b.Tok == token.CONTINUE
}

// again reports whether cond asks whether this is another turn of the loop, as at
// the top of one that tries until something works:
//
//	if i > 0 { time.Sleep(pause) }
func (w *walker) again(cond ast.Expr) bool {
	c, ok := program.Condition(w.p.info, cond).(*ast.BinaryExpr)
	if !ok || w.loop == nil || c.Op != token.GTR && c.Op != token.NEQ || w.p.info.Types[c.Y].Value == nil {
		return false
	}
	n := w.p.prog.Variable(c.X)
	if n == nil || !w.p.counts(w.loop.Node, n) || w.p.perElement(w.loop) {
		return false
	}
	return w.p.succeeds(w.loop.Node)
}

// counts reports whether v is the counter of the loop.
func (p *pkg) counts(loop ast.Stmt, v *types.Var) bool {
	switch l := loop.(type) {
	case *ast.RangeStmt:
		return l.Key != nil && p.prog.Variable(l.Key) == v
	case *ast.ForStmt:
		if inc, ok := l.Post.(*ast.IncDecStmt); ok {
			return p.prog.Variable(inc.X) == v
		}
	}
	return false
}
