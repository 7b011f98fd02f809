package fanout

import (
	"encoding/json"
	"net"
)

// Likewise, where something speaks for few. All here that is wrong is a note.

// An error test is one wherever the call stands.
func datagrams(pc net.PacketConn) {
	b := make([]byte, 1<<16)
	for {
		n, _, err := pc.ReadFrom(b)
		if err != nil {
			return
		}
		var o order
		if json.Unmarshal(b[:n], &o) != nil {
			continue
		}
		go fetch(string(o.Args)) // want "each of what net.PacketConn.ReadFrom returns and each waits on the network"
	}
}

func datagramsThatParse(pc net.PacketConn) {
	b := make([]byte, 1<<16)
	for {
		n, _, err := pc.ReadFrom(b)
		if err != nil {
			return
		}
		var o order
		if o.Verb = ""; json.Unmarshal(b[:n], &o) == nil && o.Verb != "" {
			go fetch(string(o.Args)) // want "each of what net.PacketConn.ReadFrom returns"
		}
	}
}
