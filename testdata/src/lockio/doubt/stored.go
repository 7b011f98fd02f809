package doubt

import (
	"net/http"
	"sync"
)

// What a request gives is what the lock guards: who wants the one wants the other.
type catalog struct {
	mu     sync.Mutex
	client *http.Client
	status string
}

func (c *catalog) load() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	resp, err := c.client.Head("http://catalog.example/") // want "note: .*c.mu is held while .* waits on the network"
	if err != nil {
		return err
	}
	c.status = resp.Status
	return nil
}

func (c *catalog) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}
