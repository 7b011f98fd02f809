package fanout

import "net"

// These start one task or a limited number in spite of the loop.

type spool struct {
	conns   []net.Conn
	names   []string
	running int
	closing bool
}

func (p *spool) lost(conn net.Conn) {
	for i, c := range p.conns {
		if c == conn {
			p.conns[i] = nil
			go fetch(p.names[i])
			break
		}
	}
}

func (p *spool) first() {
	for _, n := range p.names {
		if n != "" {
			go fetch(n)
			return
		}
	}
}

func (p *spool) fill(maxConns int) {
	for !p.closing && p.running < maxConns {
		p.running++
		go fetch(p.names[p.running])
	}
}
