package patient

import (
	"net"
	"time"
)

// Whose deadlines a helper sets, is not seen.
func limit(conn net.Conn) { conn.SetDeadline(time.Now().Add(time.Second)) }

type member struct{ conn net.Conn }

func (m *member) open() { limit(m.conn) }

func (m *member) send(s string) { m.conn.Write([]byte(s)) }

type club struct{ members []*member }

func (c *club) tell(news <-chan string) {
	for s := range news {
		for _, m := range c.members {
			m.send(s)
		}
	}
}
