package program

import (
	"go/ast"
	"go/types"
)

// OnlySend returns the channel of the one send in a select whose other cases only wait for
// something to end: what they receive tells nothing but that it has come. Nil for another.
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
			from := ReceivedFrom(comm) // nil in a default case as well
			if from == nil {
				return nil
			}
			ch, ok := p.info.TypeOf(from).Underlying().(*types.Chan)
			if !ok || !Bare(ch.Elem()) {
				return nil
			}
		}
	}
	return to
}
