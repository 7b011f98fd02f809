package edit

import (
	"go/ast"
	"go/types"
	"strings"
)

// A rewrite is a serial loop that is proved to have independent iterations, and
// what its concurrent form needs.
type rewrite struct {
	*source
	loop  ast.Stmt // *ast.ForStmt or *ast.RangeStmt
	body  *ast.BlockStmt
	fn    ast.Node
	block *ast.BlockStmt // that the loop stands in

	index   types.Object          // of the loop, nil if it has none
	vars    map[types.Object]bool // the loop's own
	over    ast.Expr              // what it ranges over, nil for three clauses
	results []*ast.ReturnStmt     // error returns inside
	skips   []*ast.BranchStmt     // continues
	append_ *appendTo             // the one append, nil if none
	written map[types.Object]bool // outer variables that get out[i] = …
}

// appendTo is "out = append(out, x)".
type appendTo struct {
	stmt  *ast.AssignStmt
	out   types.Object
	value ast.Expr
}

// makeConcurrent runs the iterations of the loop at the site at once.
func (s *source) makeConcurrent() error {
	r, err := s.findLoop()
	if err != nil {
		return err
	}
	if err := r.prove(); err != nil {
		return err
	}
	return r.write()
}

func (s *source) findLoop() (*rewrite, error) {
	for n := range ast.Preorder(s.file) {
		if !n.Pos().IsValid() || s.line(n.Pos()) != s.site.Line {
			continue
		}
		r := &rewrite{source: s, vars: make(map[types.Object]bool), written: make(map[types.Object]bool)}
		switch x := n.(type) {
		case *ast.ForStmt:
			r.loop, r.body = x, x.Body
		case *ast.RangeStmt:
			r.loop, r.body, r.over = x, x.Body, x.X
		default:
			continue
		}
		r.fn = s.function(n)
		block, ok := s.parent(n).(*ast.BlockStmt)
		if !ok {
			return nil, refuse("the loop has a label or stands in a case")
		}
		r.block = block
		return r, nil
	}
	return nil, refuse("no loop is found at %s:%d", s.name, s.site.Line)
}

// prove checks that no iteration sees another one. It looks at this package
// alone: what called functions of other packages write is not known, except for
// the types in the table of shared.go.
func (r *rewrite) prove() error {
	if err := r.head(); err != nil {
		return err
	}
	if len(r.body.List) == 0 {
		return refuse("the loop does nothing")
	}
	if r.line(r.body.Lbrace) == r.line(r.body.List[0].Pos()) {
		return refuse("the loop is on one line")
	}
	if err := r.leaves(r.body, false); err != nil {
		return err
	}
	for n := range ast.Preorder(r.body) {
		if err := r.writes(n); err != nil {
			return err
		}
	}
	if err := r.reads(); err != nil {
		return err
	}
	if err := r.shares(); err != nil {
		return err
	}
	if r.append_ != nil {
		return r.indexable()
	}
	return nil
}

// head reads the loop's own variables.
func (r *rewrite) head() error {
	switch x := r.loop.(type) {
	case *ast.RangeStmt:
		for i, e := range []ast.Expr{x.Key, x.Value} {
			id, ok := e.(*ast.Ident)
			if !ok || id.Name == "_" {
				continue
			}
			o := r.info.Defs[id]
			if o == nil {
				return refuse("the loop sets %s, which lives on after it", id.Name)
			}
			r.vars[o] = true
			if i == 0 && r.indexed() {
				r.index = o
			}
		}
	case *ast.ForStmt:
		if boundOf(x) == nil {
			return refuse("the loop does not simply count")
		}
		inc, ok := x.Post.(*ast.IncDecStmt)
		init := x.Init.(*ast.AssignStmt)
		id := init.Lhs[0].(*ast.Ident)
		if !ok || r.textOf(inc.X) != id.Name || r.info.Defs[id] == nil {
			return refuse("the loop does not simply count")
		}
		r.index = r.info.Defs[id]
		r.vars[r.index] = true
	}
	return nil
}

// indexed reports whether the key of a range is a number of its own for each
// iteration that may serve as an index.
func (r *rewrite) indexed() bool {
	t := r.info.TypeOf(r.over)
	if t == nil {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Array:
		return true
	case *types.Basic:
		return u.Info()&types.IsInteger != 0
	}
	return false
}

