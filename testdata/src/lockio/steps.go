package lockio

import (
	"net"
	"sync"
	"sync/atomic"
)

// What is found may be asked whether it is still good one step further in: who finds it
// good needs no more than the look, and waits for who has to connect anew.
type cables struct {
	mu     sync.RWMutex
	byAddr map[string]*cable
}

type cable struct {
	conn net.Conn
	dead atomic.Bool
}

func (l *cable) alive() bool { return !l.dead.Load() }

func (l *cable) drop() { l.dead.Store(true) }

func (s *cables) inSteps(addr string) (*cable, error) {
	s.mu.RLock()
	l := s.byAddr[addr]
	s.mu.RUnlock()
	if l != nil {
		if l.alive() {
			return l, nil
		}
		l.drop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := net.Dial("tcp", addr) // want `warning: .*s.mu is held while net.Dial waits on the network`
	if err != nil {
		return nil, err
	}
	l = &cable{conn: conn}
	s.byAddr[addr] = l
	return l, nil
}

// The same the other way round, and in one condition.
type strands struct {
	mu     sync.RWMutex
	byAddr map[string]*cable
}

func (s *strands) turned(addr string) (*cable, error) {
	s.mu.RLock()
	l, ok := s.byAddr[addr]
	s.mu.RUnlock()
	if ok {
		if !l.alive() {
			l.drop()
		} else {
			return l, nil
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := net.Dial("tcp", addr) // want `warning: .*s.mu is held while net.Dial waits on the network`
	if err != nil {
		return nil, err
	}
	l = &cable{conn: conn}
	s.byAddr[addr] = l
	return l, nil
}

type twists struct {
	mu     sync.RWMutex
	byAddr map[string]*cable
}

func (s *twists) atOnce(addr string) (*cable, error) {
	s.mu.RLock()
	l := s.byAddr[addr]
	s.mu.RUnlock()
	if l != nil && l.alive() {
		return l, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := net.Dial("tcp", addr) // want `warning: .*s.mu is held while net.Dial waits on the network`
	if err != nil {
		return nil, err
	}
	l = &cable{conn: conn}
	s.byAddr[addr] = l
	return l, nil
}
