package doubt

import (
	"errors"
	"net/http"
	"sync"
)

// Who comes while the lock is held for a wait would be refused: it can but succeed when the
// wait is over.
type booth struct {
	mu    sync.Mutex
	taken bool
	far   *http.Client
}

var errTaken = errors.New("taken")

func (b *booth) take() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.taken {
		return errTaken
	}
	b.taken = true
	return nil
}

func (b *booth) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.taken {
		return
	}
	b.far.Get("http://far/left") // want `b.mu is held while http.\(\*Client\).Get waits on the network`
	b.taken = false
}

// The same of what is there or not.
type stand struct {
	mu  sync.Mutex
	far *http.Client
}

func (s *stand) open(far *http.Client) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.far != nil {
		return false, errors.New("open already")
	}
	s.far = far
	return true, nil
}

func (s *stand) vacate() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.far == nil {
		return nil
	}
	_, err := s.far.Get("http://far/left") // want `s.mu is held while http.\(\*Client\).Get waits on the network`
	s.far = nil
	return err
}
