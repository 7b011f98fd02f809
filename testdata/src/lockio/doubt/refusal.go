package doubt

import (
	"errors"
	"os/exec"
	"sync"
)

// Who comes while the lock is held for a wait would be refused: it can but succeed when the
// wait is over.
type booth struct {
	mu    sync.Mutex
	taken bool
	cmd   *exec.Cmd
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
	b.cmd.Wait() // want `b.mu is held while exec.\(\*Cmd\).Wait waits for a subprocess`
	b.taken = false
}

// The same of what is there or not.
type stand struct {
	mu  sync.Mutex
	cmd *exec.Cmd
}

func (s *stand) open(cmd *exec.Cmd) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		return false, errors.New("open already")
	}
	s.cmd = cmd
	return true, nil
}

func (s *stand) vacate() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return nil
	}
	err := s.cmd.Wait() // want `s.mu is held while exec.\(\*Cmd\).Wait waits for a subprocess`
	s.cmd = nil
	return err
}
