package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// changeConst changes the declaration, so that everything that uses the constant
// still agrees. Tuning cannot: a constant has no run time, so each use is wrapped.
func (s *source) changeConst(at *ast.Ident, o *types.Const) error {
	if s.tune {
		for _, id := range s.uses(o) {
			switch s.parent(id).(type) {
			case *ast.ArrayType, *ast.ValueSpec, *ast.CaseClause:
				return refuse("the limit %s is needed as a constant at line %d, so no run can change it", at.Name, s.line(id.Pos()))
			}
			if err := s.wrap(id); err != nil {
				return err
			}
		}
		return nil
	}
	spec, decl := s.declaration(o)
	if spec == nil || len(spec.Names) != 1 || len(spec.Values) != 1 {
		return refuse("the limit %s is declared together with others or elsewhere: set it to %s there", at.Name, s.wanted())
	}
	if !s.want.Cores {
		s.replace(spec.Values[0].Pos(), spec.Values[0].End(), s.wanted())
		return nil
	}
	if decl.Lparen.IsValid() || s.neededConst(o) {
		return refuse("the limit %s is a constant, and the number of cores is none: declare it as a variable", at.Name)
	}
	n, err := s.size(spec.Pos())
	if err != nil {
		return err
	}
	s.replace(decl.Pos(), decl.Pos()+token.Pos(len("const")), "var")
	s.replace(spec.Values[0].Pos(), spec.Values[0].End(), n)
	return nil
}

// uses are the identifiers that mean o, in order.
func (s *source) uses(o types.Object) []*ast.Ident {
	var list []*ast.Ident
	for id, used := range s.info.Uses {
		if used == o {
			list = append(list, id)
		}
	}
	slices.SortFunc(list, func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
	return list
}

// neededConst reports whether a use would not compile with a variable of type
// int. Uses in other files are not followed up to their context.
func (s *source) neededConst(o *types.Const) bool {
	for _, id := range s.uses(o) {
		p := s.parent(id)
		switch p := p.(type) {
		case *ast.CallExpr, *ast.IncDecStmt, *ast.RangeStmt:
			if s.takesInt64(id) {
				return true
			}
		case *ast.BinaryExpr:
			if p.Op != token.LSS && p.Op != token.LEQ {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// declaration finds where a constant is declared, in the file that is edited or
// in another one of the package.
func (s *source) declaration(o types.Object) (*ast.ValueSpec, *ast.GenDecl) {
	for _, f := range s.files {
		if o.Pos() < f.ast.FileStart || o.Pos() >= f.ast.FileEnd {
			continue
		}
		for n := range ast.Preorder(f.ast) {
			decl, ok := n.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				continue
			}
			for _, spec := range decl.Specs {
				if spec.Pos() <= o.Pos() && o.Pos() < spec.End() {
					return spec.(*ast.ValueSpec), decl
				}
			}
		}
	}
	return nil, nil
}
