package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// How a value that was read is used, by how much depends on it.
type use int

const (
	told  use = iota // handed to a function of another package: a log, say
	asked            // looked at by a condition or as an index
	taken            // becomes part of a value
	heads            // says how often the loop itself turns
)

// A writing is what a loop does to a place that lives on.
type writing struct {
	needs use  // the least use by which another iteration's value counts
	last  bool // a plain value that nothing merges: the last one stays
}

// A walker follows one iteration.
type walker struct {
	p     *program.Program
	home  ast.Node   // the declaration that holds the loop
	own   []ast.Node // what is declared in them is the iteration's own
	index types.Object
	alias map[types.Object]place // of variables that hold a pointer or a slice

	exposed map[place]use // read before the iteration has set it
	written map[place]writing
	order   []place // of written

	elementsRead, elementsWritten map[place][]ast.Expr

	doubt  string
	left   int // of the budget
	depth  int
	locked int // a mutex is held: whoever wrote that thought of others
	active map[ast.Node]bool
}

func newWalker(p *program.Program, own ...ast.Node) *walker {
	var home ast.Node
	for _, f := range p.Files() {
		for _, d := range f.Decls {
			if len(own) == 1 && contains(d, own[0].Pos()) {
				home = d
			}
		}
	}
	return &walker{
		home: home,
		p:    p, own: own, left: budget,
		alias: make(map[types.Object]place), exposed: make(map[place]use), written: make(map[place]writing),
		elementsRead: make(map[place][]ast.Expr), elementsWritten: make(map[place][]ast.Expr), active: make(map[ast.Node]bool),
	}
}

func (w *walker) doubtful(why string) {
	if w.doubt == "" {
		w.doubt = why
	}
}

// A state is what has surely been set since the iteration began.
type state struct {
	must  map[place]bool
	exits []map[place]bool // at the returns so far
	some  bool             // a condition stands before it
}

func newState() *state { return &state{must: make(map[place]bool)} }

// branch is a way that need not be taken.
func (st *state) branch() *state { return &state{must: maps.Clone(st.must), some: true} }

// merge goes on with what all ways have set; those that end do not go on.
func (st *state) merge(ways []*state, ends []bool) (allEnd bool) {
	var must map[place]bool
	for i, way := range ways {
		st.exits = append(st.exits, way.exits...)
		if ends[i] {
			continue
		}
		if must == nil {
			must = maps.Clone(way.must)
			continue
		}
		maps.DeleteFunc(must, func(p place, _ bool) bool { return !way.must[p] })
	}
	if must == nil {
		return true
	}
	st.must = must
	return false
}

// block walks statements and reports whether the way ends in them.
func (w *walker) block(list []ast.Stmt, st *state) (ends bool) {
	for _, s := range list {
		if w.left--; w.left < 0 {
			w.doubtful("the loop does too much to be followed")
			return true
		}
		if w.stmt(s, st) {
			return true
		}
	}
	return false
}

func (w *walker) stmt(s ast.Stmt, st *state) (ends bool) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return w.block(s.List, st)
	case *ast.LabeledStmt:
		return w.stmt(s.Stmt, st)
	case *ast.ExprStmt:
		w.reads(s.X, st, told)
	case *ast.AssignStmt:
		w.assign(s, st)
	case *ast.IncDecStmt:
		w.write(s.X, st, writing{needs: taken})
	case *ast.DeclStmt:
		w.declare(s, st)
	case *ast.ReturnStmt:
		u := taken
		if w.depth == 0 {
			u = told // no iteration comes after it
		}
		for _, e := range s.Results {
			w.reads(e, st, u)
		}
		st.exits = append(st.exits, maps.Clone(st.must))
		return true
	case *ast.BranchStmt:
		return s.Tok != token.FALLTHROUGH
	case *ast.IfStmt:
		return w.ifStmt(s, st)
	case *ast.ForStmt, *ast.RangeStmt:
		w.inner(s, st)
	case *ast.SwitchStmt:
		w.maybe(s.Init, st)
		if s.Tag != nil {
			w.reads(s.Tag, st, asked)
		}
		return w.cases(s.Body, st)
	case *ast.TypeSwitchStmt:
		w.maybe(s.Init, st)
		w.maybe(s.Assign, st)
		return w.cases(s.Body, st)
	case *ast.SelectStmt, *ast.SendStmt, *ast.GoStmt:
		w.doubtful("the loop talks to other goroutines")
	case *ast.DeferStmt:
		if fn := w.p.Callee(s.Call); fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync" { // else the lock is held to the end
			w.reads(s.Call, st.branch(), told)
		}
	}
	return false
}

