package serving

import "sort"

// A tree that is walked with a function, as comparators and others do.
type tree struct {
	children []*tree
	name     string
	size     int
}

func (t *tree) visit(f func(*tree)) {
	for _, c := range t.children {
		c.visit(f)
	}
	f(t)
}

func (t *tree) total() int {
	sum := 0
	add := func(u *tree) { sum += u.size }
	t.visit(add)
	return sum
}

func bySize(ts []*tree) {
	sort.Slice(ts, func(i, j int) bool { return ts[i].total() < ts[j].total() }) // want `note: blockloop: \(\*tree\).total computes heavily on sort's loop`
}

// The comparator walks with a function of its own: this one does not run there.
func publish(t *tree) {
	send := func(u *tree) { ask(u.name) }
	t.visit(send)
}

// This one does.
func byAnswer(ts []*tree) {
	sort.Slice(ts, func(i, j int) bool {
		n := 0
		look := func(u *tree) {
			ask(u.name) // want `warning: blockloop: ask waits on the network on sort's loop, use a key that is worked out before the sort`
			n++
		}
		ts[i].visit(look) // want `note: blockloop: \(\*tree\).visit computes heavily on sort's loop`
		return n > 1
	})
}
