package lockio

import (
	"errors"
	"os/exec"
	"sync"
)

// Who finds there what it wants would get it, were the lock free: it is no refusal.
type counter struct {
	mu  sync.Mutex
	cmd *exec.Cmd
}

func (c *counter) running() (*exec.Cmd, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cmd != nil {
		return c.cmd, nil
	}
	return nil, errors.New("none")
}

func (c *counter) vacate() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cmd == nil {
		return nil
	}
	err := c.cmd.Wait() // want `c.mu is held while exec.\(\*Cmd\).Wait waits for a subprocess`
	c.cmd = nil
	return err
}

// The state is given up before the wait: who comes meanwhile would be let in.
type cabin struct {
	mu    sync.Mutex
	taken bool
	cmd   *exec.Cmd
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
	b.cmd.Wait() // want `b.mu is held while exec.\(\*Cmd\).Wait waits for a subprocess`
}
