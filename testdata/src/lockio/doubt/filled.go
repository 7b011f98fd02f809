package doubt

import "sync"

// The reader wants the lock, but is done with each thing at once: a large channel does not fill.
type ticker struct {
	mu    sync.Mutex
	queue chan int
	seen  int
}

func newTicker() *ticker {
	t := &ticker{queue: make(chan int, 1000)}
	go t.run()
	return t
}

func (t *ticker) run() {
	for n := range t.queue {
		t.mu.Lock()
		t.seen += n
		t.mu.Unlock()
	}
}

func (t *ticker) offer(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue <- n // want "note: .*t.mu is held while this sends to t.queue, so all who want the lock wait too"
}

func (t *ticker) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.queue)
}
