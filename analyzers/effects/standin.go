package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file tells a method that does nothing, as that of a null object, from one that
// implements what an interface is for.

// StandsIn reports whether a method only fills the place of another one: it does nothing, or
// a generator has written it.
func (r *Result) StandsIn(f *Func) bool { return f.Body() != nil && r.p.standsIn(f) }

func (p *pkg) standsIn(f *Func) bool {
	return !slices.ContainsFunc(f.Body().List, p.acts) || p.generated(f.Obj.Pos())
}

// acts reports whether a statement does more than to return, or to say so in the log. What
// another function of the package gives, that one has done; what is made of the receiver or of
// an argument, unless that is an error, is the work itself.
func (p *pkg) acts(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return slices.ContainsFunc(s.Results, func(e ast.Expr) bool { return p.asksHere(e) || p.usesGiven(e) })
	case *ast.ExprStmt:
		c, ok := ast.Unparen(s.X).(*ast.CallExpr)
		if !ok {
			return true
		}
		fn := p.calleeOf(c)
		if fn == nil {
			return true
		}
		k := p.known(fn)
		return k == nil || !k.quiet
	}
	return true
}

// usesGiven reports whether an expression, which is no error, is made of the receiver or of an
// argument.
func (p *pkg) usesGiven(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if v, _ := p.info.Uses[id].(*types.Var); ok && v != nil {
			found = found || v.Kind() == types.ParamVar || v.Kind() == types.RecvVar
		}
		return !found
	})
	return found && !isError(p.prog.TypeOf(e))
}

// asksHere reports whether an expression calls a function of this package, or one that is
// not known.
func (p *pkg) asksHere(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		if tv := p.info.Types[c.Fun]; !tv.IsType() && !tv.IsBuiltin() {
			fn := p.calleeOf(c)
			found = fn == nil || fn.Pkg() == p.types || isInterfaceMethod(fn)
		}
		return !found
	})
	return found
}

// generated reports whether a position is in a file that a generator has written.
func (p *pkg) generated(pos token.Pos) bool {
	i := slices.IndexFunc(p.pass.Files, func(f *ast.File) bool { return f.FileStart <= pos && pos < f.FileEnd })
	return i >= 0 && ast.IsGenerated(p.pass.Files[i])
}
