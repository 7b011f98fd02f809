package lockio

import "sync"

// The job of who waits does not say that the lock is held, so that it is taken again; for the
// goroutine of keep the argument says so.
type cellar struct {
	mu    sync.Mutex
	racks map[string]int
}

type turning struct {
	locked bool
	done   chan struct{}
}

func (c *cellar) turn() {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &turning{done: make(chan struct{})}
	go c.run(t)
	<-t.done // want "warning: .*this receives from t.done, and the other side takes it first: deadlock"
}

func (c *cellar) turnAlone() {
	go c.run(&turning{locked: true, done: make(chan struct{})})
}

func (c *cellar) run(t *turning) {
	defer close(t.done)
	if !t.locked {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	for k := range c.racks {
		c.racks[k]++
	}
}

func (c *cellar) drop(held bool) {
	if !held {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	clear(c.racks)
}

func (c *cellar) renew() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var wg sync.WaitGroup
	wg.Go(func() {
		c.drop(true)
		c.drop(false)
	})
	wg.Wait() // want "warning: .*and the other side takes it first: deadlock"
}
