// Package places declares interfaces and implements them itself.
package places

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
)

// A Table counts what is in use. All that it does is done in memory.
type Table interface {
	Take(name string) error
	Drop(by Name) error
	Refresh()
}

type table struct {
	mu    sync.Mutex
	taken map[string]int
}

func New() Table { return &table{taken: make(map[string]int)} }

func (t *table) Take(name string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken[name] > 0 {
		return errors.New("taken")
	}
	t.taken[name]++
	return nil
}

// What is asked of an argument is an answer.
func (t *table) Drop(by Name) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.taken, by.Text())
	return nil
}

func (t *table) Refresh() {}

// A Name tells itself.
type Name interface{ Text() string }

// A Dialer opens sockets: for datagrams that sends nothing, for streams it does.
type Dialer interface {
	Datagrams(to netip.AddrPort) (net.Conn, error)
	Stream(ctx context.Context, to netip.AddrPort) (net.Conn, error)
}

type dialer struct{ d net.Dialer }

func (d *dialer) Datagrams(to netip.AddrPort) (net.Conn, error) {
	return d.d.Dial("udp", to.String())
}

func (d *dialer) Stream(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	return d.d.DialContext(ctx, "tcp", to.String())
}

// A decorator chooses among others of its kind.
type Chooser struct {
	special map[netip.AddrPort]Dialer
	usual   Dialer
}

func NewChooser() *Chooser { return &Chooser{usual: &dialer{}} }

func (c *Chooser) Datagrams(to netip.AddrPort) (net.Conn, error) {
	if d, ok := c.special[to]; ok {
		return d.Datagrams(to)
	}
	return c.usual.Datagrams(to)
}

func (c *Chooser) Stream(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	if d, ok := c.special[to]; ok {
		return d.Stream(ctx, to)
	}
	return c.usual.Stream(ctx, to)
}
