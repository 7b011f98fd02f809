package lockio

import (
	"net/http"
	"sync"
)

// What waits before it gives the lock back holds it for that long.
type parcel struct {
	mu    sync.Mutex
	stop  bool
	items []int
}

func (p *parcel) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items = append(p.items, n)
}

func (p *parcel) flush() {
	p.mu.Lock()
	p.fetchAndUnlock() // want `note: lockio: p.mu is held while \(\*parcel\).fetchAndUnlock waits on the network`
}

func (p *parcel) fetchAndUnlock() {
	if p.stop {
		p.mu.Unlock()
		return
	}
	http.Get("http://example.com/")
	p.mu.Unlock()
}
