package silent

import (
	"os"
	"sync"
)

// A place of a semaphore comes free whatever locks are held: who has one reads a
// file and gives it back.
type slots struct{ free chan struct{} }

func newSlots(n int) *slots {
	s := &slots{free: make(chan struct{}, n)}
	for range n {
		s.free <- struct{}{}
	}
	return s
}

func (s *slots) acquire() { <-s.free }

func (s *slots) release() { s.free <- struct{}{} }

type blocks struct {
	mu    sync.Mutex
	slots *slots
	data  map[string][]byte
}

func (b *blocks) load(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.slots.acquire() // want "silent: .*b.mu is held while .*acquire waits to receive, so all who want the lock wait for a place too$"
	_, err := os.Stat(name)
	b.slots.release() // want "silent: .*b.mu is held while .*release can block on a channel, so all who want the lock wait for a place too$"
	b.data[name] = nil
	return err
}

func (b *blocks) get(name string) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data[name]
}
