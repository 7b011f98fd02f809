package lockio

import (
	"errors"
	"net/http"
	"sync"
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
	_, err := c.far.Get("http://far/left") // want `c.mu is held while http.\(\*Client\).Get waits on the network`
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
	b.far.Get("http://far/left") // want `b.mu is held while http.\(\*Client\).Get waits on the network`
}
