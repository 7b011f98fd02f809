package provider

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"lockio/provider/places"
)

// A Guest is made in other packages, from Base: nothing else has the method admitted. So
// what most of its methods do is known here.
type Guest interface {
	Rename(name string) error
	Report()
	Leave() error
	admitted() bool
}

type Base struct {
	mu   sync.Mutex
	name string
}

func (b *Base) Rename(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.name = name
	return nil
}

func (b *Base) Report() {
	_, _ = http.Get("http://example.com/" + b.name)
}

func (b *Base) admitted() bool { return true }

type Hall struct {
	mu     sync.Mutex
	guests map[string]Guest
	dial   places.Dialer
	conns  []net.Conn
}

func (h *Hall) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.guests)
}

func (h *Hall) rename(from, to string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.guests[from]
	delete(h.guests, from)
	h.guests[to] = g
	return g.Rename(to)
}

func (h *Hall) report(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.guests[name].Report() // want "warning: .*h.mu is held while .*Base..Report waits on the network"
}

// A connection is asked for, where a socket for datagrams is not.
func (h *Hall) call(ctx context.Context, to netip.AddrPort) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	conn, err := h.dial.Stream(ctx, to) // want "warning: .*h.mu is held while places.Dialer.Stream waits on the network"
	h.conns = append(h.conns, conn)
	return err
}
