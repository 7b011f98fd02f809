package program

import (
	"go/ast"
	"go/types"
)

// OnlySend returns the channel of the one send in a select whose other cases only wait for
// the end of a thing that holds it: of a context, or of a channel that is closed, to which
// nobody is seen to send, in a field or a package variable. Nil for another: what a function
// makes itself, or is given, may end soon.
func (p *Program) OnlySend(s *ast.SelectStmt) ast.Expr {
	var to ast.Expr
	for _, cl := range s.Body.List {
		switch comm := cl.(*ast.CommClause).Comm.(type) {
		case *ast.SendStmt:
			if to != nil {
				return nil
			}
			to = comm.Chan
		default:
			if from := ReceivedFrom(comm); from == nil || !p.lasts(from) { // nil in a default case as well
				return nil
			}
		}
	}
	return to
}

// lasts reports whether a channel tells nothing but the end of what holds it.
func (p *Program) lasts(ch ast.Expr) bool {
	t, ok := p.info.TypeOf(ch).Underlying().(*types.Chan)
	if !ok || !Bare(t.Elem()) {
		return false
	}
	if call, ok := ast.Unparen(ch).(*ast.CallExpr); ok {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if fn := p.Callee(call); !ok || fn == nil || fn.FullName() != "(context.Context).Done" {
			return false
		}
		ch = sel.X
	}
	v := p.Variable(ch)
	if v == nil || !v.IsField() && (v.Pkg() == nil || v.Parent() != v.Pkg().Scope()) {
		return false
	}
	sent := p.everywhere().traffic[v]
	return sent == nil || sent.sends == 0
}
