package provider

import (
	"bufio"
	"bytes"
	"net"
	"sync"

	"lockio/provider/places"
)

// Buffers that another package has put on a connection.
type board struct {
	mu    sync.Mutex
	names map[string]int
	links map[string]*places.Link
	out   map[string]*peer
	last  *bufio.Writer
}

type peer struct{ w *bufio.Writer }

func (b *board) add(name string, c net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.names[name]++
	b.links[name] = places.NewLink(c, name)
	b.out[name] = &peer{places.Framed(c)}
}

func (b *board) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.names)
}

func (b *board) known(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.names[name] > 0
}

func (b *board) tell(line []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.links {
		_, _ = l.Out.Write(line) // want "warning: .*b.mu is held while bufio.*Write on l.Out waits on the network"
		_ = l.Out.Flush()
	}
}

func (b *board) tellPeers(line []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.out {
		_ = p.w.Flush() // want "warning: .*b.mu is held while bufio.*Flush on places.Framed waits on the network"
	}
}

// In memory.
func (b *board) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var text bytes.Buffer
	w := places.On(&text)
	for name := range b.names {
		_, _ = w.WriteString(name)
	}
	_ = w.Flush()
	return text.String()
}
