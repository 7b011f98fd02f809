package doubt

import (
	"net/http"
	"sync"
)

// Handlers that only read do not make one another wait, and who takes the lock to write does
// so once at the end, or where something has failed.
type showroom struct {
	mu     sync.RWMutex
	closed bool
}

func (g *showroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	http.Get("http://far/" + r.URL.Path) // want `note: .*g.mu is held while http.Get waits on the network`
}

func (g *showroom) open(u string) error {
	_, err := http.Get(u)
	if err != nil {
		g.mu.Lock()
		g.closed = true
		g.mu.Unlock()
	}
	return err
}
