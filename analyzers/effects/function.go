package effects

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A Func is a function declaration or literal of the analyzed package.
type Func struct {
	Decl    *ast.FuncDecl // nil for a literal
	Lit     *ast.FuncLit  // nil for a declaration
	Obj     *types.Func   // nil for a literal
	Parent  *Func         // the function that holds the literal
	Ops     []*Op         // in source order, literals' own ops left out
	Loops   []*Loop       // likewise
	Summary Summary
	Marked  *directive.Mark   // directives on it, or nil
	Told    *knowledge.Effect // what knowledge says of it, or nil

	on     *types.TypeName // that has it from a type of another package that it embeds, or nil
	params []param         // named parameters and the receiver
	exits  []span          // of Ops: branches that leave what they stand in
	index  int             // Tarjan
	low    int
	group  int // number of its recursive group
	onPath bool
	solved bool                    // its summary will not change any more
	locals map[*types.Var]ast.Expr // see pkg.locals; nil until asked
}

// param is a parameter and its position; that of the receiver is -1.
type param struct {
	obj *types.Var
	n   int
}

// span is a range of Func.Ops: from the first one to before the last one.
type span struct{ from, to int }

// Param returns the position of v among the parameters of f; that of the
// receiver is -1.
func (f *Func) Param(v *types.Var) (n int, ok bool) {
	for _, p := range f.params {
		if p.obj == v {
			return p.n, true
		}
	}
	return 0, false
}

// Node returns the declaration or literal.
func (f *Func) Node() ast.Node {
	if f.Decl != nil {
		return f.Decl
	}
	return f.Lit
}

// Body returns the function's body; it may be nil.
func (f *Func) Body() *ast.BlockStmt {
	if f.Decl != nil {
		return f.Decl.Body
	}
	return f.Lit.Body
}

// Type returns the function's syntax type.
func (f *Func) Type() *ast.FuncType {
	if f.Decl != nil {
		return f.Decl.Type
	}
	return f.Lit.Type
}

// encloses reports whether g is f or a literal in f.
func (f *Func) encloses(g *Func) bool {
	for ; g != nil; g = g.Parent {
		if g == f {
			return true
		}
	}
	return false
}

// Outer returns the declaration that holds the function, or the outermost
// literal of a package-level variable.
func (f *Func) Outer() *Func {
	for f.Parent != nil {
		f = f.Parent
	}
	return f
}

// An Op is a place in a function where time may go by.
type Op struct {
	Node      ast.Node // CallExpr, SendStmt, UnaryExpr (receive), SelectStmt, RangeStmt over a channel
	Certainty Certainty
	Sure      Certainty // likewise, taking for granted that loops turn: of computing
	Guard     Guard
	Loop      *Loop // innermost, nil outside of loops
	Spawned   *ast.GoStmt
	Deferred  bool
	Effects   []Effect // worked out by the fixpoint; chains start at Node
	InSelect  *ast.SelectStmt
	Once      bool // what follows leaves Loop, so this runs at most once in it
	Ready     bool // a test of the channel's length says that there is something, or room

	call *call // CallExpr only
}

// certainty is that of an effect of the kind: a loop that computes does so for
// each of its data, however few there are.
func (op *Op) certainty(k Kind) Certainty {
	if k == CPU {
		return op.Sure
	}
	return op.Certainty
}

// Effect returns the op's leading case of the kind, or nil.
func (op *Op) Effect(k Kind) *Effect {
	return leading(op.Effects, k)
}

// Callee returns the statically known function that a call op calls, or nil.
func (op *Op) Callee() *types.Func {
	if op.call == nil {
		return nil
	}
	return op.call.fn
}

// Tasks returns the functions that a go statement, or the function argument n
// of a call, may run: literals and declarations of the package, and others.
func (op *Op) Tasks() []Target {
	if op.call == nil {
		return nil
	}
	return op.call.targets
}

// A Loop is a for or range statement.
type Loop struct {
	Node   ast.Stmt // ForStmt or RangeStmt
	Parent *Loop
	Sure   Certainty // of running, taking for granted that the loops around it turn
	Once   bool      // what follows leaves Parent, so this runs at most once in it
	Ops    int       // index of its first op in Func.Ops
	OpsEnd int
	label  string
	drains bool   // its channel is closed by then: it ends with what is in the buffer
	Weight Weight // of what it computes itself, with the loops around it; see computing
	depth  int    // loops over data down to this one
	trips  float64
	paced  bool // it waits in each turn
	data   bool
	ask    *pkg // what data is; nil once that is known
}

// Data reports whether the trip count grows with data. Most loops of dependencies are
// never asked, and what their statements say of sizes is then not read.
func (l *Loop) Data() bool {
	if l.ask != nil {
		l.data, l.ask = l.ask.data(l.Node), nil
	}
	return l.data
}

// Body returns the loop's body.
func (l *Loop) Body() *ast.BlockStmt {
	if r, ok := l.Node.(*ast.RangeStmt); ok {
		return r.Body
	}
	return l.Node.(*ast.ForStmt).Body
}

// Endless reports whether the loop has no condition, or receives from a channel that
// somebody else is to close.
func (l *Loop) Endless(info *types.Info) bool {
	if r, ok := l.Node.(*ast.RangeStmt); ok {
		_, isChan := info.TypeOf(r.X).Underlying().(*types.Chan)
		return isChan && !l.drains
	}
	return l.Node.(*ast.ForStmt).Cond == nil
}

// A Target is a function that a call may reach.
type Target struct {
	Func *Func       // of this package, or nil
	Obj  *types.Func // declared function or method, nil for literals
	Use  *Use        // a function argument of an enclosing function
	Recv ast.Expr    // receiver expression of a method value or call, or nil
}

// call is what is known of a call expression.
type call struct {
	expr    *ast.CallExpr
	fn      *types.Func // static callee or interface method, origin of instances
	recv    ast.Expr    // receiver expression of a method call
	targets []Target    // what is called, where that is not fn alone
	iface   bool        // fn is an interface method
	dynamic bool        // nothing is known
	gives   bool        // some argument is, or has, a function that the callee may call
}
