package lockio

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
)

// Who finds there what it wants would get it, were the lock free: it is no refusal.
type counter struct {
	mu  sync.Mutex
	far *http.Client
}

func (c *counter) running() (*http.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.far != nil {
		return c.far, nil
	}
	return nil, errors.New("none")
}

func (c *counter) vacate() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.far == nil {
		return nil
	}
	_, err := c.far.Get("http://far/left") // want `note: .*c.mu is held while http.\(\*Client\).Get waits on the network`
	c.far = nil
	return err
}

// The state is given up before the wait: who comes meanwhile would be let in.
type cabin struct {
	mu    sync.Mutex
	taken bool
	far   *http.Client
}

func (b *cabin) take() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.taken {
		return errors.New("taken")
	}
	b.taken = true
	return nil
}

func (b *cabin) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.taken {
		return
	}
	b.taken = false
	b.far.Get("http://far/left") // want `note: .*b.mu is held while http.\(\*Client\).Get waits on the network`
}

// By whatever it is given up: by an atomic,
type cubicle struct {
	mu    sync.Mutex
	taken atomic.Bool
	far   *http.Client
}

func (c *cubicle) take() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken.Load() {
		return errors.New("taken")
	}
	c.taken.Store(true)
	return nil
}

func (c *cubicle) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.taken.Load() {
		return
	}
	c.taken.Store(false)
	c.far.Get("http://far/left") // want `note: .*c.mu is held while http.\(\*Client\).Get waits on the network`
}

type stall struct {
	mu    sync.Mutex
	taken atomic.Bool
	far   *http.Client
}

func (s *stall) take() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken.Load() {
		return errors.New("taken")
	}
	s.taken.Store(true)
	return nil
}

func (s *stall) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.taken.Load() {
		return
	}
	if s.taken.CompareAndSwap(true, false) {
		s.far.Get("http://far/left") // want `note: .*s.mu is held while http.\(\*Client\).Get waits on the network`
	}
}

// by what is called before,
type loge struct {
	mu    sync.Mutex
	taken bool
	far   *http.Client
}

func (l *loge) take() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return errors.New("taken")
	}
	l.taken = true
	return nil
}

func (l *loge) clear() { l.taken = false }

func (l *loge) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.taken {
		return
	}
	l.clear()
	l.far.Get("http://far/left") // want `note: .*l.mu is held while http.\(\*Client\).Get waits on the network`
}

// or waits,
type berth struct {
	mu    sync.Mutex
	taken bool
	far   *http.Client
}

func (b *berth) take() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.taken {
		return errors.New("taken")
	}
	b.taken = true
	return nil
}

func (b *berth) clear() {
	b.taken = false
	b.far.Get("http://far/left")
}

func (b *berth) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.taken {
		return
	}
	b.clear() // want `note: .*b.mu is held while \(\*berth\).clear waits on the network`
}

// or by the turn before.
type cot struct {
	mu    sync.Mutex
	taken bool
	far   *http.Client
}

func (c *cot) take() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken {
		return errors.New("taken")
	}
	c.taken = true
	return nil
}

func (c *cot) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.taken {
		return
	}
	for range 3 {
		c.far.Get("http://far/left") // want `note: .*c.mu is held while http.\(\*Client\).Get waits on the network`
		c.taken = false
	}
}

// Of those that share a lock, others are not taken.
type seat struct {
	mu    *sync.Mutex
	taken bool
	far   *http.Client
}

func (s *seat) take() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken {
		return errors.New("taken")
	}
	s.taken = true
	return nil
}

func (s *seat) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.taken {
		return
	}
	s.far.Get("http://far/left") // want `note: .*s.mu is held while http.\(\*Client\).Get waits on the network`
	s.taken = false
}

type hall struct{ mu sync.Mutex }

type bench struct {
	hall  *hall
	taken bool
	far   *http.Client
}

func (b *bench) take() error {
	b.hall.mu.Lock()
	defer b.hall.mu.Unlock()
	if b.taken {
		return errors.New("taken")
	}
	b.taken = true
	return nil
}

func (b *bench) leave() {
	b.hall.mu.Lock()
	defer b.hall.mu.Unlock()
	if !b.taken {
		return
	}
	b.far.Get("http://far/left") // want `note: .*b.hall.mu is held while http.\(\*Client\).Get waits on the network`
	b.taken = false
}
