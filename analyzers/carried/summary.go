package carried

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// A Summary is what a function does to what is not its own: to what its receiver
// and parameters point at, and to package-level variables. It is a fact.
type Summary struct {
	doubt   string // what it does that is not seen
	touches []touch
	results []result
}

// AFact implements analysis.Fact.
func (*Summary) AFact() {}

// exported is what other packages are told: of what is not seen no more than that.
func (s *Summary) exported() *Summary {
	if s.doubt == "" {
		return s
	}
	return &Summary{doubt: s.doubt}
}

// String says what is not seen, or how much is touched.
func (s *Summary) String() string {
	if s.doubt != "" {
		return s.doubt
	}
	return fmt.Sprintf("%d touched", len(s.touches))
}

// receiver is its number among the parameters.
const receiver = -1

// A spot is a place as the caller of a function can find it.
type spot struct {
	arg    int    // the parameter
	global string // the variable instead, with its package
	path   string
	flat   bool
	vague  bool
}

type kind byte

const (
	reads   kind = iota
	sets         // gives the place a value
	looks        // reads elements of the place
	puts         // sets elements of the place
	changes      // may change whatever the place leads to
	calls        // the function that the place holds
)

// A touch is one thing that a function does to a spot.
type touch struct {
	spot
	kind kind
	use  use    // of a read; of a write what counts for it
	last bool   // see writing
	by   merge  // see writing
	must bool   // on every way
	says string // of changes: what the function does there
}

// A result says where a result leads.
type result struct {
	spot
	how leading
}

type leading byte

const (
	fresh   leading = iota // to what the function has made
	holding                // the same, but what it made may lead on to the spot
	leads                  // to the spot
	unknown                // nobody knows
)

// mostTouches is how much a summary holds: what calls it pays for each. At 64 the
// summaries of 29 loops in the servers that budget names were cut, and 7 loops had
// no answer for it; at 256 none is, for the same CPU time.
const mostTouches = 256

// summarize walks a function for all of its callers.
func (r *Result) summarize(fn *types.Func, d *ast.FuncDecl) *Summary {
	w := r.newWalker([]ast.Node{d}, []ast.Node{d})
	w.params = make(map[types.Object]int)
	w.depth = 1
	w.results = make([]origin, fn.Signature().Results().Len())
	if recv := fn.Signature().Recv(); recv != nil {
		w.params[w.parameter(recv)] = receiver
	}
	for i := range fn.Signature().Params().Len() {
		w.params[w.parameter(fn.Signature().Params().At(i))] = i
	}
	st := newState()
	if !w.block(d.Body.List, st) {
		st.exits = append(st.exits, st.must)
	}
	return w.summary(common(st.exits))
}

// common are the places that all ways have set.
func common(exits []map[place]bool) map[place]bool {
	if len(exits) == 0 {
		return nil
	}
	must := maps.Clone(exits[0])
	for _, way := range exits[1:] {
		maps.DeleteFunc(must, func(p place, _ bool) bool { return !way[p] })
	}
	return must
}

// parameter lets what a parameter points at be a place of the caller, and returns
// what stands for that.
func (w *walker) parameter(v *types.Var) types.Object {
	root := types.NewVar(token.NoPos, v.Pkg(), v.Name(), v.Type())
	switch {
	case !reaches(v.Type()):
	case pointsOut(v.Type()):
		w.alias[v] = place{root: root}
	default:
		w.inner[v] = place{root: root}
	}
	return root
}

