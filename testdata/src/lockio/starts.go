package lockio

import (
	"net/http"
	"sync"
)

// Each visitor has a goroutine of its own, which its host starts: the host's lock is wanted
// again and again.
type inn struct {
	mu     sync.Mutex
	guests map[string]bool
}

type guestOf struct {
	in   *inn
	name string
	bell chan struct{}
}

func (g *guestOf) stay() {
	for range g.bell {
		g.in.call(g.name)
	}
}

func (i *inn) enter(g *guestOf) {
	i.mu.Lock()
	i.guests[g.name] = true
	i.mu.Unlock()
	go g.stay()
}

func (i *inn) call(name string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_, err := http.Get("http://example.com/" + name) // want "warning: .*i.mu is held while http.Get waits on the network, so all who want the lock wait too"
	i.guests[name] = err == nil
}