// leaves checks the ways out of an iteration. Inner says that break and continue
// belong to a statement inside.
func (r *rewrite) leaves(n ast.Node, inner bool) error {
	var bad error
	ast.Inspect(n, func(c ast.Node) bool {
		if bad != nil || c == n && c != r.body {
			return bad == nil
		}
		switch x := c.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt, *ast.RangeStmt:
			bad = r.leaves(c, true)
			return false
		case *ast.SwitchStmt, *ast.TypeSwitchStmt:
			// A break ends the switch, a continue the iteration.
			return true
		case *ast.ReturnStmt:
			bad = r.errorReturn(x)
		case *ast.BranchStmt:
			bad = r.branch(x, inner)
		case *ast.DeferStmt:
			bad = refuse("the loop defers %s to the end of the function", r.textOf(x.Call))
		case *ast.LabeledStmt:
			bad = refuse("the loop has a label")
		case *ast.SelectStmt:
			bad = refuse("the loop waits in a select")
		case *ast.SendStmt:
			bad = refuse("the loop sends on %s in an order that matters", r.textOf(x.Chan))
		case *ast.UnaryExpr:
			if x.Op.String() == "<-" {
				bad = refuse("the loop receives from %s in an order that matters", r.textOf(x.X))
			}
		}
		return bad == nil
	})
	return bad
}

func (r *rewrite) branch(x *ast.BranchStmt, inner bool) error {
	if x.Label != nil || x.Tok.String() == "goto" {
		return refuse("the loop is left by %s", r.textOf(x))
	}
	if x.Tok.String() == "fallthrough" || inner {
		return nil
	}
	if x.Tok.String() == "continue" {
		r.skips = append(r.skips, x)
		return nil
	}
	if r.inSwitch(x) {
		return nil
	}
	return refuse("the loop ends early by a break")
}

func (r *rewrite) inSwitch(n ast.Node) bool {
	for n = r.parent(n); n != nil && n != ast.Node(r.body); n = r.parent(n) {
		switch n.(type) {
		case *ast.SwitchStmt, *ast.TypeSwitchStmt:
			return true
		}
	}
	return false
}

// errorReturn takes "return zero…, err" inside "if err != nil". All must give
// the same zero values, so that one return after the loop can stand for them.
func (r *rewrite) errorReturn(x *ast.ReturnStmt) error {
	list := r.resultTypes()
	n := len(x.Results)
	if n == 0 || n != len(list) || list[n-1] != "error" || r.textOf(x.Results[n-1]) == "nil" {
		return refuse("the loop returns early at line %d", r.line(x.Pos()))
	}
	block := r.parent(x)
	if cond, ok := r.parent(block).(*ast.IfStmt); !ok || block != ast.Node(cond.Body) || !strings.HasSuffix(r.textOf(cond.Cond), "!= nil") {
		return refuse("the loop returns early at line %d", r.line(x.Pos()))
	}
	for _, e := range x.Results[:n-1] {
		if !isZero(e) {
			return refuse("the loop returns %s with its error, which other iterations would still be writing", r.textOf(e))
		}
	}
	if len(r.results) > 0 && r.zeros(x) != r.zeros(r.results[0]) {
		return refuse("the loop returns different values with its errors")
	}
	r.results = append(r.results, x)
	return nil
}

// zeros is the text of the results before the error, with a trailing comma.
func (r *rewrite) zeros(x *ast.ReturnStmt) string {
	text := ""
	for _, e := range x.Results[:len(x.Results)-1] {
		text += r.textOf(e) + ", "
	}
	return text
}

func isZero(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return x.Name == "nil" || x.Name == "false" || x.Name == "true"
	case *ast.CompositeLit:
		return len(x.Elts) == 0
	}
	return false
}

// resultTypes are the types of the function's results as they are written.
func (r *rewrite) resultTypes() []string {
	var ft *ast.FuncType
	switch x := r.fn.(type) {
	case *ast.FuncDecl:
		ft = x.Type
	case *ast.FuncLit:
		ft = x.Type
	}
	var list []string
	if ft == nil || ft.Results == nil {
		return nil
	}
	for _, f := range ft.Results.List {
		for range max(1, len(f.Names)) {
			list = append(list, r.textOf(f.Type))
		}
	}
	return list
}
