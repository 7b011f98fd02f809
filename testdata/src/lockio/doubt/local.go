package doubt

import (
	"fmt"
	"net"
	"sync"
)

// A supervisor on this machine is told by datagrams: its socket's room is all that they wait for.
type notifier struct {
	mu   sync.Mutex
	conn *net.UnixConn
	last string
}

func newNotifier(path string) (*notifier, error) {
	addr := &net.UnixAddr{Name: path, Net: "unixgram"}
	conn, err := net.DialUnix(addr.Net, nil, addr)
	if err != nil {
		return nil, err
	}
	return &notifier{conn: conn}, nil
}

func (n *notifier) notify(state string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last = state
	_, err := n.conn.Write([]byte(state)) // want `note: .*n.mu is held while net.\(\*conn\).Write waits on the network`
	return err
}

func (n *notifier) state() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.last
}

// A log of a machine elsewhere that takes packets.
type sender struct {
	mu   sync.Mutex
	conn net.Conn
	sent int
}

func newSender(to string) (*sender, error) {
	conn, err := net.Dial("udp", to)
	return &sender{conn: conn}, err
}

func (s *sender) send(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	_, _ = s.conn.Write([]byte(line)) // want `note: .*s.mu is held while net.Conn.Write waits on the network`
}

func (s *sender) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

type gauges struct {
	mu   sync.Mutex
	conn *net.UDPConn
	sent int
}

func (g *gauges) send(line string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent++
	_, _ = g.conn.Write([]byte(fmt.Sprint(line, g.sent))) // want `note: .*g.mu is held while net.\(\*conn\).Write waits on the network`
}

func (g *gauges) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent
}
