package program

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/cfg"
)

// A Flow is the control flow of one function body. The literals in it have flows
// of their own.
//
// Its questions are all of one form: is there a way from here to there that
// passes none of the cuts. A cut that leaves no way from the start dominates the
// place; several may do so together, one in each branch.
type Flow struct {
	blocks []*cfg.Block
	starts map[ast.Node]point // of loops and clauses
	nodes  []point            // by position
}

// Flow returns the control flow of a body, worked out when it is first asked for.
func (p *Program) Flow(body *ast.BlockStmt) *Flow {
	f := p.flows[body]
	if f == nil {
		graph := cfg.New(body, func(c *ast.CallExpr) bool { return !p.NeverReturns(c) })
		f = &Flow{blocks: graph.Blocks, starts: make(map[ast.Node]point)}
		f.locate()
		p.flows[body] = f
	}
	return f
}

// Repeats reports whether control can come from a node through the start of the
// next iteration of a loop to the node again, without leaving the loop or passing
// a cut.
func (f *Flow) Repeats(n ast.Node, loop ast.Stmt, cuts []ast.Node) bool {
	return f.Continues(n, loop, cuts) && f.way(loop, n, loop, cuts)
}

// Continues reports whether control can come from a node to the next iteration of
// a loop without passing a cut.
func (f *Flow) Continues(n ast.Node, loop ast.Stmt, cuts []ast.Node) bool {
	return f.way(n, loop, loop, cuts)
}

// Excludes reports whether at most one of two nodes runs: of those in a loop, in one
// iteration of it; nil stands for one call of the function.
func (f *Flow) Excludes(a, b ast.Node, loop ast.Stmt) bool {
	var cuts []ast.Node
	if loop != nil {
		cuts = append(cuts, loop)
	}
	return !f.way(a, b, loop, cuts) && !f.way(b, a, loop, cuts)
}

// Enters reports whether control can come from the start of the function to a
// node without passing a cut.
func (f *Flow) Enters(n ast.Node, cuts []ast.Node) bool {
	to, ok := f.at(n)
	return ok && f.reaches(point{f.blocks[0], -1}, to, f.points(cuts), nil)
}

// Leaves reports whether control can come from a node to the end of the function
// without passing a cut.
func (f *Flow) Leaves(n ast.Node, cuts []ast.Node) bool {
	from, ok := f.at(n)
	return ok && f.reaches(from, exit, f.points(cuts), nil)
}

// Reaches reports whether control can come from a node to another, or again to the same,
// without passing a cut.
func (f *Flow) Reaches(from, to ast.Node, cuts []ast.Node) bool {
	return f.way(from, to, nil, cuts)
}

// Crosses reports whether control can come from the start of the function to its
// end without passing a cut.
func (f *Flow) Crosses(cuts []ast.Node) bool {
	return f.reaches(point{f.blocks[0], -1}, exit, f.points(cuts), nil)
}

func (f *Flow) way(from, to ast.Node, within ast.Stmt, cuts []ast.Node) bool {
	a, ok := f.at(from)
	if !ok {
		return false
	}
	b, ok := f.at(to)
	return ok && f.reaches(a, b, f.points(cuts), within)
}

// A point is a node of a block, or with index -1 the block's start.
type point struct {
	block *cfg.Block
	node  int
}

// exit is where control leaves the function.
var exit = point{}

// A Way is a condition that comes out one way: a cut that leaves the other open.
type Way struct {
	ast.Expr
	from point // behind the nodes of the block: the successor
}

// Ways returns the ways out of the conditions of the body that a function chooses.
func (f *Flow) Ways(chosen func(cond ast.Expr, holds bool) bool) (list []ast.Node) {
	for _, b := range f.blocks {
		if !b.Live || len(b.Succs) != 2 || len(b.Nodes) == 0 {
			continue
		}
		cond, ok := b.Nodes[len(b.Nodes)-1].(ast.Expr)
		for i := range b.Succs {
			if ok && chosen(cond, i == 0) {
				list = append(list, Way{cond, point{b, len(b.Nodes) + i}})
			}
		}
	}
	return list
}

func (f *Flow) points(nodes []ast.Node) map[point]bool {
	m := make(map[point]bool)
	for _, n := range nodes {
		if w, ok := n.(Way); ok {
			m[w.from] = true
		} else if at, ok := f.at(n); ok {
			m[at] = true
		}
	}
	return m
}

