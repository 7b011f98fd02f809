package doubt

import (
	"net"
	"sync"
	"sync/atomic"
)

type cable struct {
	conn net.Conn
	dead atomic.Bool
}

func (l *cable) alive() bool { return !l.dead.Load() }

func (l *cable) drop() { l.dead.Store(true) }

// Here the look finds nothing that spares the caller the wait: all come to it, one after
// the other.
type turns struct {
	mu     sync.RWMutex
	byAddr map[string]*cable
}

func (s *turns) always(addr string) (*cable, error) {
	s.mu.RLock()
	l := s.byAddr[addr]
	s.mu.RUnlock()
	if l != nil {
		if l.alive() {
			l.drop()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := net.Dial("tcp", addr) // want `note: .*s.mu is held while net.Dial waits on the network`
	if err != nil {
		return nil, err
	}
	l = &cable{conn: conn}
	s.byAddr[addr] = l
	return l, nil
}
