package host

import "sync"

// Of each of these interfaces one implementation runs what it is given under a lock, and
// another one under none.
type (
	Board   interface{ OnPost(func(string)) }
	Ticker  interface{ OnTick(func(string)) }
	Gazette interface{ OnPrint(func(string)) }
	Rumour  interface{ OnHear(func(string)) }
	Diary   interface{ OnWrite(func(string)) error }
)

// Of a Wall the lock is one of the package.
type Wall struct{ posts int }

var walls sync.Mutex

func NewWall() *Wall { return new(Wall) }

func (w *Wall) OnPost(read func(string)) {
	walls.Lock()
	defer walls.Unlock()
	read("first") // want "note: lockio: walls is held while read runs"
	w.posts++
}

func (w *Wall) Posts() int {
	walls.Lock()
	defer walls.Unlock()
	return w.posts
}

// Of a Wire it is in what it embeds.
type Wire struct{ cable }

type cable struct {
	mu    sync.Mutex
	ticks int
}

func NewWire() *Wire { return new(Wire) }

func (w *Wire) OnTick(read func(string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	read("first") // want "note: lockio: w.mu is held while read runs"
	w.ticks++
}

func (w *Wire) Ticks() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ticks
}

// A Press is part of a House.
type Press struct {
	mu     sync.Mutex
	prints int
}

type House struct{ Press Press }

func (p *Press) OnPrint(read func(string)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	read("first") // want "note: lockio: p.mu is held while read runs"
	p.prints++
}

func (p *Press) Prints() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.prints
}

// A Gossip is made behind the interface.
type Gossip struct {
	mu    sync.Mutex
	heard int
}

func NewRumour() Rumour { return new(Gossip) }

func (g *Gossip) OnHear(read func(string)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	read("first") // want "note: lockio: g.mu is held while read runs"
	g.heard++
}

func (g *Gossip) Heard() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.heard
}

// An Open one has no lock.
type Open struct{}

func (Open) OnPost(read func(string))  { read("first") }
func (Open) OnTick(read func(string))  { read("first") }
func (Open) OnPrint(read func(string)) { read("first") }
func (Open) OnHear(read func(string))  { read("first") }

// A Book has a lock, and beside it is nothing but a stand-in.
type Book struct {
	mu    sync.Mutex
	lines int
}

func (b *Book) OnWrite(read func(string)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	read("first") // want "note: lockio: b.mu is held while read runs"
	b.lines++
	return nil
}

func (b *Book) Lines() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lines
}

type Blank struct{}

func (Blank) OnWrite(func(string)) error { return nil }
