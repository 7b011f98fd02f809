package lockio

import (
	"net/http"
	"sync"
)

// What a request gives is handed out: the lock has no use for it.
type mirror struct {
	mu     sync.Mutex
	client *http.Client
	hits   int
}

func (m *mirror) fetch(url string) (*http.Response, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hits++
	return m.client.Get(url) // want "m.mu is held while .* waits on the network"
}

func (m *mirror) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.hits
}
