// Package carried answers whether the iterations of a loop need one another: it
// follows what an iteration reads and writes of what lives on after it, through
// the functions of the package that it calls, with their arguments bound.
//
// A place is a variable or a field path from one. An iteration that reads a place
// before it has set it anew, and writes it, needs what the iteration before left.
// Sums, appends and the like can be split and are none: what reads them elsewhere
// may be. Where something may be written that is not seen, the answer is Unknown.
package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// An Answer says whether iterations need one another.
type Answer int

// The answers.
const (
	Unknown     Answer = iota
	Independent        // nothing that lives on is read and written by them
	Dependent          // one needs what the one before it left
)

// A Verdict is an answer and what it rests on, "" where nothing was found.
type Verdict struct {
	Answer Answer
	Why    string
}

// budget is how many nodes are looked at for one loop, those of functions as often
// as they are called. It only guards against source that nobody wrote by hand: with
// a quarter and with ten times as much, each of the 2,000 loops of three servers
// (prometheus, nats-server, pebble) has the same answer.
const budget = 20000

// Loop answers for a for or range statement.
func (r *Result) Loop(loop ast.Stmt) Verdict {
	if r.p == nil {
		return Verdict{}
	}
	w := r.newWalker([]ast.Node{loop}, r.around(loop))
	w.names(loop)
	st := newState()
	switch n := loop.(type) {
	case *ast.ForStmt:
		// How the loop goes on is not the iteration's: one may go through a list and
		// hand over what is found.
		w.own = []ast.Node{n.Body}
		w.index = w.counter(n)
		w.heads(n.Init)
		if n.Cond != nil {
			w.reads(n.Cond, st, heads)
		}
		w.block(n.Body.List, st)
	case *ast.RangeStmt:
		w.rangeHead(n)
		w.block(n.Body.List, st)
	}
	return w.verdict()
}

// Each answers for functions that are called once for each of many things. The
// receiver of a method is the same for all of them; what else they are given may be
// anybody's.
func (r *Result) Each(bodies []ast.Node) Verdict {
	if r.p == nil {
		return Verdict{}
	}
	w := r.newWalker(bodies, r.around(bodies...))
	w.depth = 1
	for _, n := range bodies {
		body := bodyOf(n)
		if body == nil {
			return Verdict{}
		}
		if d, ok := n.(*ast.FuncDecl); ok {
			w.strangers(d.Type)
			if fn, ok := w.object(d.Name).(*types.Func); ok && fn.Signature().Recv() != nil {
				w.parameter(fn.Signature().Recv())
			}
		} else {
			w.strangers(n.(*ast.FuncLit).Type)
		}
		w.block(body.List, newState())
	}
	return w.verdict()
}

func bodyOf(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

// names looks for local pointers, slices and maps that are other names for something,
// such as p of p := &sum: what is set once, before the loop.
func (w *walker) names(loop ast.Stmt) {
	times := make(map[types.Object]int)
	var once []*ast.AssignStmt
	for _, d := range w.homes {
		ast.Inspect(d, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok {
				return true
			}
			for _, lhs := range a.Lhs {
				if id, ok := lhs.(*ast.Ident); ok && w.object(id) != nil {
					times[w.object(id)]++
				}
			}
			if a.Pos() < loop.Pos() && len(a.Lhs) == len(a.Rhs) && (a.Tok == token.DEFINE || a.Tok == token.ASSIGN) {
				once = append(once, a)
			}
			return true
		})
	}
	for _, a := range once {
		for i, lhs := range a.Lhs {
			id, ok := lhs.(*ast.Ident)
			if !ok || times[w.object(id)] != 1 || !pointsOut(w.typeOf(lhs)) {
				continue
			}
			if at, index, ok := w.behind(a.Rhs[i]); ok && at.root != nil && index == nil {
				w.hold(id, origin{shared: true, at: at}, newState())
				w.cuts(id, a.Rhs[i])
			}
		}
	}
}

// counter is the variable that a loop counts up or down in steps of one.
func (w *walker) counter(n *ast.ForStmt) types.Object {
	inc, ok := n.Post.(*ast.IncDecStmt)
	if !ok || n.Init == nil {
		return nil
	}
	id, ok := inc.X.(*ast.Ident)
	if !ok || !contains(n.Init, w.object(id).Pos()) {
		return nil
	}
	return w.object(id)
}

// heads are the variables that a loop sets itself: of pointers it is not known where
// they lead.
func (w *walker) heads(init ast.Stmt) {
	a, ok := init.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return
	}
	for _, lhs := range a.Lhs {
		if id, ok := lhs.(*ast.Ident); ok {
			w.hold(id, anyone, newState())
		}
	}
}

// rangeHead knows the variables of a range: its key is a number of its own for
// each iteration, but for a map's; its value is the element of something that
// other iterations may have as well.
func (w *walker) rangeHead(n *ast.RangeStmt) {
	if n.Tok == token.ASSIGN {
		w.doubtful("sets variables that live on")
	}
	if key, ok := n.Key.(*ast.Ident); ok {
		switch w.typeOf(n.X).Underlying().(type) {
		case *types.Slice, *types.Array, *types.Basic, *types.Pointer:
			w.index = w.object(key)
		}
	}
	for _, e := range []ast.Expr{n.Key, n.Value} {
		if id, ok := e.(*ast.Ident); ok && n.Tok == token.DEFINE {
			w.hold(id, anyone, newState())
		}
	}
}

// verdict weighs what was seen.
func (w *walker) verdict() Verdict {
	w.spent()
	for _, at := range w.order {
		wr := w.written[at]
		for _, read := range w.exposedOrder {
			if !overlap(at, read) || w.exposed[read] < wr.needs {
				continue
			}
			return Verdict{Dependent, "each iteration reads " + at.text() + " as the one before left it"}
		}
	}
	if why := w.steps(); why != "" {
		return Verdict{Dependent, why}
	}
	for _, at := range w.order {
		for read := range w.exposed {
			if overlap(at, read) {
				w.doubtful("reads and writes " + at.text())
			}
		}
		if w.written[at].last {
			w.doubtful("leaves its last " + at.text())
		}
	}
	if w.doubt != "" {
		return Verdict{Unknown, "the loop " + w.doubt}
	}
	return Verdict{Answer: Independent}
}

// steps looks for elements that are read where another iteration wrote them, as
// out[i] = out[i-1] + x does. Elements at other indexes are doubt.
func (w *walker) steps() string {
	for _, at := range w.elementsOrder {
		indexes := w.elementsWritten[at]
		if len(indexes) == 0 {
			continue
		}
		own := !slices.ContainsFunc(indexes, func(e ast.Expr) bool { return !w.isIndex(e) })
		if !own {
			w.doubtful("writes elements of " + at.text())
		}
		for _, e := range w.elementsRead[at] {
			switch {
			case own && w.isNeighbour(e):
				return "each iteration reads an element of " + at.text() + " that another one wrote"
			case !own || !w.isIndex(e):
				w.doubtful("reads and writes elements of " + at.text())
			}
		}
	}
	return ""
}

// isIndex reports whether e is the index of the loop itself.
func (w *walker) isIndex(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && w.index != nil && w.object(id) == w.index
}

// isNeighbour reports whether e is a number away from the index.
func (w *walker) isNeighbour(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && (b.Op == token.SUB || b.Op == token.ADD) && w.isIndex(b.X) && w.p.Info().Types[b.Y].Value != nil
}
