package doubt

import "sync"

// A Board tells those who have subscribed, all of them through copies in local variables.
type Board struct {
	mu      sync.Mutex
	posted  int
	changed func(int)
	subs    []func(int)
	byName  map[string]func(int)
}

func NewBoard(changed func(int)) *Board { return &Board{changed: changed} }

func (b *Board) Subscribe(f func(int)) {
	b.mu.Lock()
	b.subs = append(b.subs, f)
	b.mu.Unlock()
}

func (b *Board) Name(name string, f func(int)) {
	b.mu.Lock()
	b.byName[name] = f
	b.mu.Unlock()
}

func (b *Board) Posted() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.posted
}

func (b *Board) Post() {
	changed := b.changed
	b.mu.Lock()
	defer b.mu.Unlock()
	b.posted++
	changed(b.posted) // want "note: .*b.mu is held while changed runs, which may wait, or want the lock"
}

func (b *Board) PostTo(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.posted++
	if f, ok := b.byName[name]; ok {
		f(b.posted) // want "warning: .*b.mu is held while f runs, which may wait, or want the lock"
	}
}

func (b *Board) PostAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.posted++
	subs := b.subs
	for _, f := range subs {
		f(b.posted) // want "warning: .*b.mu is held while f runs, which may wait, or want the lock"
	}
}

// The copy is called when the lock is back.
func (b *Board) PostLater() {
	b.mu.Lock()
	b.posted++
	n, changed := b.posted, b.changed
	b.mu.Unlock()
	changed(n)
}

// What the function makes itself is known.
func (b *Board) Sum() (sum int) {
	add := func(n int) { sum += n }
	b.mu.Lock()
	defer b.mu.Unlock()
	add(b.posted)
	return sum
}
