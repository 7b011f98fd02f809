package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// limiterBefore looks for something on the way to the site that bounds how many
// tasks can be in flight: a token taken from a channel or semaphore, a rate
// limiter, a counter compared with a limit.
func (p *placer) limiterBefore(s *Site) Limit {
	loop := s.Trip.Loop
	if loop == nil {
		loop = s.Op.Loop
	}
	if op := p.tokenBefore(s, loop); op != nil {
		l := Limit{Class: Semaphore, Token: op}
		l.Tokens, l.N = p.tokensOf(op)
		return l
	}
	if loop != nil && p.counted(loop, s.Op.Node.Pos()) {
		return Limit{Class: Semaphore}
	}
	return Limit{}
}

// tokenBefore returns the first op that takes a token among those that run before
// the site in each iteration of its loop, in the site's function and, for a
// literal that runs in place, around it.
func (p *placer) tokenBefore(s *Site, loop *effects.Loop) *effects.Op {
	f, site := s.Func, s.Op
	for range maxDepth {
		for _, op := range p.takers(f) {
			if op.Node.Pos() >= site.Node.Pos() && !(op.Loop != nil && op.Loop == site.Loop && loop != nil) {
				continue
			}
			if op == site || op.Spawned != nil {
				continue
			}
			if loop != nil && (op.Node.Pos() < loop.Node.Pos() || op.Node.Pos() >= loop.Node.End()) && f == s.Func {
				continue
			}
			return op
		}
		if f.Lit == nil {
			return nil
		}
		parent, call, _ := p.fx.Invocation(f)
		if call == nil {
			return nil
		}
		f, site = parent, call
	}
	return nil
}

// takers returns the ops of the function that take a token. Each of its sites
// asks, and functions that are generated have thousands of both.
func (p *placer) takers(f *effects.Func) []*effects.Op {
	list, ok := p.taking[f]
	if !ok {
		for _, op := range f.Ops {
			if p.takesToken(op) {
				list = append(list, op)
			}
		}
		p.taking[f] = list
	}
	return list
}

// takesToken reports whether the op can wait for a free place.
func (p *placer) takesToken(op *effects.Op) bool {
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		return p.tokens(n.Chan)
	case *ast.UnaryExpr:
		return n.Op == token.ARROW && !cancelName(types.ExprString(n.X))
	case *ast.SelectStmt:
		return p.selectToken(n)
	case *ast.CallExpr:
		return p.acquires(op)
	}
	return false
}

// tokens reports whether sending to the channel takes a place: its elements
// carry nothing, it is named like a semaphore, or it has a buffer.
func (p *placer) tokens(ch ast.Expr) bool {
	if semaphoreName(types.ExprString(ch)) {
		return true
	}
	if n, known := p.fx.Capacity(ch); known && n != 0 {
		return true
	}
	t := p.info.TypeOf(ch)
	if t == nil {
		return false
	}
	c, ok := t.Underlying().(*types.Chan)
	return ok && empty(c.Elem())
}

// tokensOf says how many tokens there are where the op takes one: the capacity of
// the channel that it sends to.
func (p *placer) tokensOf(op *effects.Op) (Class, int64) {
	ch := ast.Expr(nil)
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		ch = n.Chan
	case *ast.SelectStmt:
		for _, cl := range n.Body.List {
			if s, ok := cl.(*ast.CommClause).Comm.(*ast.SendStmt); ok {
				ch = s.Chan
			}
		}
	}
	if ch == nil {
		return None, 0
	}
	return classOf(p.prog.Size(ch, program.Package))
}

func empty(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	if ok {
		return st.NumFields() == 0
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

func (p *placer) selectToken(s *ast.SelectStmt) bool {
	for _, cl := range s.Body.List {
		switch comm := cl.(*ast.CommClause).Comm.(type) {
		case *ast.SendStmt:
			if p.tokens(comm.Chan) {
				return true
			}
		case *ast.ExprStmt:
			if u, ok := ast.Unparen(comm.X).(*ast.UnaryExpr); ok && !cancelName(types.ExprString(u.X)) && !timerExpr(u.X) {
				return true
			}
		}
	}
	return false
}

func timerExpr(e ast.Expr) bool {
	s := types.ExprString(e)
	return strings.HasSuffix(s, ".C") || strings.Contains(s, "After(") || strings.Contains(s, "Done(")
}

func cancelName(s string) bool {
	s = strings.ToLower(s)
	for _, w := range []string{"done", "stop", "quit", "clos", "exit", "shutdown", "cancel", "ctx", "term", "timer", "ticker"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func semaphoreName(s string) bool {
	s = strings.ToLower(s)
	for _, w := range []string{"sem", "limit", "token", "slot", "throttl", "guard", "ticket", "concurr", "parallel", "permit", "gate", "budget"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// acquires reports whether a call takes a token: a known limiter, or a function
// that is named like one and can block.
func (p *placer) acquires(op *effects.Op) bool {
	fn := op.Callee()
	if fn == nil {
		return false
	}
	switch p.fx.Limiter(fn) {
	case "acquire", "try":
		return true
	case "release":
		return false
	}
	name := strings.ToLower(fn.Name())
	if strings.Contains(name, "release") {
		return false
	}
	for _, w := range []string{"acquire", "throttle", "ratelimit", "reserve", "checkout", "enter"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	if paces(op) {
		return true
	}
	named := strings.Contains(name, "limit") || strings.Contains(name, "token") || strings.Contains(name, "slot") || strings.HasPrefix(name, "wait") || name == "take" || name == "get"
	return named && (op.Effect(effects.Chan) != nil || op.Effect(effects.Wait) != nil)
}

// paces reports whether a call sends or waits on its main path, close to its
// own code: then it is what the loop is held up by.
func paces(op *effects.Op) bool {
	for _, k := range []effects.Kind{effects.Chan, effects.Wait} {
		if e := op.Effect(k); e != nil && e.Certainty >= effects.Usually && len(e.Chain) <= 3 && !e.Is(effects.Hint) {
			return true
		}
	}
	return false
}

// counted reports whether, before pos, the loop compares a count with a limit.
func (p *placer) counted(loop *effects.Loop, pos token.Pos) bool {
	found := false
	check := func(cond ast.Expr) {
		ast.Inspect(cond, func(n ast.Node) bool {
			b, ok := n.(*ast.BinaryExpr)
			if !ok {
				return !found
			}
			switch b.Op {
			case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL:
				if p.countLimit(b.X) || p.countLimit(b.Y) {
					found = true
				}
			}
			return !found
		})
	}
	ast.Inspect(loop.Node, func(n ast.Node) bool {
		if n == nil || found || n.Pos() >= pos {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return n.Pos() <= pos && pos < n.End()
		case *ast.IfStmt:
			check(n.Cond)
		case *ast.ForStmt:
			if n != loop.Node && n.Cond != nil && n.End() < pos {
				check(n.Cond)
			}
		}
		return !found
	})
	return found
}

func (p *placer) countLimit(e ast.Expr) bool {
	t := p.info.TypeOf(e)
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 {
		return false
	}
	s := types.ExprString(e)
	return bounding(s)
}
