package doubt

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
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
	b.far.Get("http://far/left") // want `note: .*b.mu is held while http.\(\*Client\).Get waits on the network`
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
	_, err := s.far.Get("http://far/left") // want `note: .*s.mu is held while http.\(\*Client\).Get waits on the network`
	s.far = nil
	return err
}

// What is given up behind the wait, by what is called, still refuses meanwhile.
type lectern struct {
	mu    sync.Mutex
	taken bool
	far   *http.Client
}

func (l *lectern) take() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return errTaken
	}
	l.taken = true
	return nil
}

func (l *lectern) clear() { l.taken = false }

func (l *lectern) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.taken {
		return
	}
	l.far.Get("http://far/left") // want `note: .*l.mu is held while http.\(\*Client\).Get waits on the network`
	l.clear()
}

type cubicle struct {
	mu    sync.Mutex
	taken atomic.Bool
	far   *http.Client
}

func (c *cubicle) take() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken.Load() {
		return errTaken
	}
	c.taken.Store(true)
	return nil
}

func (c *cubicle) clear() {
	c.far.Get("http://far/left")
	c.taken.Store(false)
}

func (c *cubicle) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.taken.Load() {
		return
	}
	c.clear() // want `note: .*c.mu is held while \(\*cubicle\).clear waits on the network`
}

// So does what is given up as the function ends.
type stall struct {
	mu    sync.Mutex
	taken bool
	far   *http.Client
}

func (s *stall) take() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken {
		return errTaken
	}
	s.taken = true
	return nil
}

func (s *stall) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.taken {
		return
	}
	defer func() { s.taken = false }()
	s.far.Get("http://far/left") // want `note: .*s.mu is held while http.\(\*Client\).Get waits on the network`
}
