package doubt

import (
	"net"
	"sync"
)

// A datagram waits for room in the kernel, which no peer holds up.
type beacon struct {
	mu    sync.Mutex
	conn  net.PacketConn
	peers []net.Addr
	told  int
}

func (b *beacon) tell(p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, peer := range b.peers {
		_, _ = b.conn.WriteTo(p, peer) // want `note: .*b.mu is held while net.PacketConn.WriteTo waits on the network`
	}
}

func (b *beacon) add() {
	b.mu.Lock()
	b.told++
	b.mu.Unlock()
}

func (b *beacon) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.told
}
