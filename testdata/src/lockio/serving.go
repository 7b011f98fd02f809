package lockio

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"sync"
)

// A client that reads or sends slowly holds up all other requests.
type listing struct {
	mu    sync.RWMutex
	names map[string]int
}

func (l *listing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var want map[string]int
	if err := json.NewDecoder(r.Body).Decode(&want); err != nil { // want "warning: .*l.mu is held while .*Decode on r.Body waits on the network"
		return
	}
	for name, n := range want {
		l.names[name] += n
	}
}

func (l *listing) count(name string) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.names[name]
}

// All requests wait under this lock: they are served one at a time, each as fast as
// its client reads.
type spool struct {
	mu    sync.Mutex
	parts []byte
}

func (s *spool) put(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := io.ReadAll(r.Body) // want "warning: .*s.mu is held while io.ReadAll on r.Body waits on the network"
	if err == nil {
		s.parts = append(s.parts, b...)
	}
}

// One peer that does not read holds up what the others are to get.
type exchange struct {
	mu    sync.Mutex
	peers map[int]net.Conn
}

func (x *exchange) join(id int, c net.Conn) {
	x.mu.Lock()
	x.peers[id] = c
	x.mu.Unlock()
}

func (x *exchange) tell(id int, b []byte) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	peer := x.peers[id]
	if peer == nil {
		return io.ErrClosedPipe
	}
	_, err := peer.Write(b) // want "warning: .*x.mu is held while net.Conn.Write waits on the network"
	return err
}
