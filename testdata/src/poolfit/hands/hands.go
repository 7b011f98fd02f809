// Package hands holds pools of a program's own that other packages hand work to.
package hands

import (
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Any is for those who have no number in mind.
const Any = -1

// A Team works so many at once: each waits for its turn on a goroutine of its own.
type Team struct {
	all   sync.WaitGroup
	turns chan struct{}
}

func NewTeam(most int) *Team {
	if most <= 0 {
		most = runtime.GOMAXPROCS(0)
	}
	return &Team{turns: make(chan struct{}, most)}
}

func (t *Team) Spawn(f func()) {
	t.all.Add(1)
	go func() {
		defer t.all.Done()
		t.turns <- struct{}{}
		defer func() { <-t.turns }()
		f()
	}()
}

// Await takes the turn before it starts the goroutine.
func (t *Team) Await(f func()) {
	t.turns <- struct{}{}
	t.all.Go(func() {
		defer func() { <-t.turns }()
		f()
	})
}

func (t *Team) Wait() { t.all.Wait() }

// A Shift is a number of workers that are told what to do.
type Shift struct {
	orders chan func()
	size   int
	quiet  bool
}

type Option func(*Shift)

func Size(n int) Option { return func(s *Shift) { s.size = n } }

func Quiet() Option { return func(s *Shift) { s.quiet = true } }

func NewShift(opts ...Option) *Shift {
	s := &Shift{orders: make(chan func()), size: runtime.GOMAXPROCS(0)}
	for _, o := range opts {
		o(s)
	}
	for range s.size {
		go s.work()
	}
	return s
}

// NewLargeShift says itself how many there are.
func NewLargeShift(n int) *Shift {
	s := &Shift{orders: make(chan func(), n)}
	for range n {
		go s.work()
	}
	return s
}

func (s *Shift) work() {
	for f := range s.orders {
		f()
	}
}

// Tell waits until a worker is free.
func (s *Shift) Tell(f func()) { s.orders <- f }

// A Troop is sized by a field of its settings.
type Troop struct {
	set    Settings
	orders chan func()
}

type Settings struct {
	Size int
	Name string
}

func NewTroop(set Settings) *Troop {
	if set.Size == 0 {
		set.Size = runtime.GOMAXPROCS(0)
	}
	return &Troop{set: set, orders: make(chan func())}
}

func (t *Troop) Start() {
	for range t.set.Size {
		go func() {
			for f := range t.orders {
				f()
			}
		}()
	}
}

func (t *Troop) Tell(f func()) bool {
	select {
	case t.orders <- f:
		return true
	default:
		return false
	}
}

// A List keeps what it is given, and nobody runs it.
type List struct{ kept chan func() }

func NewList() *List { return &List{make(chan func(), runtime.GOMAXPROCS(0))} }

func (l *List) Tell(f func()) { l.kept <- f }

// A Queue runs one at a time, and nobody is asked how many.
type Queue struct{ g errgroup.Group }

func NewQueue() *Queue {
	q := new(Queue)
	q.g.SetLimit(1)
	return q
}

func (q *Queue) Add(f func() error) { q.g.Go(f) }

// A Turn is a lock: it has one place, and can have no more.
type Turn struct{ one chan struct{} }

func NewTurn() *Turn { return &Turn{make(chan struct{}, 1)} }

func (t *Turn) Spawn(f func()) {
	t.one <- struct{}{}
	go func() {
		defer func() { <-t.one }()
		f()
	}()
}
