// Package upstream gives up on one kind of connection, and writes to another as well.
package upstream

import (
	"bufio"
	"fmt"
	"net"
	"time"
)

type origin struct{ conn net.Conn }

func (o *origin) ask(s string) error {
	o.conn.SetWriteDeadline(time.Now().Add(time.Second))
	return line(o.conn, s)
}

func line(conn net.Conn, s string) error {
	_, err := fmt.Fprintln(conn, s)
	return err
}

type viewer struct{ conn net.Conn }

func (v *viewer) send(s string) error { return line(v.conn, s) }

// A relay has what it writes to at one remove.
type relay struct{ to *viewer }

func (r *relay) pass(s string) error { return r.to.send(s) }

// A guest is a connection itself, and sets its deadline as it comes.
type guest struct {
	net.Conn
	out *bufio.Writer
}

func newGuest(conn net.Conn) *guest {
	g := &guest{conn, bufio.NewWriter(conn)}
	g.SetDeadline(time.Now().Add(time.Minute))
	return g
}

func (g *guest) tell(s string) error {
	g.out.WriteString(s)
	return g.out.Flush()
}

type hub struct {
	origins []*origin
	viewers map[*viewer]bool
	relays  map[string]*relay
	guests  []*guest
	conns   []net.Conn
}

func (h *hub) shout(news <-chan string) {
	for s := range news {
		for v := range h.viewers {
			v.send(s) // want `note: blockloop: \(\*viewer\).send uses the network for one of h.viewers after the other`
		}
		for _, o := range h.origins {
			o.ask(s)
		}
	}
}

func (h *hub) relay(news <-chan string) {
	for s := range news {
		for _, r := range h.relays {
			r.pass(s) // want `note: blockloop: \(\*relay\).pass uses the network for one of h.relays after the other`
		}
	}
}

func (h *hub) welcome(news <-chan string) {
	for s := range news {
		for _, g := range h.guests {
			g.tell(s)
		}
		for _, g := range h.guests {
			g.Write([]byte(s))
		}
	}
}

// It is not seen whose these are.
func (h *hub) all(news <-chan string) {
	for s := range news {
		for _, c := range h.conns {
			c.Write([]byte(s))
		}
	}
}
