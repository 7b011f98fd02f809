package lockio

import (
	"net"
	"sync"
)

// A socket of this machine is connected to at once. What comes over it, somebody has to send,
// and what is written to a stream somebody has to read.
type agent struct {
	mu    sync.Mutex
	conns map[string]net.Conn
	path  string
}

func (a *agent) connect() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	conn, err := net.Dial("unix", a.path)
	a.conns[a.path] = conn
	return err
}

func (a *agent) post(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	a.conns[name] = conn
	return err
}

// The network is anybody's guess here, and what is far elsewhere.
func (a *agent) open(network, name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	conn, err := net.Dial(network, name) // want `warning: .*a.mu is held while net.Dial waits on the network`
	a.conns[name] = conn
	return err
}

func (a *agent) write(name string, p []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, err := a.conns[name].Write(p) // want `warning: .*a.mu is held while net.Conn.Write waits on the network`
	return err
}

func (a *agent) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.conns)
}
