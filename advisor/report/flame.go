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

// A tree is a trie of stacks, root first.
type tree struct {
	kinds int
	nodes []branch
	index map[edge]int32
	names map[string]int32
	list  []string
	by    []int64 // kinds of the stack at hand
}

type edge struct{ parent, name int32 }

type branch struct {
	name     int32
	total    int64
	by       []int64
	children []int32
}

func newTree(kinds int) *tree {
	t := &tree{kinds: kinds, index: make(map[edge]int32), names: make(map[string]int32), by: make([]int64, kinds)}
	t.nodes = []branch{{name: t.name("all"), by: make([]int64, kinds)}}
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

func (t *tree) child(parent, name int32) int32 {
	n, ok := t.index[edge{parent, name}]
	if !ok {
		n = int32(len(t.nodes))
		t.index[edge{parent, name}] = n
		t.nodes = append(t.nodes, branch{name: name, by: make([]int64, t.kinds)})
		t.nodes[parent].children = append(t.nodes[parent].children, n)
	}
	return n
}

func (t *tree) add(e *profile.Evidence, s *profile.Source, weigh func(*profile.Weights, []int64)) {
	for i := range s.Stacks {
		st := &s.Stacks[i]
		clear(t.by)
		weigh(&st.Weights, t.by)
		sum := int64(0)
		for _, v := range t.by {
			sum += max(v, 0)
		}
		if sum == 0 {
			continue
		}
		at := int32(0)
		t.nodes[at].grow(t.by)
		for d := len(st.Frames) - 1; d >= 0 && len(st.Frames)-d < maxDepth; d-- {
			if id := st.Frames[d]; int(id) < len(e.Frames) && id >= 0 {
				at = t.child(at, t.name(e.Frames[id].Func))
				t.nodes[at].grow(t.by)
			}
		}
	}
}

func (b *branch) grow(by []int64) {
	for k, v := range by {
		b.by[k] += max(v, 0)
		b.total += max(v, 0)
	}
}

// kind is the one that most of b is of.
func (b *branch) kind() int64 {
	most := 0
	for k, v := range b.by {
		if v > b.by[most] {
			most = k
		}
	}
	return int64(most)
}

// write puts the nodes that are large enough to be seen into v, the heaviest
// child first, with the names that they use.
func (t *tree) write(v *View) {
	least := int64(float64(t.nodes[0].total) * pruneShare)
	used := make(map[int32]int64)
	name := func(n int32) int64 {
		i, ok := used[n]
		if !ok {
			i = int64(len(v.Names))
			used[n] = i
			v.Names = append(v.Names, t.list[n])
		}
		return i
	}
	other := t.name(OtherName)
	var visit func(n int32, depth int64)
	visit = func(n int32, depth int64) {
		b := &t.nodes[n]
		v.Nodes = append(v.Nodes, Node{name(b.name), depth, b.total, b.kind()})
		slices.SortFunc(b.children, func(x, y int32) int {
			a, c := &t.nodes[x], &t.nodes[y]
			return cmp.Or(cmp.Compare(c.total, a.total), cmp.Compare(t.list[a.name], t.list[c.name]))
		})
		small := branch{by: make([]int64, t.kinds)}
		for _, c := range b.children {
			if t.nodes[c].total >= least {
				visit(c, depth+1)
				continue
			}
			small.grow(t.nodes[c].by)
			v.Dropped++
		}
		if small.total > 0 {
			v.Nodes = append(v.Nodes, Node{name(other), depth + 1, small.total, small.kind()})
		}
	}
	visit(0, 0)
}
