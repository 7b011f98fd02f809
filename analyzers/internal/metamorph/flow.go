package metamorph

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

func withDoc(d *ast.FuncDecl) token.Pos {
	if d.Doc != nil {
		return d.Doc.Pos()
	}
	return d.Pos()
}

// branches turns if c {A} else {B} into if !(c) {B} else {A}.
func branches(f *file) {
	innermost(f.syntax, func(s *ast.IfStmt) bool {
		other, ok := s.Else.(*ast.BlockStmt)
		if !ok {
			return false
		}
		f.insert(s.Cond.Pos(), "!(")
		f.insert(s.Cond.End(), ")")
		f.replace(s.Body.Pos(), s.Body.End(), f.source(other))
		f.replace(other.Pos(), other.End(), f.source(s.Body))
		return true
	})
}

// comparisons turns x == constant into constant == x, and so on.
func comparisons(f *file) {
	innermost(f.syntax, func(b *ast.BinaryExpr) bool {
		op, ok := turned[b.Op]
		y := f.pkg.TypesInfo.Types[b.Y]
		if !ok || !y.IsNil() && y.Value == nil {
			return false
		}
		f.replace(b.X.Pos(), b.Y.End(), f.source(b.Y)+" "+op.String()+" "+f.source(b.X))
		return true
	})
}

var turned = map[token.Token]token.Token{
	token.EQL: token.EQL, token.NEQ: token.NEQ, token.LSS: token.GTR, token.GTR: token.LSS, token.LEQ: token.GEQ, token.GEQ: token.LEQ,
}

// earlyReturns turns if c { return x }; rest into if c { return x } else { rest },
// once in a function.
func earlyReturns(f *file) {
	eachBody(f.syntax, func(body *ast.BlockStmt) {
		for i, s := range body.List {
			ifs, ok := s.(*ast.IfStmt)
			if !ok || ifs.Else != nil || i == len(body.List)-1 || !returns(ifs.Body) || labelled(body) || f.sharesNames(body.List[i+1:]) {
				continue
			}
			f.insert(ifs.End(), " else {")
			f.insert(body.Rbrace, "\n}\n")
			return
		}
	})
}

// sharesNames reports whether a list defines a variable along with one that is there:
// in a block of its own both would be new.
func (f *file) sharesNames(list []ast.Stmt) bool {
	for _, s := range list {
		a, ok := s.(*ast.AssignStmt)
		if !ok || a.Tok != token.DEFINE {
			continue
		}
		for _, l := range a.Lhs {
			id, ok := l.(*ast.Ident)
			if ok && id.Name != "_" && f.pkg.TypesInfo.Defs[id] == nil {
				return true
			}
		}
	}
	return false
}

func returns(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}

// labelled reports whether a block has labels, which a jump must not leave.
func labelled(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		_, ok := n.(*ast.LabeledStmt)
		found = found || ok
		return !found
	})
	return found
}

// eachBody calls visit for the bodies of declared functions, but for those with
// names for results: a new block could hide these from its return statements.
func eachBody(root *ast.File, visit func(*ast.BlockStmt)) {
	for _, d := range root.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Body != nil && !namesResults(fd) {
			visit(fd.Body)
		}
	}
}

// unlock gives locks back at the end in place of by defer, in functions that have
// one way out.
func unlock(f *file) {
	eachBody(f.syntax, func(body *ast.BlockStmt) {
		if exits(body) {
			return
		}
		for _, s := range body.List {
			d, ok := s.(*ast.DeferStmt)
			if !ok {
				continue
			}
			sel, ok := d.Call.Fun.(*ast.SelectorExpr)
			if ok && (sel.Sel.Name == "Unlock" || sel.Sel.Name == "RUnlock") && len(d.Call.Args) == 0 {
				f.insert(body.Rbrace, "\n"+f.source(d.Call)+"\n")
				f.replace(d.Pos(), d.End(), "")
			}
			return // of several, the order would be another
		}
	})
}

// exits reports whether a body has a return statement or a panic, those of
// literals left out, or more than one defer statement.
func exits(body *ast.BlockStmt) bool {
	found, defers := false, 0
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.DeferStmt:
			defers++
		case *ast.CallExpr:
			id, ok := n.Fun.(*ast.Ident)
			found = found || ok && id.Name == "panic"
		case *ast.ForStmt:
			found = found || n.Cond == nil // what follows it may never come
		}
		return true
	})
	return found || defers > 1
}

