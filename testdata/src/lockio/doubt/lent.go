package doubt

import "sync"

// A Scoreboard calls what others have left there, by way of functions that take its lock.
type Scoreboard struct {
	mu       sync.Mutex
	score    int
	OnChange func(score int)
	OnEnd    func()
	checks   []func()
}

func underOf(mu *sync.Mutex, f func()) {
	mu.Lock()
	defer mu.Unlock()
	f()
}

func (b *Scoreboard) Score() (n int) {
	underOf(&b.mu, func() { n = b.score })
	return n
}

func (b *Scoreboard) AddCheck(f func()) { b.checks = append(b.checks, f) }

func (b *Scoreboard) Add(n int) {
	underOf(&b.mu, func() {
		b.score += n
		b.OnChange(b.score) // want "note: .*b.mu is held while b.OnChange runs, which may wait, or want the lock"
	})
}

func (b *Scoreboard) Finish() {
	underOf(&b.mu, b.OnEnd) // want "note: .*b.mu is held while b.OnEnd runs, which may wait, or want the lock"
}

func (b *Scoreboard) Check() {
	for _, check := range b.checks {
		underOf(&b.mu, check) // want "note: .*b.mu is held while check runs, which may wait, or want the lock"
	}
}

func (b *Scoreboard) Update(change func()) {
	if b.OnEnd == nil {
		return
	}
	underOf(&b.mu, change) // want "note: .*b.mu is held while change runs, which may wait, or want the lock"
	b.OnEnd()
}

// The function is taken under the lock, and called without it.
func (b *Scoreboard) AddLater(n int) {
	var changed func(int)
	underOf(&b.mu, func() {
		b.score += n
		changed = b.OnChange
	})
	changed(n)
}
