package doubt

import "sync"

// Readers share the lock, but nothing bounds the wait of one while the buffer is full: the
// way out opens only when all is over.
type journal struct {
	mu      sync.RWMutex
	open    bool
	lines   chan string
	quit    chan struct{}
	flushed int
}

func newJournal() *journal {
	return &journal{lines: make(chan string, 512), quit: make(chan struct{})}
}

func (j *journal) stop() { close(j.quit) }

func (j *journal) write(s string) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if !j.open {
		return
	}
	select { // want `note: .*j.mu is held while this waits in select`
	case j.lines <- s:
	case <-j.quit:
	}
}

func (j *journal) flush() {
	j.mu.Lock()
	j.flushed++
	j.mu.Unlock()
}
