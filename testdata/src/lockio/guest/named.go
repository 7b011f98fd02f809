package guest

import (
	"sync"

	"lockio/host"
)

// A variable of another package that holds one function waits as the function does.
type shelf struct {
	mu    sync.Mutex
	label string
	full  bool
}

func (s *shelf) fill(url string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := host.Fetch(url) // want `warning: .*s.mu is held while host.Fetch waits on the network, so all who want the lock wait too`
	s.full = err == nil
	return err
}

func (s *shelf) name(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.label = host.Label("shelf %d", n)
}

func (s *shelf) isFull() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.full
}
