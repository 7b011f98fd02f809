package p

type seq func(yield func(int) bool)

type T struct{ n int }

type G[E any] struct{ list []E }

type runner interface{ run() }

var first = func() int { return 1 }

var table = map[string]func(){
	"a": func() { func() { sink = 1 }() },
	"b": func() {},
}

var sink int

func init() {
	f := func() { sink = 2 }
	f()
}

func work()                  { sink = 3 }
func one(n int)              { sink = n }
func result() int            { return sink }
func call(f func())          { f() }
func count(y func(int) bool) { y(1) }

// Literals count in source order; those within a literal have numbers alone.
func F() {
	call(func() {
		call(func() { sink = 4 })
		call(func() { call(func() { sink = 5 }) })
	})
	f := func(n int) { sink = n }
	f(1)
	if sink > 0 {
		defer func() { sink = 6 }()
	}
}

// What carries nothing needs no wrapper.
func Goes(t *T, r runner, f func(), ch chan int) {
	go work()
	go one(1)
	go result()
	go t.m()
	go r.run()
	go f()
	go func() { sink = 7 }()
	go func(n int) { sink = n }(2)
	defer close(ch)
	defer t.m()
	defer generic[int]()
	go infer(3)
	defer func() { go one(4) }()
	go (*T).m(t)
	go func() int { return 1 }()
	go delete(map[int]int{}, 1)
}

func generic[E any]()  {}
func infer[E any](e E) {}

func (t *T) m() {
	call(func() { t.n++ })
	defer func() { t.n-- }()
}

func (t T) Value() func() int {
	return func() int { return t.n }
}

func (g *G[E]) Each(f func(E)) {
	for _, e := range g.list {
		call(func() { f(e) })
		go f(e)
	}
}

func (g G[E]) Value() { call(func() { _ = g.list }) }

func Map[A, B any](list []A, f func(A) B) (out []B) {
	call(func() {
		for _, a := range list {
			out = append(out, f(a))
		}
		call(func() { out = nil })
	})
	return out
}

// Of a range over a function the body is a function, what it holds counts
// outside.
func Range(s seq) {
	call(func() { sink = 8 })
	for i := range s {
		call(func() { sink = i })
		for j := range count {
			go one(i + j)
			call(func() { sink = j })
		}
	}
	for range s {
		defer one(9)
	}
	call(func() {
		for k := range s {
			call(func() { sink = k })
		}
	})
}

type pair struct{ f, g func() }

func Fields(n int) *pair {
	return &pair{
		g: func() { sink = n },
		f: func() { sink = -n },
	}
}

func Control(ch chan func()) {
	switch f := func() int { return 1 }; f() {
	case func() int { return 2 }():
		call(func() { sink = 10 })
	}
	select {
	case ch <- func() { sink = 11 }:
		call(func() { sink = 12 })
	default:
	}
	for i := func() int { return 3 }(); func() bool { return i < 5 }(); func() { i++ }() {
		call(func() { sink = i })
	}
}

var use = func() {
	new(G[int]).Each(func(int) {})
	G[string]{}.Value()
	Map([]int{1}, func(n int) string { return "" })
	generic[string]()
}