// at finds a node: of a loop the start of its body, of a clause of a select that
// of the clause, otherwise the smallest node of a block that holds it. There is
// none where control never comes.
func (f *Flow) at(n ast.Node) (point, bool) {
	switch n.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.CommClause:
		at, ok := f.starts[n]
		return at, ok
	}
	// The last one that starts no later and holds the node is the smallest.
	i, _ := slices.BinarySearchFunc(f.nodes, n.Pos()+1, func(q point, pos token.Pos) int { return int(q.syntax().Pos() - pos) })
	for i--; i >= 0; i-- {
		if f.nodes[i].syntax().End() >= n.End() {
			return f.nodes[i], true
		}
	}
	return point{}, false
}

// locate lists the nodes of the blocks that control can come to.
func (f *Flow) locate() {
	for _, b := range f.blocks {
		if !b.Live {
			continue
		}
		if b.Stmt != nil && beginnings[b.Kind] {
			f.starts[b.Stmt] = point{b, -1}
		}
		for i := range b.Nodes {
			f.nodes = append(f.nodes, point{b, i})
		}
	}
	// Of those that start together the smaller comes later.
	slices.SortStableFunc(f.nodes, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.syntax().Pos(), b.syntax().Pos()), cmp.Compare(b.syntax().End(), a.syntax().End()))
	})
}

func (q point) syntax() ast.Node { return q.block.Nodes[q.node] }

// beginnings are the blocks that run first of what a statement repeats or
// chooses.
var beginnings = map[cfg.BlockKind]bool{cfg.KindForBody: true, cfg.KindRangeBody: true, cfg.KindSelectCaseBody: true}

// reaches searches the blocks from behind a point. What is a cut as well as the
// goal, as in go f(<-places), cuts.
func (f *Flow) reaches(from, to point, cuts map[point]bool, within ast.Stmt) bool {
	found := false
	f.spread(from, cuts, within, func(b *cfg.Block, first, end int) bool {
		found = b == to.block && first <= to.node && to.node < end || to == exit && end == len(b.Nodes) && b.Return() != nil
		return !found
	})
	return found
}

// Past returns a function that reports whether control can come from the start of
// the function to a node that is no cut without passing one. It answers for all
// nodes at the cost of one question.
func (f *Flow) Past(cuts []ast.Node) func(ast.Node) bool {
	ends := make(map[*cfg.Block]int)
	f.spread(point{f.blocks[0], -1}, f.points(cuts), nil, func(b *cfg.Block, _, end int) bool {
		ends[b] = end
		return true
	})
	return func(n ast.Node) bool {
		at, ok := f.at(n)
		end, reached := ends[at.block]
		return ok && reached && at.node < end
	}
}

// Again returns a function that reports whether control can come from a node to the
// next iteration of a loop, as Continues does without cuts. It answers for all nodes
// at the cost of one question.
func (f *Flow) Again(loop ast.Stmt) func(ast.Node) bool {
	before := make(map[*cfg.Block][]*cfg.Block)
	for _, b := range f.blocks {
		for _, next := range b.Succs {
			if b.Live && belongs(b, loop) {
				before[next] = append(before[next], b)
			}
		}
	}
	again := make(map[*cfg.Block]bool)
	for work := []*cfg.Block{f.starts[loop].block}; len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, p := range before[b] {
			if !again[p] {
				again[p] = true
				work = append(work, p)
			}
		}
	}
	return func(n ast.Node) bool {
		at, ok := f.at(n)
		return ok && again[at.block]
	}
}

// spread visits, in no order, the nodes [first, end) of the blocks that control
// comes to from behind a point without passing a cut, until visit returns false.
// Index -1 is the start of a block.
func (f *Flow) spread(from point, cuts map[point]bool, within ast.Stmt, visit func(b *cfg.Block, first, end int) bool) {
	seen := make(map[*cfg.Block]bool)
	work := []point{{from.block, from.node + 1}}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		end := at.node
		for end < len(at.block.Nodes) && !cuts[point{at.block, end}] {
			end++
		}
		if !visit(at.block, at.node, end) {
			return
		}
		if end < len(at.block.Nodes) {
			continue // a cut
		}
		for i, next := range at.block.Succs {
			if !cuts[point{at.block, end + i}] && !seen[next] && belongs(next, within) {
				seen[next] = true
				work = append(work, point{next, -1})
			}
		}
	}
}

// belongs reports whether a block is part of a loop; every block is part of nil.
func belongs(b *cfg.Block, loop ast.Stmt) bool {
	switch {
	case loop == nil:
		return true
	case b.Stmt == nil:
		return false
	case b.Stmt == loop:
		return b.Kind != cfg.KindForDone && b.Kind != cfg.KindRangeDone
	}
	return loop.Pos() <= b.Stmt.Pos() && b.Stmt.End() <= loop.End()
}
