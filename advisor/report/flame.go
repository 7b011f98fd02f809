package report

import (
	"cmp"
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A Flame is the stacks of the evidence as trees, one for each thing measured.
type Flame struct {
	Views []View `json:"views"`
}

// A View is one tree in preorder. A node's children lie directly behind it, one
// deeper, so depth alone tells the shape.
type View struct {
	Title   string   `json:"title"`  // CPU, Waiting, …
	Source  string   `json:"source"` // the recordings it is of
	Unit    string   `json:"unit"`   // s, B or n; values of s are nanoseconds
	Names   []string `json:"names"`
	Kinds   []string `json:"kinds"`
	Nodes   []Node   `json:"nodes"`
	Dropped int      `json:"dropped,omitempty"` // nodes that were merged because they are too small to be seen
}

// A Node is name, depth, value with callees, and the kind that most of it is
// of; the indexes are into the View's lists. Arrays keep a page of many nodes
// small.
type Node [4]int64

// OtherName is the node that the small children of a node are merged into.
const OtherName = "(smaller ones)"

const (
	// pruneShare of the whole is a pixel on a wide screen.
	pruneShare = 0.001
	// maxDepth is beyond what is read; a recursion may be far deeper.
	maxDepth = 250
)

// A lens is what a view shows: the recordings that tell it, best first, and how
// a stack's weights are taken apart by kind.
type lens struct {
	title, unit string
	formats     []profile.Format
	kinds       []string
	weigh       func(w *profile.Weights, by []int64)
}

var lenses = []lens{
	{"CPU", "s", []profile.Format{profile.CPUProfile, profile.Trace, profile.WallProfile}, []string{"cpu"},
		func(w *profile.Weights, by []int64) { by[0] = int64(w.CPU) }},
	{"Waiting", "s", []profile.Format{profile.Trace, profile.WallProfile, profile.BlockProfile}, waitKinds(),
		func(w *profile.Weights, by []int64) {
			for k := range profile.Idle { // idle waits are no cost, and would be most of the picture
				by[k] = int64(w.Waits[k].Time)
			}
			by[profile.Idle] = int64(w.Runnable.Time)
		}},
	{"Contended locks", "s", []profile.Format{profile.MutexProfile}, []string{"lock"},
		func(w *profile.Weights, by []int64) { by[0] = int64(w.Held.Time) }},
	{"Allocated", "B", []profile.Format{profile.HeapProfile}, []string{"memory"},
		func(w *profile.Weights, by []int64) { by[0] = w.Bytes }},
	{"Goroutines", "n", []profile.Format{profile.Goroutines, profile.LeakProfile}, []string{"cpu"},
		func(w *profile.Weights, by []int64) { by[0] = w.Goroutines }},
}

// waitKinds are the kinds that are a cost, and the run queue in Idle's place.
func waitKinds() []string {
	var names []string
	for k := range profile.Idle {
		names = append(names, k.String())
	}
	return append(names, "runnable")
}

// NewFlame reduces the evidence to trees. Sources measure the same thing in
// different ways, so a view is of the sources of one format only: the best that
// says anything.
func NewFlame(e *profile.Evidence) Flame {
	f := Flame{Views: []View{}}
	for _, l := range lenses {
		for _, format := range l.formats {
			t := newTree(len(l.kinds))
			var names []string
			for _, s := range e.Sources {
				if s.Format == format {
					names = append(names, s.Names...)
					t.add(e, s, l.weigh)
				}
			}
			if t.nodes[0].total == 0 {
				continue
			}
			v := View{Title: l.title, Unit: l.unit, Kinds: l.kinds, Source: sourceName(format, names)}
			t.write(&v)
			f.Views = append(f.Views, v)
			break
		}
	}
	return f
}

func sourceName(format profile.Format, names []string) string {
	switch {
	case len(names) == 0:
		return string(format)
	case len(names) > 1:
		return count(len(names), "recording") + " (" + string(format) + ")"
	}
	return names[0] + " (" + string(format) + ")"
}

// A tree is a trie of stacks, root first. Its nodes hold no pointers: there may
// be hundreds of thousands of them.
type tree struct {
	kinds int
	nodes []branch
	sums  []int64 // by node and kind
	index map[edge]int32
	names map[string]int32
	list  []string
}

type edge struct{ parent, name int32 }

type branch struct {
	name        int32
	first, next int32 // child and sibling, 0 for none
	total       int64
}

func newTree(kinds int) *tree {
	t := &tree{kinds: kinds, index: make(map[edge]int32), names: make(map[string]int32)}
	t.node(t.name("all"))
	return t
}

func (t *tree) name(s string) int32 {
	n, ok := t.names[s]
	if !ok {
		n = int32(len(t.list))
		t.names[s] = n
		t.list = append(t.list, s)
	}
	return n
}

func (t *tree) node(name int32) int32 {
	t.nodes = append(t.nodes, branch{name: name})
	t.sums = append(t.sums, make([]int64, t.kinds)...)
	return int32(len(t.nodes) - 1)
}

func (t *tree) child(parent, name int32) int32 {
	n, ok := t.index[edge{parent, name}]
	if !ok {
		n = t.node(name)
		t.index[edge{parent, name}] = n
		t.nodes[n].next, t.nodes[parent].first = t.nodes[parent].first, n
	}
	return n
}

func (t *tree) add(e *profile.Evidence, s *profile.Source, weigh func(*profile.Weights, []int64)) {
	names := make(map[profile.FrameID]int32)
	by := make([]int64, t.kinds)
	for i := range s.Stacks {
		st := &s.Stacks[i]
		clear(by)
		weigh(&st.Weights, by)
		sum := int64(0)
		for k, v := range by {
			by[k] = max(v, 0)
			sum += by[k]
		}
		if sum == 0 {
			continue
		}
		at := int32(0)
		t.grow(at, by, sum)
		for d := len(st.Frames) - 1; d >= 0 && len(st.Frames)-d < maxDepth; d-- {
			id := st.Frames[d]
			if id < 0 || int(id) >= len(e.Frames) {
				continue
			}
			name, ok := names[id]
			if !ok {
				name = t.name(e.Frames[id].Func)
				names[id] = name
			}
			at = t.child(at, name)
			t.grow(at, by, sum)
		}
	}
}

func (t *tree) of(n int32) []int64 { return t.sums[int(n)*t.kinds:][:t.kinds] }

func (t *tree) grow(n int32, by []int64, sum int64) {
	t.nodes[n].total += sum
	for k, v := range by {
		t.of(n)[k] += v
	}
}

// largest is the kind that most of a node is of.
func largest(by []int64) int64 {
	most := 0
	for k, v := range by {
		if v > by[most] {
			most = k
		}
	}
	return int64(most)
}

// A writer puts the nodes of a tree that are large enough to be seen into a
// view, with the names that they use.
type writer struct {
	*tree
	view  *View
	least int64
	used  map[int32]int64
}

func (t *tree) write(v *View) {
	w := writer{t, v, int64(float64(t.nodes[0].total) * pruneShare), make(map[int32]int64)}
	w.visit(0, 0)
}

// visit writes a node and what is below it, the heaviest child first. Children
// too small to be seen become one.
func (w *writer) visit(n int32, depth int64) {
	b := w.nodes[n]
	w.put(b.name, depth, b.total, w.of(n))
	var seen []int32
	small, rest := make([]int64, w.kinds), int64(0)
	for c := b.first; c != 0; c = w.nodes[c].next {
		if w.nodes[c].total >= w.least {
			seen = append(seen, c)
			continue
		}
		w.view.Dropped++
		rest += w.nodes[c].total
		for k, v := range w.of(c) {
			small[k] += v
		}
	}
	slices.SortFunc(seen, func(x, y int32) int {
		a, b := w.nodes[x], w.nodes[y]
		return cmp.Or(cmp.Compare(b.total, a.total), cmp.Compare(w.list[a.name], w.list[b.name]))
	})
	for _, c := range seen {
		w.visit(c, depth+1)
	}
	if rest > 0 {
		w.put(w.name(OtherName), depth+1, rest, small)
	}
}

func (w *writer) put(name int32, depth, total int64, by []int64) {
	i, ok := w.used[name]
	if !ok {
		i = int64(len(w.view.Names))
		w.used[name] = i
		w.view.Names = append(w.view.Names, w.list[name])
	}
	w.view.Nodes = append(w.view.Nodes, Node{i, depth, total, largest(by)})
}
