package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file tells where what has been started before is taken back, so that there is one of a
// kind at a time.

// A slot is what keeps a timer: a variable, or what a collection has under a key.
type slot struct {
	v   *types.Var
	key string // as it is written; empty for the variable itself
}

func (p *Program) slot(e ast.Expr) slot {
	if x, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		return slot{p.Variable(x.X), types.ExprString(x.Index)}
	}
	return slot{v: p.Variable(e)}
}

// TakenBack returns the nodes of a loop, or of a body, at which the timer that a call has
// started there before is stopped or set again, with the tests whether there is one: nothing
// if the timer is not kept, or in a variable of each turn, or under the key that a turn over
// data has for itself.
//
//	if t, ok := timers[name]; ok { t.Stop() }
//	timers[name] = time.AfterFunc(pause, reload)
//
// The timer may be stopped by a function of the package that is called there.
func (p *Program) TakenBack(in, start ast.Node) (cuts []ast.Node) {
	return p.takenBack(in, start, p.keptAt(in, start))
}

// OneTimer is TakenBack of a timer that there is one of whoever calls the function: a variable
// of the package keeps it, or a collection under a key. The one timer of a receiver is another
// one for each of many receivers.
func (p *Program) OneTimer(in, start ast.Node) []ast.Node {
	kept := p.keptAt(in, start)
	if kept.v == nil || kept.key == "" && (kept.v.IsField() || kept.v.Parent() != p.pkg.Scope()) {
		return nil
	}
	return p.takenBack(in, start, kept)
}

func (p *Program) takenBack(in, start ast.Node, kept slot) (cuts []ast.Node) {
	if kept.v == nil || contains(in, kept.v.Pos()) || kept.key != "" && p.overData(in) {
		return nil
	}
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if n != start && (p.takesBack(in, n, kept) || p.takesBackIn(n, kept)) {
				cuts = append(cuts, n)
			}
		}
		return true
	})
	if len(cuts) == 0 {
		return nil
	}
	ast.Inspect(in, func(n ast.Node) bool {
		s, ok := n.(*ast.IfStmt)
		within := func(c ast.Node) bool { return contains(s.Body, c.Pos()) || s.Else != nil && contains(s.Else, c.Pos()) }
		if ok && p.looksUp(in, s.Cond, kept) && slices.ContainsFunc(cuts, within) {
			cuts = append(cuts, s.Cond)
		}
		return true
	})
	return cuts
}

// overData reports whether a node is a loop over what is there when it begins.
func (p *Program) overData(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.RangeStmt:
		_, channel := p.TypeOf(n.X).Underlying().(*types.Chan)
		return !channel
	case *ast.ForStmt:
		return n.Post != nil
	}
	return false
}

// keptAt returns where the timer that a call starts is put, at once or by way of a local
// variable: nowhere if it starts none, so that the node it is in is not read for each goroutine.
func (p *Program) keptAt(in, call ast.Node) (kept slot) {
	if c, ok := call.(*ast.CallExpr); !ok || !IsTimer(p.TypeOf(c)) {
		return slot{}
	}
	holds := func(e ast.Expr) bool {
		return ast.Unparen(e) == call || kept.v != nil && kept.key == "" && contains(in, kept.v.Pos()) && p.Variable(e) == kept.v
	}
	ast.Inspect(in, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if ok && len(a.Rhs) == 1 && len(a.Lhs) == 1 && holds(a.Rhs[0]) {
			kept = p.slot(a.Lhs[0])
		}
		return true
	})
	return kept
}

// IsTimer reports whether a type is *time.Timer.
func IsTimer(t types.Type) bool {
	ptr, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(ptr.Elem()).(*types.Named)
	return ok && n.Obj().Name() == "Timer" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
}

// takesBack reports whether a call stops the timer of a slot, or sets it again.
func (p *Program) takesBack(in ast.Node, c *ast.CallExpr, kept slot) bool {
	x := p.stoppedBy(c)
	return x != nil && p.names(in, x, kept)
}

// stoppedBy returns the timer that a call stops, or sets again, or nil.
func (p *Program) stoppedBy(c *ast.CallExpr) ast.Expr {
	if fn := p.Callee(c); fn == nil || fn.FullName() != "(*time.Timer).Stop" && fn.FullName() != "(*time.Timer).Reset" {
		return nil
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// takesBackIn reports whether a function of the package that a call runs does so. There the
// key has a name of its own.
func (p *Program) takesBackIn(c *ast.CallExpr, kept slot) bool {
	var bodies []*ast.BlockStmt
	if d := p.Declaration(p.Callee(c)); d != nil {
		bodies = append(bodies, d.Body)
	} else if v := p.Variable(c.Fun); v != nil && isFunc(v.Type()) {
		for _, x := range p.Held(v) {
			if lit, ok := x.Expr.(*ast.FuncLit); ok {
				bodies = append(bodies, lit.Body)
			}
		}
	}
	return slices.ContainsFunc(bodies, func(b *ast.BlockStmt) bool {
		return b != nil && slices.Contains(p.timersStopped(b), kept.v)
	})
}

// timersStopped returns what has the timers that a function stops, or sets again. Each body is
// read once, however often it is called.
func (p *Program) timersStopped(b *ast.BlockStmt) (list []*types.Var) {
	if list, ok := p.stopped[b]; ok {
		return list
	}
	ast.Inspect(b, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if x := p.stoppedBy(c); x != nil {
			list = append(list, p.slot(x).v)
			if v := p.Variable(x); v != nil && contains(b, v.Pos()) {
				from, _ := p.sources(v)
				for _, e := range from {
					list = append(list, p.slot(e).v)
				}
			}
		}
		return true
	})
	if p.stopped == nil {
		p.stopped = make(map[*ast.BlockStmt][]*types.Var)
	}
	p.stopped[b] = list
	return list
}

// names reports whether an expression is what a slot has, also one that has been read from
// there before. A slot without a key is any of the collection's.
func (p *Program) names(in ast.Node, e ast.Expr, kept slot) bool {
	if s := p.slot(e); s == kept || s.v == kept.v && s.v != nil && kept.key == "" {
		return true
	}
	v := p.Variable(e)
	return v != nil && contains(in, v.Pos()) && p.readFrom(in, v, kept)
}

// readFrom reports whether a variable is set to what a slot has, or to whether it has
// something.
func (p *Program) readFrom(in ast.Node, v *types.Var, kept slot) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if ok && len(a.Rhs) == 1 && slices.ContainsFunc(a.Lhs, func(l ast.Expr) bool { return p.Variable(l) == v }) {
			s := p.slot(a.Rhs[0])
			found = found || s == kept || s.v == kept.v && s.v != nil && kept.key == ""
		}
		return !found
	})
	return found
}

// looksUp reports whether a condition asks whether a slot has something, and nothing else.
func (p *Program) looksUp(in ast.Node, cond ast.Expr, kept slot) bool {
	switch c := Condition(p.info, cond).(type) {
	case *ast.BinaryExpr:
		if c.Op == token.LAND || c.Op == token.LOR {
			return p.looksUp(in, c.X, kept) && p.looksUp(in, c.Y, kept)
		}
		return p.info.Types[c.Y].IsNil() && p.names(in, c.X, kept)
	case *ast.UnaryExpr:
		return c.Op == token.NOT && p.looksUp(in, c.X, kept)
	case *ast.Ident:
		return p.names(in, c, kept)
	}
	return false
}
