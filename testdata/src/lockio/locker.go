package lockio

import (
	"net"

	"lockio/safe"
)

// What is locked and unlocked is a lock, be it an interface or somebody's own.
type (
	tollBar interface {
		Lock()
		Unlock()
	}
	tollHouse struct {
		mu    tollBar
		safe  safe.RWMutex
		door  safe.Door
		conns map[string]net.Conn
	}
)

func (h *tollHouse) send(b []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.conns {
		c.Write(b) // want `warning: lockio: h.mu is held while net.Conn.Write waits on the network, so all who want the lock wait too`
	}
}

func (h *tollHouse) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.conns)
}

func (h *tollHouse) released(b []byte) {
	h.mu.Lock()
	c := h.conns["a"]
	h.mu.Unlock()
	c.Write(b)
}

func (h *tollHouse) safely(b []byte) {
	h.safe.RLock()
	for _, c := range h.conns {
		c.Write(b) // want `warning: lockio: h.safe is held while net.Conn.Write waits on the network, so all who want the lock wait too`
	}
	h.safe.RUnlock()
}

func (h *tollHouse) put(c net.Conn) {
	h.safe.Lock()
	h.conns[c.RemoteAddr().String()] = c
	h.safe.Unlock()
}

// A door that may stay open is no lock.
func (h *tollHouse) atDoor(b []byte) {
	h.door.Lock()
	defer h.door.Unlock()
	for _, c := range h.conns {
		c.Write(b)
	}
}

// What can be opened as well is a door.
type lychgate interface {
	Lock()
	Unlock()
	Open() error
}

func (h *tollHouse) atGate(g lychgate, b []byte) {
	g.Lock()
	for _, c := range h.conns {
		c.Write(b)
	}
	g.Unlock()
}
