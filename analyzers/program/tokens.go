package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// traffic is what goes through a channel variable.
type traffic struct {
	sends, receives    int
	sentAt, receivedAt []token.Pos
	tells              bool // a value that is sent, or what is done with one, matters
}

func (r reader) send(s *ast.SendStmt) {
	if t := r.traffic(s.Chan); t != nil {
		t.sends++
		t.sentAt = append(t.sentAt, s.Pos())
		t.tells = t.tells || !r.tellsNothing(s.Value)
	}
}

func (r reader) receive(u *ast.UnaryExpr) {
	if t := r.traffic(u.X); t != nil {
		t.receives++
		t.receivedAt = append(t.receivedAt, u.Pos())
		_, alone := r.stack[len(r.stack)-2].(*ast.ExprStmt)
		t.tells = t.tells || !alone
	}
}

func (r reader) traffic(ch ast.Expr) *traffic {
	v := r.p.Variable(ch)
	if v == nil {
		return nil
	}
	if r.x.traffic[v] == nil {
		r.x.traffic[v] = new(traffic)
	}
	return r.x.traffic[v]
}

// tellsNothing reports whether a value is the same whenever it is sent.
func (r reader) tellsNothing(e ast.Expr) bool {
	if r.p.info.Types[e].Value != nil {
		return true
	}
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok && len(lit.Elts) == 0
}

// Tokens reports whether the channel that a call of make makes holds places rather
// than work: what is sent is always the same, and what is received is dropped.
func (p *Program) Tokens(c *ast.CallExpr) bool {
	x := p.everywhere()
	x.readChannels(p)
	v := x.channels[c]
	if v == nil {
		return false
	}
	var all traffic
	for _, same := range append(x.handed[v], v) {
		if t := x.traffic[same]; t != nil {
			all.sends, all.receives, all.tells = all.sends+t.sends, all.receives+t.receives, all.tells || t.tells
		}
	}
	return all.sends > 0 && all.receives > 0 && !all.tells
}

// readChannels fills in what makes channels and which parameters they are handed to
// in the package, each once for all.
func (x *index) readChannels(p *Program) {
	if x.channels != nil {
		return
	}
	x.channels, x.handed = make(map[ast.Expr]*types.Var), make(map[*types.Var][]*types.Var)
	for v, defs := range x.defs {
		if !isChan(v.Type()) {
			continue
		}
		for _, d := range defs {
			if d.value != nil {
				x.channels[ast.Unparen(d.value)] = v
			}
		}
	}
	for fn, calls := range x.calls {
		params := fn.Signature().Params()
		for i := range params.Len() {
			if !isChan(params.At(i).Type()) {
				continue
			}
			for _, c := range calls {
				if i < len(c.Args) {
					if v := p.Variable(c.Args[i]); v != nil {
						x.handed[v] = append(x.handed[v], params.At(i))
					}
				}
			}
		}
	}
}

// cpus returns the call of NumCPU that the expression is, or nil.
func (p *Program) cpus(e ast.Expr) *ast.CallExpr {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if x := p.conversion(c); x != nil {
		return p.cpus(x)
	}
	if fn := p.Callee(c); fn != nil && fn.FullName() == "runtime.NumCPU" {
		return c
	}
	return nil
}

// CPUsIn returns the calls of NumCPU that a number is worked out from for the use at pos. What
// the parameter of another function is worked out from may be the number of another use.
func (p *Program) CPUsIn(e ast.Expr, pos token.Pos) []*ast.CallExpr {
	s := &cpuSearch{p: p, pos: pos, seen: make(map[*types.Var]bool)}
	s.in(e)
	return s.found
}

type cpuSearch struct {
	p     *Program
	pos   token.Pos
	seen  map[*types.Var]bool
	found []*ast.CallExpr
}

func (s *cpuSearch) in(e ast.Expr) {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		s.in(e.X)
		s.in(e.Y)
	case *ast.UnaryExpr:
		s.in(e.X)
	case *ast.StarExpr:
		s.in(e.X)
	case *ast.Ident, *ast.SelectorExpr:
		s.variable(e)
	case *ast.CallExpr:
		if c := s.p.cpus(e); c != nil {
			s.found = append(s.found, c)
		} else if s.p.arithmetic(e) {
			for _, a := range e.Args {
				s.in(a)
			}
		}
	}
}

func (s *cpuSearch) variable(e ast.Expr) {
	v := s.p.Variable(e)
	if v == nil || s.seen[v] {
		return
	}
	if _, _, param := s.p.Parameter(v); param && !v.Parent().Contains(s.pos) {
		return
	}
	s.seen[v] = true
	for _, o := range s.p.Origins(e) {
		if o.Expr != e {
			s.in(o.Expr)
		}
	}
}

// arithmetic reports whether a call makes a number of numbers.
func (p *Program) arithmetic(c *ast.CallExpr) bool {
	if b := p.Builtin(c); b == "max" || b == "min" || p.conversion(c) != nil {
		return true
	}
	fn := p.Callee(c)
	return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "math" || fn.Pkg().Path() == "math/bits")
}

// Result returns what is known of the first result of a function whoever calls it,
// and whether it is worked out from what NumCPU says.
func (p *Program) Result(fn *types.Func) (n Number, cpus bool) {
	n, cpus = nothing, true
	for _, r := range Returns(p.Declaration(fn).Body) {
		if len(r.Results) == 0 {
			return unknown(), false
		}
		n = n.Join(p.Number(r.Results[0], Package))
		cpus = cpus && len(p.CPUsIn(r.Results[0], r.Pos())) > 0
	}
	return n, cpus && n != nothing
}

// Defaults returns the exported fields and variables of the package that get a
// number which follows the cores, or is the default of a flag.
func (p *Program) Defaults() map[*types.Var]Origin {
	m := make(map[*types.Var]Origin)
	for v := range p.everywhere().defs {
		if !v.Exported() || !v.IsField() && v.Parent() != p.pkg.Scope() || v.Pkg() != p.pkg || !numeric(v.Type()) {
			continue
		}
		f := &follower{p: p, seen: make(map[types.Object]bool)}
		f.variable(v, nil)
		for _, o := range f.list {
			o.CPUs = o.CPUs || len(p.CPUsIn(o.Expr, o.Expr.Pos())) > 0
			if _, have := m[v]; !have && (o.Cores() || o.Default) {
				m[v] = o
			}
		}
	}
	return m
}

// numeric reports whether values are numbers or point to one.
func numeric(t types.Type) bool {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	return isInteger(t)
}
