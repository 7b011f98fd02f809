package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// An index lists how the variables of a stretch of source get their values, and
// who calls its functions.
type index struct {
	defs    map[*types.Var][]def
	asked   map[look]bool                    // a condition in the declaration looks at it
	doubted map[*types.Var]bool              // a condition looks whether it is 0, or low
	calls   map[*types.Func][]*ast.CallExpr  // direct calls
	values  map[*types.Func]bool             // functions that are used otherwise: anybody may call them
	dynamic map[string]bool                  // methods called through interfaces, by name
	named   map[*ast.FuncLit]*types.Var      // literals that are the value of a variable
	runs    map[types.Object][]*ast.CallExpr // calls of variables
	escapes map[types.Object]bool            // variables that are used otherwise, or set again
	inPlace map[*ast.FuncLit]*ast.CallExpr   // calls of literals where they stand

	flows      map[*types.Var][]flow      // of the package alone, see everywhere
	replacing  map[*ast.CompositeLit]bool // likewise: that are assigned over other structs
	dispatched map[string][]*types.Func   // methods of interfaces that are called, by name
	traffic    map[*types.Var]*traffic    // of channels
	semaphores map[*types.Var]bool        // once asked for

	structs bool // defs has variables that hold structs, too
	narrow  bool // nothing but defs, asked and named is there
	// Once asked for, see readChannels: variables of channels by what they are set to,
	// and the parameters that these are handed to.
	channels map[ast.Expr]*types.Var
	handed   map[*types.Var][]*types.Var
}

// A look is one at a variable by some condition of a declaration.
type look struct {
	v  *types.Var
	in ast.Decl
}

func newIndex() *index {
	x := newNarrow()
	x.narrow = false
	x.doubted = make(map[*types.Var]bool)
	x.calls = make(map[*types.Func][]*ast.CallExpr)
	x.values = make(map[*types.Func]bool)
	x.dynamic = make(map[string]bool)
	x.runs = make(map[types.Object][]*ast.CallExpr)
	x.escapes = make(map[types.Object]bool)
	x.inPlace = make(map[*ast.FuncLit]*ast.CallExpr)
	x.traffic = make(map[*types.Var]*traffic)
	x.semaphores = make(map[*types.Var]bool)
	return x
}

func newNarrow() *index {
	return &index{narrow: true, defs: make(map[*types.Var][]def), asked: make(map[look]bool), named: make(map[*ast.FuncLit]*types.Var)}
}

// A def is one way in which a variable gets a value, in source order.
type def struct {
	how    how
	pos    token.Pos
	value  ast.Expr
	op     token.Token // of v op= value, ILLEGAL for v = value
	result int         // which result of the call value, -1 for the value itself
	param  int         // of a parameter
	// inner is the innermost construct that may leave the statement out or repeat
	// it, loop the innermost that may repeat it.
	inner, loop ast.Node
	cond        []ast.Expr // where it stands in a branch: one of these holds there
	literal     bool       // of a field: by a literal of its struct
	drops       bool       // of a result: the last one is dropped
}

type how uint8

const (
	assigned  how = iota
	declared      // to its zero value
	given         // a parameter
	counted       // the key of a range over value
	element       // the element of one
	stored        // v[k] = …
	elsewhere     // through its address, handed to value
)

// read adds one declaration.
func (x *index) read(p *Program, root ast.Decl) {
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		r := reader{p, x, stack}
		if x.flows != nil {
			r.flows(n)
		}
		r.numbers(n)
		if !x.narrow {
			r.uses(n)
		}
		return true
	})
}

// numbers adds what a node says of numbers and sizes.
func (r reader) numbers(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		r.assign(n)
	case *ast.IncDecStmt:
		op := token.ADD
		if n.Tok == token.DEC {
			op = token.SUB
		}
		r.add(n.X, def{op: op})
	case *ast.ValueSpec:
		r.spec(n)
	case *ast.RangeStmt:
		r.add(n.Key, def{how: counted, value: n.X})
		r.add(n.Value, def{how: element, value: n.X})
	case *ast.FuncDecl:
		r.receiver(n.Recv)
		r.params(n.Type.Params, given)
		r.params(n.Type.Results, declared)
	case *ast.FuncLit:
		r.params(n.Type.Params, given)
		r.params(n.Type.Results, declared)
	case *ast.CompositeLit:
		r.fields(n)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			r.add(n.X, def{how: elsewhere, value: r.handedTo(n)})
		}
	case *ast.IfStmt:
		r.ask(n.Cond)
	case *ast.ForStmt:
		r.ask(n.Cond)
	case *ast.CaseClause:
		for _, e := range n.List {
			r.ask(e)
		}
	}
}

// uses adds what a node says of functions and channels.
func (r reader) uses(n ast.Node) {
	switch n := n.(type) {
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			r.receive(n)
		}
	case *ast.SendStmt:
		r.send(n)
	case *ast.CallExpr:
		r.call(n)
	case *ast.Ident:
		r.use(n)
	}
}

// LoweredBySize reports whether a statement of the package lowers a variable by a number that
// the text does not say.
func (p *Program) LoweredBySize(v *types.Var) bool {
	return slices.ContainsFunc(p.everywhere().defs[v], func(d def) bool {
		return d.op == token.SUB && d.value != nil && p.info.Types[d.value].Value == nil
	})
}

// Steps reports whether a statement of the package raises a variable (token.ADD)
// or lowers it (token.SUB), within a node or anywhere. What a loop goes up by in
// its own last part or as its key counts as raised in it.
func (p *Program) Steps(v *types.Var, op token.Token, within ast.Node) bool {
	for _, d := range p.everywhere().defs[v] {
		if within != nil && !contains(within, d.pos) {
			continue
		}
		if d.op == op || op == token.ADD && (d.how == counted || d.how == stored) {
			return true
		}
		if c, ok := d.value.(*ast.CallExpr); ok && op == token.ADD && p.Builtin(c) == "append" {
			return true
		}
	}
	return false
}
