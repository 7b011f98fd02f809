// Package patient writes to all who are connected, and gives up on one who does not read.
package patient

import (
	"net"
	"time"
)

type room struct{ conns map[net.Conn]bool }

func (r *room) patient(news <-chan string) {
	for s := range news {
		for c := range r.conns {
			c.SetWriteDeadline(time.Now().Add(time.Second))
			c.Write([]byte(s))
		}
	}
}