// loops counts by three parts where the loop ranges over a number, and the other
// way round.
func loops(f *file) {
	innermost(f.syntax, func(s *ast.RangeStmt) bool {
		id, ok := s.Key.(*ast.Ident)
		if !ok || s.Tok != token.DEFINE || s.Value != nil || id.Name == "_" || !isNumber(f, s.X) || sets(f, s.Body, id) || !steady(f, s.X, s.Body) {
			return false
		}
		v := f.pkg.TypesInfo.Defs[id]
		if v == nil {
			return false
		}
		zero := v.Type().String() + "(0)"
		if _, named := v.Type().(*types.Named); named {
			return false
		}
		f.replace(id.Pos(), s.X.Pos(), id.Name+" := "+zero+"; "+id.Name+" < ")
		f.insert(s.X.End(), "; "+id.Name+"++")
		return true
	})
}

func isNumber(f *file, e ast.Expr) bool {
	t := f.pkg.TypesInfo.TypeOf(e)
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// steady reports whether an expression is a constant or a variable that a block
// does not set.
func steady(f *file, e ast.Expr, b *ast.BlockStmt) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return !sets(f, b, e)
	}
	return false
}

// sets reports whether a block sets the variable of a name, or takes its address.
func sets(f *file, b *ast.BlockStmt, id *ast.Ident) bool {
	found := false
	same := func(e ast.Expr) bool {
		x, ok := ast.Unparen(e).(*ast.Ident)
		return ok && x.Name == id.Name
	}
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				found = found || same(l)
			}
		case *ast.IncDecStmt:
			found = found || same(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && same(n.X)
		}
		return !found
	})
	return found
}

// labels leaves loops by a label.
func labels(f *file) {
	innermost(f.syntax, func(s *ast.ForStmt) bool { return f.label(s, s.Body) })
	innermost(f.syntax, func(s *ast.RangeStmt) bool { return f.label(s, s.Body) })
}

func (f *file) label(loop ast.Stmt, body *ast.BlockStmt) bool {
	if !statement(f.syntax, loop) {
		return false
	}
	var jumps []*ast.BranchStmt
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return false
		case *ast.BranchStmt:
			if n.Label == nil && (n.Tok == token.BREAK || n.Tok == token.CONTINUE) {
				jumps = append(jumps, n)
			}
		}
		return true
	})
	if len(jumps) == 0 {
		return false
	}
	name := f.made()
	f.insert(loop.Pos(), name+": ")
	for _, j := range jumps {
		f.insert(j.End(), " "+name)
	}
	return true
}

// made is a name that was not there before.
func (f *file) made() string {
	f.count++
	return neutral + "made" + strconv.Itoa(f.count)
}

// statement reports whether a loop has no label.
func statement(root ast.Node, loop ast.Stmt) bool {
	has := false
	ast.Inspect(root, func(n ast.Node) bool {
		l, ok := n.(*ast.LabeledStmt)
		has = has || ok && l.Stmt == loop
		return !has
	})
	return !has
}

// literals names the function literals that statements hand over:
// go func() {…}() and g.Go(func() error {…}).
func literals(f *file) {
	innermost(f.syntax, func(b *ast.BlockStmt) bool {
		any := false
		for _, s := range b.List {
			if lit := f.handedOver(s); lit != nil {
				name := f.made()
				f.insert(s.Pos(), name+" := "+f.source(lit)+"; ")
				f.replace(lit.Pos(), lit.End(), name)
				any = true
			}
		}
		return any
	})
}

// handedOver returns the literal that a statement starts or gives to a call.
func (f *file) handedOver(s ast.Stmt) *ast.FuncLit {
	switch s := s.(type) {
	case *ast.GoStmt:
		if lit, ok := s.Call.Fun.(*ast.FuncLit); ok {
			return lit
		}
	case *ast.ExprStmt:
		c, ok := s.X.(*ast.CallExpr)
		if !ok || len(c.Args) != 1 {
			return nil
		}
		lit, ok := c.Args[0].(*ast.FuncLit)
		if _, method := c.Fun.(*ast.SelectorExpr); ok && method {
			return lit
		}
	}
	return nil
}

func namesResults(fd *ast.FuncDecl) bool {
	r := fd.Type.Results
	return r != nil && len(r.List) > 0 && len(r.List[0].Names) > 0
}
