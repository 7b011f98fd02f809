package doubt

import (
	"net/http"
	"sync"
)

// A place is given back by who takes the lock while it has it: with all places at such
// goroutines, who waits for one under the lock waits for good.
var seats = make(chan struct{}, 4)

type hall struct {
	mu   sync.Mutex
	seen map[string]int
}

func (h *hall) visit(url string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen[url] = 0
	seats <- struct{}{} // want "note: .*h.mu is held while this sends to seats, and the other side takes it first: deadlock"
	go h.fetch(url)
}

func (h *hall) fetch(url string) {
	defer func() { <-seats }()
	resp, err := http.Get(url)
	if err != nil {
		return
	}
	resp.Body.Close()
	h.mu.Lock()
	h.seen[url] = resp.StatusCode
	h.mu.Unlock()
}
