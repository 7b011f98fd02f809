package host

import (
	"sync"
	"sync/atomic"
)

// A Timer runs what it is given once, when its time is up. What comes back to Set by then
// finds that it is over, and turns round before the lock.
type Timer struct {
	mu    sync.Mutex
	over  atomic.Bool
	left  int
	ended func()
}

func NewTimer(ended func()) *Timer { return &Timer{ended: ended} }

func (t *Timer) Expire() {
	t.over.Store(true)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended() // want "note: lockio: t.mu is held while t.ended runs"
}

func (t *Timer) Set(n int) {
	if t.over.Load() {
		return
	}
	if n == 0 {
		t.Expire()
		return
	}
	t.mu.Lock()
	t.left = n
	t.mu.Unlock()
}

// Left does not ask.
func (t *Timer) Left() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.left
}

// An Alarm has the flag, and does not set it before.
type Alarm struct {
	mu   sync.Mutex
	over bool
	rung func()
}

func NewAlarm(rung func()) *Alarm { return &Alarm{rung: rung} }

func (a *Alarm) Ring() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rung()
	a.over = true
}

func (a *Alarm) Stop() {
	if a.over {
		return
	}
	a.mu.Lock()
	a.over = true
	a.mu.Unlock()
}

// A Club runs what a Member is given, and does so under a lock of its own. Who makes no
// Club has no such lock.
type Club struct {
	mu   sync.Mutex
	size int
}

type Member struct{ leaves func() }

func (m *Member) OnLeave(f func()) { m.leaves = f }

func (m *Member) Leave() { m.leaves() }

func NewClub(m *Member) *Club {
	c := new(Club)
	leaves := m.leaves
	m.leaves = func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.size--
		leaves()
	}
	return c
}

func (c *Club) Size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}

// A Watch may begin anew: its flag is no end.
type Watch struct {
	mu   sync.Mutex
	over atomic.Bool
	rung func()
}

func NewWatch(rung func()) *Watch { return &Watch{rung: rung} }

func (w *Watch) Ring() {
	w.over.Store(true)
	w.begin()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rung()
}

func (w *Watch) begin() { w.over.Store(false) }

func (w *Watch) Stop() {
	if w.over.Load() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
}

// A Bell sets its flag when it has rung, and one of two that ring sets none.
type Bell struct {
	mu     sync.Mutex
	silent atomic.Bool
	rung   func()
}

func NewBell(rung func()) *Bell { return &Bell{rung: rung} }

func (b *Bell) Ring() {
	defer b.silent.Store(true)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung()
}

func (b *Bell) Stop() {
	if b.silent.Load() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
}