func (w *walker) maybe(s ast.Stmt, st *state) {
	if s != nil {
		w.stmt(s, st)
	}
}

func (w *walker) declare(s *ast.DeclStmt, st *state) {
	d, ok := s.Decl.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range d.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			for i, e := range v.Values {
				w.reads(e, st, taken)
				if len(v.Values) == len(v.Names) {
					w.hold(v.Names[i], e)
				}
			}
		}
	}
}

// ifStmt leaves out that the condition reads what its own body sets: the best so
// far, the first time, what is not made yet.
func (w *walker) ifStmt(s *ast.IfStmt, st *state) (ends bool) {
	w.maybe(s.Init, st)
	before := maps.Clone(w.exposed)
	w.reads(s.Cond, st, asked)
	then, other := st.branch(), st.branch()
	then.some, other.some = true, true
	for at := range w.exposed {
		if _, known := before[at]; !known && w.sets(s.Body, at) {
			delete(w.exposed, at)
			w.doubtful("a condition asks for " + at.text() + " and sets it")
		}
	}
	thenEnds := w.block(s.Body.List, then)
	otherEnds := s.Else != nil && w.stmt(s.Else, other)
	return st.merge([]*state{then, other}, []bool{thenEnds, otherEnds})
}

// sets reports whether a statement right in a body sets a place.
func (w *walker) sets(b *ast.BlockStmt, at place) bool {
	return slices.ContainsFunc(b.List, func(s ast.Stmt) bool {
		a, ok := s.(*ast.AssignStmt)
		return ok && slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool {
			to, index, ok := w.resolve(e)
			return ok && index == nil && to == at
		})
	})
}

// inner is a loop within, which may not turn at all.
func (w *walker) inner(s ast.Stmt, st *state) {
	way := st.branch()
	switch s := s.(type) {
	case *ast.ForStmt:
		w.maybe(s.Init, st)
		if s.Cond != nil {
			w.reads(s.Cond, st, asked)
		}
		w.block(s.Body.List, way)
		w.maybe(s.Post, way)
	case *ast.RangeStmt:
		w.reads(s.X, st, taken)
		if s.Tok == token.ASSIGN {
			for _, e := range []ast.Expr{s.Key, s.Value} {
				if e != nil {
					w.write(e, way, writing{needs: asked, last: true})
				}
			}
		}
		if value, ok := s.Value.(*ast.Ident); ok && s.Tok == token.DEFINE && pointsOut(w.typeOf(value)) && w.shared(s.X) {
			w.alias[w.object(value)] = somewhere
		}
		w.block(s.Body.List, way)
	}
	st.exits = append(st.exits, way.exits...)
}

// shared reports whether an expression reaches what lives on after the iteration.
func (w *walker) shared(e ast.Expr) bool {
	at, _, ok := w.resolve(e)
	return ok && (at.root == nil || !w.isOwn(at.root))
}

func (w *walker) cases(body *ast.BlockStmt, st *state) (ends bool) {
	var ways []*state
	var ended []bool
	complete := false
	for _, c := range body.List {
		clause := c.(*ast.CaseClause)
		complete = complete || clause.List == nil
		for _, e := range clause.List {
			w.reads(e, st, asked)
		}
		way := st.branch()
		// A break ends the switch alone, so that its way goes on.
		end := w.block(clause.Body, way)
		if n := len(clause.Body); n > 0 {
			if b, ok := clause.Body[n-1].(*ast.BranchStmt); ok && b.Tok == token.BREAK && b.Label == nil {
				end = false
			}
		}
		ways, ended = append(ways, way), append(ended, end)
	}
	if !complete {
		ways, ended = append(ways, st.branch()), append(ended, false)
	}
	return st.merge(ways, ended)
}
