package doubt

import (
	"net/http"
	"sync"
)

// The channel is sent to below, and its reader is slow.
type courier struct {
	mu    sync.Mutex
	sent  int
	posts chan string
}

func newCourier() *courier {
	c := &courier{posts: make(chan string, 100)}
	go func() {
		for p := range c.posts {
			if resp, err := http.Get(p); err == nil {
				resp.Body.Close()
			}
		}
	}()
	return c
}

func (c *courier) post(p string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	c.carry(p) // want `note: .*c.mu is held while \(\*courier\).carry can block on a channel, whose reader waits on the network for each`
}

func (c *courier) carry(p string) { c.posts <- p }

func (c *courier) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent
}
