package host

import "sync"

// A Batcher sends what has come together.
type Batcher struct {
	mu    sync.Mutex
	batch []string
	send  func(batch []string)
}

// NewBatcher starts one.
func NewBatcher(queue <-chan string, send func(batch []string)) *Batcher {
	b := &Batcher{send: send}
	go b.run(queue)
	return b
}

// Who adds is who sends, so nobody waits for it.
func (b *Batcher) run(queue <-chan string) {
	for s := range queue {
		b.mu.Lock()
		b.batch = append(b.batch, s)
		full := len(b.batch) >= 10
		b.mu.Unlock()
		if full {
			b.flush()
		}
	}
}

func (b *Batcher) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.send(b.batch) // want "note: lockio: b.mu is held while b.send runs"
	b.batch = nil
}
