package edit

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// changeLimit gives a limit that is there another size.
func (s *source) changeLimit() error {
	e, err := s.findLimit()
	if err != nil {
		return err
	}
	return s.changeAt(e, 0)
}

// changeAt changes the expression, or the declaration that it names.
func (s *source) changeAt(e ast.Expr, depth int) error {
	e = inner(e)
	if id, ok := e.(*ast.Ident); ok && depth < 4 {
		switch o := s.object(id).(type) {
		case *types.Const:
			return s.changeConst(id, o)
		case *types.Var:
			if value := s.onlyValue(o); value != nil {
				return s.changeAt(value, depth+1)
			}
		}
	}
	if s.tune || s.fixed(e) {
		return s.resize(e)
	}
	return refuse("the limit comes from %s, which is configuration: try %s there", s.textOf(e), s.wanted())
}

func (s *source) wanted() string {
	if s.want.Cores {
		return "runtime.GOMAXPROCS(0)"
	}
	return constant.MakeInt64(int64(s.want.N)).String()
}

// fixed reports whether nothing but the source decides a value: numbers, the
// number of cores, and arithmetic of these.
func (s *source) fixed(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.BasicLit:
		return x.Kind == token.INT
	case *ast.ParenExpr:
		return s.fixed(x.X)
	case *ast.BinaryExpr:
		return s.fixed(x.X) && s.fixed(x.Y)
	case *ast.Ident:
		_, ok := s.object(x).(*types.Const)
		return ok
	case *ast.CallExpr:
		switch name := calleeName(x); {
		case name == "NumCPU", name == "GOMAXPROCS":
			return true
		case name == "max", name == "min", isInteger(name):
			return !slices.ContainsFunc(x.Args, func(a ast.Expr) bool { return !s.fixed(a) })
		}
	}
	return false
}

// findLimit finds the limit's expression by its place and text.
func (s *source) findLimit() (ast.Expr, error) {
	line, text := s.site.Limit.Line, s.site.Limit.Text
	if line == 0 {
		line = s.site.Line
	}
	var known, same []ast.Expr
	for n := range ast.Preorder(s.file) {
		if s.line(n.Pos()) > line || s.line(n.End()) < line {
			continue
		}
		if e := limitIn(n); e != nil && s.line(e.Pos()) == line {
			known = append(known, e)
		}
		if e, ok := n.(ast.Expr); ok && s.line(e.Pos()) == line && s.textOf(e) == text && !s.isName(e) {
			same = append(same, e)
		}
	}
	forms := known
	matches := func(e ast.Expr) bool { return s.textOf(e) == text || s.textOf(inner(e)) == text }
	if text != "" {
		known = slices.DeleteFunc(slices.Clone(known), func(e ast.Expr) bool { return !matches(e) })
	}
	switch {
	case len(known) == 0 && len(same) == 1:
		known = same
	case len(known) == 0 && len(forms) == 1:
		// The text may be what a name stands for.
		known = forms
	}
	if len(known) == 1 {
		if call, ok := inner(known[0]).(*ast.CallExpr); ok && !s.fixed(call) && s.textOf(call) != text {
			// The value is made by a constructor: the limit is its one number.
			known = slices.DeleteFunc(slices.Clone(call.Args), func(a ast.Expr) bool { return !s.fixed(a) })
		}
	}
	switch {
	case len(known) == 1:
		return known[0], nil
	case len(known) > 1 && s.site.Limit.Column > 0:
		for _, e := range known {
			p := s.fset.PositionFor(e.Pos(), false)
			if p.Column >= s.site.Limit.Column {
				return e, nil
			}
		}
	}
	return nil, refuse("the limit %q is not found at %s:%d", text, s.name, line)
}

// isName reports whether e is no value: what a selector selects, what is declared.
func (s *source) isName(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	switch p := s.parent(e).(type) {
	case *ast.SelectorExpr:
		return p.Sel == id
	case *ast.KeyValueExpr:
		return p.Key == e
	}
	return s.info.Uses[id] == nil && s.info.Defs[id] == nil
}

// limitIn is the expression that bounds tasks in a node of a known form.
func limitIn(n ast.Node) ast.Expr {
	switch x := n.(type) {
	case *ast.CallExpr:
		switch calleeName(x) {
		case "SetLimit", "NewWeighted":
			if len(x.Args) == 1 {
				return x.Args[0]
			}
		case "make":
			if len(x.Args) != 2 {
				return nil
			}
			if _, ok := x.Args[0].(*ast.ChanType); ok {
				return x.Args[1]
			}
		}
	case *ast.ForStmt:
		return boundOf(x)
	case *ast.RangeStmt:
		if x.Value == nil {
			return x.X
		}
	case *ast.ValueSpec:
		if len(x.Names) == 1 && len(x.Values) == 1 {
			return x.Values[0]
		}
	case *ast.AssignStmt:
		if len(x.Lhs) == 1 && len(x.Rhs) == 1 {
			return x.Rhs[0]
		}
	case *ast.KeyValueExpr:
		return x.Value
	}
	return nil
}

// boundOf is n of "for i := 0; i < n; i++" and of "for i := 1; i <= n; i++".
func boundOf(loop *ast.ForStmt) ast.Expr {
	cond, ok := loop.Cond.(*ast.BinaryExpr)
	init, okInit := loop.Init.(*ast.AssignStmt)
	if !ok || !okInit || len(init.Lhs) != 1 || len(init.Rhs) != 1 {
		return nil
	}
	i, ok := init.Lhs[0].(*ast.Ident)
	x, okX := cond.X.(*ast.Ident)
	start, okStart := init.Rhs[0].(*ast.BasicLit)
	if !ok || !okX || !okStart || i.Name != x.Name {
		return nil
	}
	if cond.Op == token.LSS && start.Value == "0" || cond.Op == token.LEQ && start.Value == "1" {
		return cond.Y
	}
	return nil
}

// onlyValue is what a variable is set to where it is declared, nil if it is set
// again or its address is taken.
func (s *source) onlyValue(v *types.Var) ast.Expr {
	if v.Pos() < s.file.FileStart || v.Pos() >= s.file.FileEnd {
		return nil
	}
	for _, id := range s.uses(v) {
		switch p := s.parent(id).(type) {
		case *ast.AssignStmt:
			if slices.Contains(p.Lhs, ast.Expr(id)) {
				return nil
			}
		case *ast.IncDecStmt:
			return nil
		case *ast.UnaryExpr:
			if p.Op == token.AND {
				return nil
			}
		}
	}
	for id, o := range s.info.Defs {
		if o != v {
			continue
		}
		switch p := s.parent(id).(type) {
		case *ast.AssignStmt:
			if len(p.Lhs) == 1 && len(p.Rhs) == 1 {
				return p.Rhs[0]
			}
		case *ast.ValueSpec:
			if len(p.Names) == 1 && len(p.Values) == 1 {
				return p.Values[0]
			}
		}
	}
	return nil
}
