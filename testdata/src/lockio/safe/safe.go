// Package safe has a lock that locks only where it has been asked to.
package safe

import "sync"

type RWMutex struct{ mu *sync.RWMutex }

func New(on bool) RWMutex {
	if on {
		return RWMutex{new(sync.RWMutex)}
	}
	return RWMutex{}
}

func (m *RWMutex) Lock() {
	if m.mu != nil {
		m.mu.Lock()
	}
}

func (m *RWMutex) Unlock() {
	if m.mu != nil {
		m.mu.Unlock()
	}
}

func (m *RWMutex) RLock() {
	if m.mu != nil {
		m.mu.RLock()
	}
}

func (m *RWMutex) RUnlock() {
	if m.mu != nil {
		m.mu.RUnlock()
	}
}

// A Door can be locked as well, and fails.
type Door struct{ shut bool }

func (d *Door) Lock() error   { d.shut = true; return nil }
func (d *Door) Unlock() error { d.shut = false; return nil }
