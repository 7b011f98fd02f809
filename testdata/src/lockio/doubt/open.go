package doubt

import "sync"

// The lock keeps the channel from being closed while somebody sends to it.
type outbox struct {
	mu     sync.RWMutex
	queue  chan int
	closed bool
	sent   int
}

func newOutbox() *outbox { return &outbox{queue: make(chan int, 8)} }

func (o *outbox) put(n int) bool {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.closed {
		return false
	}
	o.queue <- n // want `note: .*o.mu is held while this sends to o.queue, so all who want the lock wait too`
	return true
}

func (o *outbox) shut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		o.shutLocked()
	}
}

func (o *outbox) shutLocked() { close(o.queue) }

func (o *outbox) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sent
}
