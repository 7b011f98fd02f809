package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
)

// few returns the signal that the collection x of type t is seldom large, or "".
func (p *placer) few(f *effects.Func, x ast.Expr, t types.Type) string {
	switch {
	case p.spelledOut(x):
		return "fanout.spelled-out"
	case p.configured(f, x), lexicon.Is(lexicon.Settings, elemName(t)):
		return "fanout.configured"
	}
	return ""
}

// madeOf returns what a local is made of, nil where that is not one thing.
func (p *placer) madeOf(f *effects.Func, e ast.Expr) (made ast.Expr) {
	v := p.fx.Variable(e)
	if v == nil || v.IsField() || v.Parent() == p.pass.Pkg.Scope() {
		return nil
	}
	times := 0
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, l := range a.Lhs {
			if p.fx.Variable(l) != v {
				continue
			}
			if times++; i < len(a.Rhs) {
				made = a.Rhs[i]
			}
		}
		return true
	})
	if times != 1 {
		return nil
	}
	return made
}

// configured reports whether e is a part of what a program is configured with,
// which people write: opts.Cluster.Accounts, or what all callers take from there.
func (p *placer) configured(f *effects.Func, e ast.Expr) bool {
	if p.ofSettings(e) || p.partsOf(e) || p.partsOf(p.madeOf(f, e)) {
		return true
	}
	v := p.fx.Variable(e)
	if v == nil || v.IsField() {
		return false
	}
	fn, i, ok := p.prog.Parameter(v)
	if !ok {
		return false
	}
	calls := p.prog.Calls(fn)
	return len(calls) > 0 && !slices.ContainsFunc(calls, func(c *ast.CallExpr) bool {
		return i >= len(c.Args) || !p.ofSettings(c.Args[i])
	})
}

// partsOf reports whether e is what a function makes of settings alone and asks nobody
// for, as the parts of one that people write with commas between them: what lies in a
// directory that is set is data.
func (p *placer) partsOf(e ast.Expr) bool {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	settings := 0
	if fn := p.prog.Callee(c); fn == nil || !p.fx.Computes(fn) || slices.ContainsFunc(c.Args, func(a ast.Expr) bool {
		if p.ofSettings(a) {
			settings++
			return false
		}
		return p.info.Types[a].Value == nil
	}) {
		return false
	}
	return settings > 0
}

func (p *placer) ofSettings(e ast.Expr) bool {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		e = sel.X
		if lexicon.Is(lexicon.Settings, lastName(e)) || lexicon.Is(lexicon.Settings, typeName(p.info.TypeOf(e))) {
			return true
		}
	}
}

// lastName is the name under which a collection is known: servers of s.servers
// and of s.listServers().
func lastName(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return calledName(e)
	case *ast.IndexExpr:
		return lastName(e.X)
	case *ast.SliceExpr:
		return lastName(e.X)
	case *ast.StarExpr:
		return lastName(e.X)
	}
	return ""
}

// elemName is the name of the type of a collection's elements.
func elemName(t types.Type) string {
	c, ok := t.(interface{ Elem() types.Type })
	if !ok {
		return ""
	}
	if _, ok := c.Elem().Underlying().(*types.Signature); ok {
		return "func"
	}
	return typeName(c.Elem())
}

// typeName is the name of a type, or of what it points to.
func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	t = types.Unalias(t)
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}
