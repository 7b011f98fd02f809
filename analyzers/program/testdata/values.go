package values

import "sync"

// may says what its first argument may be: the functions by their names, literals
// as lit, what code out of sight sets as the variable with a question mark.
func may(f any, names ...string) {}

type node struct {
	f     func()
	table map[string]func()
	list  []func()
	any   sync.Map
	hook  Hook
	Open  func()
}

type Hook interface{ fire() }

type bell struct{}

func (bell) fire() {}

func a() {}
func b() {}

func (n *node) method() {}

func newNode(f func(), h Hook, opts ...option) *node {
	n := &node{f: f, hook: h, table: map[string]func(){"a": a}}
	for _, o := range opts {
		o(n)
	}
	return n
}

type option func(*node)

func also(f func()) option { return func(n *node) { n.list = append(n.list, f) } }

func local(f func(), yes bool) {
	g := a
	may(g, "a", "b") // the order does not count
	if yes {
		g = b
	}
	may(g, "a", "b")
	may(f, "lit") // its one call is in this package
	may(func() {}, "lit")
	h := pick(yes)
	may(h, "a", "lit")
}

func pick(yes bool) func() {
	if yes {
		return a
	}
	return func() {}
}

func fields(n *node) {
	local(func() {}, true)
	n.table["b"] = n.method
	n.any.Store("b", b)
	newNode(b, bell{}, also(a), also(func() {}))
	may(n.f, "b")
	may(n.table["x"], "a", "n.method")
	may(n.hook, "bell{}")
	may(n.Open, "Open?")
	for _, f := range n.list {
		may(f, "a", "lit")
	}
	if f, ok := n.any.Load("b"); ok {
		may(f.(func()), "b") // the key is one of the arguments, and no func()
	}
}

func Exported(f func(), hs ...Hook) {
	may(f, "a", "f?")
	ch := make(chan Hook, 1)
	ch <- hs[0]
	may(<-ch, "hs?", "bell{}")
}

func calls() {
	Exported(a, bell{})
}

func switches(x any) {
	switch h := x.(type) {
	case func():
		may(h, "b")
	}
}

func any1() { switches(b) }

// A list has nothing but lists in it, so that no function comes out of one.
type list []list

type even []odd
type odd []even

func lists(l list, e even) {
	l = append(l, l)
	e = append(e, odd{e})
	may(l, "l")
	may(e, "e")
}
