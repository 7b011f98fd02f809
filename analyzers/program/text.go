package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// This file finds the numbers that texts spell: the default of an environment variable or a
// flag is a text more often than not, and is read back by strconv.

// parses reports whether a call reads a number from a text.
func (p *Program) parses(c *ast.CallExpr) bool {
	fn := p.Callee(c)
	return From(fn, "strconv") && fn.Signature().Results().Len() == 2 && isNumber(fn.Signature().Results().At(0).Type())
}

// read returns the number that is read from a text. Where that may come from outside, the
// number is a setting that has those which the program spells as defaults.
func (ev *evaluator) read(x ast.Expr) Number {
	if ev.tooDeep() {
		return setting()
	}
	list, only := ev.p.spelled(x)
	n := nothing
	for _, e := range list {
		n = n.Join(ev.apart().number(e))
	}
	switch {
	case n == nothing:
		return setting()
	case only:
		return n
	}
	return usually(n)
}

// read follows the numbers that a text spells which is read, and reports whether there are no
// others.
func (f *follower) read(x ast.Expr) bool {
	list, only := f.p.spelled(x)
	for _, e := range list {
		if only {
			f.follow(e)
		} else {
			f.byDefault(e)
		}
	}
	return only
}

// spelled returns the numbers of which a text is made in any of the ways in which it comes
// about, and whether it can be no other text.
func (p *Program) spelled(x ast.Expr) (numbers []ast.Expr, only bool) {
	s := &speller{p: p, seen: make(map[types.Object]bool)}
	s.text(x, nil)
	return s.numbers, !s.others && len(s.numbers) > 0
}

type speller struct {
	p       *Program
	seen    map[types.Object]bool
	numbers []ast.Expr
	others  bool
	steps   int
}

// A callFrame is what a call gives the parameters of the function that is followed: one
// helper looks up many settings, each with a default of its own.
type callFrame struct {
	args map[*types.Var]ast.Expr
	from *callFrame
}

func (s *speller) text(x ast.Expr, in *callFrame) {
	if s.steps++; s.steps > maxSteps {
		s.others = true
		return
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.StarExpr:
		s.text(x.X, in)
		return
	case *ast.CallExpr:
		s.call(x, in)
		return
	case *ast.Ident, *ast.SelectorExpr:
		if v := s.p.Variable(x); v != nil {
			s.variable(v, in)
			return
		}
	}
	s.others = true
}

func (s *speller) call(c *ast.CallExpr, in *callFrame) {
	fn := s.p.Callee(c)
	if fn == nil || fn.Pkg() == nil {
		s.others = true
		return
	}
	if n := s.p.spells(fn, c); n != nil {
		s.numbers = append(s.numbers, n)
		return
	}
	d := s.p.Declaration(fn)
	if d == nil || d.Body == nil || s.seen[fn] {
		s.others = true
		if e := s.p.flagValue(c, isText); e != nil {
			s.text(e, in)
		} else if path := fn.Pkg().Path(); path == "cmp" || path == "strings" { // cmp.Or(os.Getenv("JOBS"), n)
			for _, a := range c.Args {
				s.text(a, in)
			}
		}
		return
	}
	s.seen[fn] = true
	defer delete(s.seen, fn)
	inner := &callFrame{args: make(map[*types.Var]ast.Expr), from: in}
	for i := range fn.Signature().Params().Len() {
		if a, ok := argumentOf(c, fn.Signature(), i); ok {
			inner.args[fn.Origin().Signature().Params().At(i)] = a
		}
	}
	for _, r := range Returns(d.Body) {
		if len(r.Results) == 0 {
			s.others = true
			continue
		}
		s.text(r.Results[0], inner)
	}
}

// spells returns the number that a call writes as a text, or nil.
func (p *Program) spells(fn *types.Func, c *ast.CallExpr) ast.Expr {
	switch fn.FullName() {
	case "strconv.Itoa", "strconv.FormatInt", "strconv.FormatUint":
		return c.Args[0]
	case "fmt.Sprint":
		if len(c.Args) == 1 && isInteger(p.info.TypeOf(c.Args[0])) {
			return c.Args[0]
		}
	case "fmt.Sprintf":
		if len(c.Args) == 2 && strings.TrimSpace(p.text(c.Args[0])) == "%d" {
			return c.Args[1]
		}
	}
	return nil
}

func (s *speller) variable(v *types.Var, in *callFrame) {
	if in != nil {
		if a, ok := in.args[v]; ok {
			s.text(a, in.from)
			return
		}
	}
	list := s.p.textsOf(v)
	_, _, param := s.p.Parameter(v)
	s.others = s.others || len(list) == 0 || param || v.IsField() || v.Parent() == s.p.pkg.Scope()
	if s.seen[v] {
		return
	}
	s.seen[v] = true
	defer delete(s.seen, v)
	for _, e := range list {
		s.text(e, in)
	}
}

// textsOf returns what the package sets a text, or a pointer to one, to: in assignments, in
// literals of structs, and as the default of a flag. A parameter gets what the calls give.
func (p *Program) textsOf(v *types.Var) []ast.Expr {
	if p.texts == nil {
		p.texts = make(map[*types.Var][]ast.Expr)
		for _, f := range p.Files() {
			ast.Inspect(f, func(n ast.Node) bool {
				p.readTexts(n)
				return true
			})
		}
	}
	if fn, i, ok := p.Parameter(v); ok {
		var list []ast.Expr
		for _, c := range p.everywhere().calls[fn] {
			if a, ok := argumentOf(c, fn.Signature(), i); ok {
				list = append(list, a)
			}
		}
		return append(list, p.texts[v]...)
	}
	return p.texts[v]
}

func (p *Program) readTexts(n ast.Node) {
	add := func(l, value ast.Expr) {
		if v := p.Variable(l); v != nil && textual(v.Type()) {
			p.texts[v] = append(p.texts[v], value)
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, l := range n.Lhs {
			if n.Tok == token.ASSIGN || n.Tok == token.DEFINE {
				add(l, n.Rhs[min(i, len(n.Rhs)-1)])
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if len(n.Values) > 0 {
				add(name, n.Values[min(i, len(n.Values)-1)])
			} else {
				add(name, name) // the empty text
			}
		}
	case *ast.CompositeLit:
		for v, el := range p.fieldsOf(n) {
			if textual(v.Type()) {
				p.texts[v] = append(p.texts[v], el)
			}
		}
	case *ast.CallExpr:
		if e := p.flagValue(n, isText); e != nil {
			if to, ok := ast.Unparen(n.Args[0]).(*ast.UnaryExpr); ok {
				add(to.X, n)
			}
		}
	}
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// textual reports whether values are texts or point to one, as flags do.
func textual(t types.Type) bool {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	return isText(t)
}