// summary is what has been seen, in terms of the parameters.
func (w *walker) summary(must map[place]bool) *Summary {
	w.spent()
	s := &Summary{doubt: w.doubt, touches: w.changed}
	add := func(at place, t touch) {
		sp, ok := w.spot(at)
		if !ok {
			s.doubt = "uses variables of another function"
			return
		}
		t.spot = sp
		s.touches = append(s.touches, t)
	}
	for _, at := range w.exposedOrder {
		add(at, touch{kind: reads, use: w.exposed[at]})
	}
	for _, at := range w.order {
		add(at, touch{kind: sets, use: w.written[at].needs, last: w.written[at].last, by: w.written[at].by, must: must[at]})
	}
	for _, at := range w.elementsOrder {
		if len(w.elementsRead[at]) > 0 {
			add(at, touch{kind: looks})
		}
		if len(w.elementsWritten[at]) > 0 {
			add(at, touch{kind: puts})
		}
	}
	for _, o := range w.results {
		s.results = append(s.results, w.result(o))
	}
	if len(s.touches) > mostTouches {
		s.doubt, s.touches = tooMuch, s.touches[:mostTouches]
	}
	return s
}

const tooMuch = "does too much to be followed"

// spot is the place for callers.
func (w *walker) spot(at place) (spot, bool) {
	sp := spot{path: at.path, flat: at.flat, vague: at.vague}
	if at.root == nil {
		return spot{}, false
	}
	if i, ok := w.params[at.root]; ok {
		sp.arg = i
		return sp, true
	}
	if !isGlobal(at.root) {
		return spot{}, false
	}
	sp.global = globalName(at.root)
	return sp, true
}

// result is what a function returns, for callers.
func (w *walker) result(o origin) result {
	at, how := o.at, leads
	switch {
	case o.shared && o.index != nil:
		at.vague = true
	case !o.shared && o.inner == nil:
		return result{how: fresh}
	case !o.shared:
		at, how = *o.inner, holding
	}
	if sp, ok := w.spot(at); ok {
		return result{sp, how}
	}
	return result{how: unknown}
}

// apply does what a summary says, with the arguments of a call.
func (w *walker) apply(s *Summary, fn *types.Func, c *ast.CallExpr, st *state) {
	args := w.arguments(fn, c)
	w.left -= len(s.touches)
	if s.doubt != "" {
		w.doubtful(w.via(fn, s.doubt))
	}
	for _, t := range s.touches {
		at, index, ok := w.rebase(t.spot, args)
		if !ok {
			continue
		}
		elements := index
		if elements == nil {
			elements = anyIndex
		}
		switch t.kind {
		case reads:
			w.sees(at, index, st, t.use)
		case looks:
			w.sees(at, elements, st, t.use)
		case sets:
			w.sets(at, index, writing{needs: t.use, last: t.last, by: t.by})
			if t.must && t.last && index == nil {
				st.must[at] = true
			}
		case puts:
			w.sets(at, elements, writing{needs: t.use, last: true})
		case changes:
			w.change(at, w.via(fn, t.says))
		case calls:
			w.invoke(args[t.arg].expr, at, fn, st)
		}
	}
	w.mingle(s, args)
	if s.doubt != "" && s.results == nil {
		w.made[c] = unknownResults(fn)
		return
	}
	list := make([]origin, len(s.results))
	for i, res := range s.results {
		list[i] = w.returned(res, args)
	}
	w.made[c] = list
}

var anyIndex ast.Expr = new(ast.BadExpr)

// mingle notes that what a function has changed of the iteration's own may lead on
// to what else it was given.
func (w *walker) mingle(s *Summary, args map[int]argument) {
	shared := slices.ContainsFunc(slices.Collect(maps.Values(args)), func(a argument) bool { return a.shared })
	if !shared {
		return
	}
	for _, t := range s.touches {
		if a, ok := args[t.arg]; ok && t.global == "" && (t.kind == sets || t.kind == puts || t.kind == changes) {
			w.leadsAnywhere(a)
		}
	}
}

// leadsAnywhere notes that a function may have set the pointers in what it was given of
// the iteration's own, and the pointer itself where that was its address.
func (w *walker) leadsAnywhere(a argument) {
	if a.shared || a.owner == nil {
		return
	}
	w.inner[a.owner] = somewhere
	if u, ok := a.expr.(*ast.UnaryExpr); ok && u.Op == token.AND && pointsOut(a.owner.Type()) {
		w.alias[a.owner] = somewhere
	}
}
