package silent

import (
	"net"
	"net/netip"
	"sync"

	"lockio/provider/places"
)

// What is behind the interfaces of another package is known there.
type sessions struct {
	mu    sync.Mutex
	table places.Table
	dial  places.Dialer
	open  map[string]net.Conn
}

func (s *sessions) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *sessions) register(name string, to netip.AddrPort) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.table.Take(name); err != nil {
		return err
	}
	conn, err := s.dial.Datagrams(to) // want "silent: .*s.mu is held while places.Dialer.Datagrams waits on DNS"
	if err != nil {
		return err
	}
	s.open[name] = conn
	return nil
}

func (s *sessions) remove(name places.Name) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, name.Text())
	_ = s.table.Drop(name)
}
