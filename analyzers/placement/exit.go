package placement

import (
	"go/ast"
	"go/token"
)

// This file finds loops that end where they start a task, or as soon as enough
// are running.

// leavesWith reports whether what stands at pos in the body of a loop is followed
// by a statement that leaves the loop:
//
//	for _, c := range conns { if c == lost { go fill(); break } }
//
// inner says that a break would leave another statement than the loop.
func leavesWith(list []ast.Stmt, pos token.Pos, inner bool) bool {
	for _, s := range list {
		if pos < s.Pos() || pos >= s.End() {
			continue
		}
		switch last := list[len(list)-1].(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			if last.Tok == token.BREAK && (last.Label != nil || !inner) {
				return true
			}
		}
		return leavesWithin(s, pos, inner)
	}
	return false
}

// leavesWithin looks into the statement that pos lies in.
func leavesWithin(s ast.Stmt, pos token.Pos, inner bool) bool {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return leavesWith(s.List, pos, inner)
	case *ast.LabeledStmt:
		return leavesWithin(s.Stmt, pos, inner)
	case *ast.IfStmt:
		if s.Else != nil && pos >= s.Else.Pos() {
			return leavesWithin(s.Else, pos, inner)
		}
		return leavesWith(s.Body.List, pos, inner)
	case *ast.ForStmt:
		return leavesWith(s.Body.List, pos, true)
	case *ast.RangeStmt:
		return leavesWith(s.Body.List, pos, true)
	case *ast.SwitchStmt:
		return leavesWith(s.Body.List, pos, true)
	case *ast.TypeSwitchStmt:
		return leavesWith(s.Body.List, pos, true)
	case *ast.SelectStmt:
		return leavesWith(s.Body.List, pos, true)
	case *ast.CaseClause:
		return leavesWith(s.Body, pos, inner)
	case *ast.CommClause:
		return leavesWith(s.Body, pos, inner)
	}
	return false
}

// counts reports whether a loop goes on only while something counted is below a
// limit: for !closing && running < limit.
func (p *placer) counts(cond ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	if b.Op == token.LAND {
		return p.counts(b.X) || p.counts(b.Y)
	}
	return p.countLimit(b.X) || p.countLimit(b.Y)
}
