package a

import "net/http"

// What calls through an exported interface wait for, as far as its package tells.

// A Peer takes updates.
type Peer interface {
	Update(n int) // want Update:"^chan\\(usually\\)$"
	Pull()        // want Pull:"^net\\(usually\\)$"
	Both()        // want Both:"^net\\(usually\\)$"
	Count() int   // want Count:"^$"
}

type update struct{ n int }

type remote struct {
	out    chan update
	closed chan struct{}
}

func (r *remote) Update(n int) { // want Update:"^chan\\(always\\)$"
	r.send(update{n})
}

func (r *remote) send(u update) {
	select {
	case r.out <- u:
	case <-r.closed:
	}
}

func (r *remote) Pull() { // want Pull:"^net\\(always\\)$"
	_, _ = http.Get("http://example.com")
}

func (r *remote) Both() { // want Both:"^chan\\(always\\)$"
	r.send(update{})
}

func (r *remote) Count() int { return len(r.out) }

// A stand-in that waits for nothing has no say.
type local struct{ n int }

func (l *local) Update(n int) { l.n = n }
func (l *local) Pull()        { l.n-- }
func (l *local) Count() int   { return l.n }

// Waiting outside is what matters where an implementation does.
func (l *local) Both() { // want Both:"^net\\(always\\)$"
	_, _ = http.Get("http://example.com")
}

// A decorator has no say.
type counted struct {
	Peer
	n int
}

func (c *counted) Update(n int) { // want Update:"^chan\\(usually\\)$"
	c.n++
	c.Peer.Update(n)
}

func Tell(peers []Peer) { // want Tell:"^chan\\(usually\\)"
	for _, p := range peers {
		p.Update(1)
	}
}

func Counts(p Peer) int { // want Counts:"^calls 0.Count$"
	return p.Count()
}
