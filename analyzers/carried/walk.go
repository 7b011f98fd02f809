package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

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
	needs use   // the least use by which another iteration's value counts
	last  bool  // a plain value that nothing merges: the last one stays
	by    merge // how it is merged; what is merged in two ways depends on the order
}

// A walker follows one iteration, or a function for all of its callers.
type walker struct {
	r      *Result
	p      *program.Program
	homes  []ast.Node // the declarations that hold the loop
	own    []ast.Node // what is declared in them is the iteration's own
	index  types.Object
	params map[types.Object]int // of the function, none for a loop

	alias map[types.Object]place     // where variables lead that are pointers or slices
	inner map[types.Object]place     // where pointers in what variables hold may lead
	made  map[*ast.CallExpr][]origin // what calls have returned
	cut   map[types.Object]bool      // slices that begin within another one

	exposed      map[place]use // read before the iteration has set it
	exposedOrder []place
	written      map[place]writing
	order        []place // of written
	changed      []touch // what a function may change, but a loop doubts

	elementsRead, elementsWritten map[place][]ast.Expr
	elementsOrder                 []place

	doubt   string
	results []origin // of the function or literal that is walked
	left    int      // of the budget
	depth   int      // of functions
	locks   []lock   // that are held: whoever wrote that thought of others
	active  map[ast.Node]bool
}

func (r *Result) newWalker(own, homes []ast.Node) *walker {
	return &walker{
		r: r, p: r.p, own: own, homes: homes, left: budget,
		alias: make(map[types.Object]place), inner: make(map[types.Object]place), made: make(map[*ast.CallExpr][]origin), cut: make(map[types.Object]bool),
		exposed: make(map[place]use), written: make(map[place]writing),
		elementsRead: make(map[place][]ast.Expr), elementsWritten: make(map[place][]ast.Expr), active: make(map[ast.Node]bool),
	}
}

// around returns the declarations that hold the nodes.
func (r *Result) around(nodes ...ast.Node) (homes []ast.Node) {
	for _, f := range r.p.Files() {
		for _, d := range f.Decls {
			if slices.ContainsFunc(nodes, func(n ast.Node) bool { return contains(d, n.Pos()) }) {
				homes = append(homes, d)
			}
		}
	}
	return homes
}

// doubtful notes what is not known of the loop or the function. What it does to
// something that has a name tells more than that it calls a function.
func (w *walker) doubtful(why string) {
	if w.doubt == "" || vague(w.doubt) && !vague(why) {
		w.doubt = why
	}
	if w.r.brief {
		w.left = -1 // no more is asked for
	}
}

// spent notes that the budget ended before the walk did.
func (w *walker) spent() {
	if w.left < 0 && w.doubt == "" {
		w.doubtful(tooMuch)
	}
}

func vague(why string) bool { return why == tooMuch || strings.HasPrefix(why, "calls ") }

// change notes that whatever a place leads to may change. Of a function, its callers
// know whether that is something of their own.
func (w *walker) change(at place, says string) {
	switch {
	case w.excused(at, true):
	case at.root == nil:
		w.doubtful(says)
	case w.isOwn(at.root):
		if in, ok := w.inner[at.root]; ok && in != at {
			w.change(in, says)
		}
	case w.params == nil:
		w.doubtful(says)
	default:
		sp, ok := w.spot(at)
		if !ok {
			w.doubtful(says)
			return
		}
		sp.flat = false
		if !slices.ContainsFunc(w.changed, func(t touch) bool { return t.spot == sp }) {
			w.changed = append(w.changed, touch{spot: sp, kind: changes, says: says})
		}
	}
}

// changeValue is change for what an expression leads to.
func (w *walker) changeValue(o origin, says string) {
	switch {
	case o.shared:
		w.change(o.at, says)
	case o.inner != nil:
		w.change(*o.inner, says)
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
	for i, s := range list {
		if w.left--; w.left < 0 || w.full() {
			w.left = -1
			w.doubtful(tooMuch)
			return true
		}
		if w.stmt(s, st) {
			w.labelled(list[i+1:])
			return true
		}
	}
	return false
}

// full reports whether a summary could not hold what has been seen.
func (w *walker) full() bool {
	return w.params != nil && len(w.exposedOrder)+len(w.order)+len(w.elementsOrder)+len(w.changed) > mostTouches
}

// labelled walks what comes after the end of a way, but is gone to.
func (w *walker) labelled(list []ast.Stmt) {
	i := slices.IndexFunc(list, func(s ast.Stmt) bool { _, ok := s.(*ast.LabeledStmt); return ok })
	if i >= 0 {
		st := newState()
		st.some = true
		w.block(list[i:], st)
	}
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
		w.write(s.X, st, writing{needs: taken, by: summed})
	case *ast.DeclStmt:
		w.declare(s, st)
	case *ast.ReturnStmt:
		w.returns(s, st)
		return true
	case *ast.BranchStmt:
		if s.Tok == token.GOTO && w.object(s.Label).Pos() < s.Pos() {
			w.doubtful("goes back to " + s.Label.Name)
		}
		return s.Tok != token.FALLTHROUGH
	case *ast.IfStmt:
		return w.ifStmt(s, st)
	case *ast.ForStmt, *ast.RangeStmt:
		w.turns(s, st)
	case *ast.SwitchStmt:
		w.maybe(s.Init, st)
		if s.Tag != nil {
			w.reads(s.Tag, st, asked)
		}
		return w.cases(s.Body, st)
	case *ast.TypeSwitchStmt:
		w.maybe(s.Init, st)
		w.maybe(s.Assign, st)
		w.typed(s)
		return w.cases(s.Body, st)
	case *ast.GoStmt:
		w.reads(s.Call, st.branch(), told) // its work is that of the iteration
	case *ast.SendStmt:
		w.reads(s.Value, st, taken)
		w.talks(s.Chan, st)
		w.keep(s.Chan, w.from(s.Value))
	case *ast.SelectStmt:
		return w.cases(s.Body, st)
	case *ast.DeferStmt:
		if fn := w.p.Callee(s.Call); !program.From(fn, "sync") { // else the lock is held to the end
			w.reads(s.Call, st.branch(), told)
		} else {
			w.literals(s.Call, st)
		}
	}
	return false
}

// returns reads the results and notes where they lead.
func (w *walker) returns(s *ast.ReturnStmt, st *state) {
	u := taken
	if w.depth == 0 {
		u = told // no iteration comes after it
	}
	for _, e := range s.Results {
		w.reads(e, st, u)
	}
	st.exits = append(st.exits, maps.Clone(st.must))
	switch {
	case len(s.Results) == len(w.results):
		for i, e := range s.Results {
			w.results[i] = join(w.results[i], w.from(e))
		}
	case len(s.Results) == 1:
		if c, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr); ok && len(w.made[c]) == len(w.results) {
			for i := range w.results {
				w.results[i] = join(w.results[i], w.made[c][i])
			}
			return
		}
		fallthrough
	default:
		for i := range w.results {
			w.results[i] = anyone // named ones among them
		}
	}
}

// talks notes a communication: what other iterations may hear or say.
func (w *walker) talks(ch ast.Expr, st *state) {
	w.reads(ch, st, asked)
	if o := w.from(ch); o.shared {
		w.change(o.at, "talks to other goroutines")
	}
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
					w.hold(v.Names[i], w.from(e), st)
					w.cuts(v.Names[i], e)
				}
			}
			if len(v.Values) == 1 && len(v.Names) > 1 {
				for i, o := range w.several(v.Values[0], len(v.Names)) {
					w.hold(v.Names[i], o, st)
				}
			}
		}
	}
}
