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
	return m.client.Get(url) // want "warning: .*m.mu is held while .* waits on the network"
}

func (m *mirror) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.hits
}

// What is stored once the lock is given back is no reason to hold it.
type replica struct {
	mu     sync.Mutex
	client *http.Client
	hits   int
	last   *http.Response
}

func (r *replica) refresh(url string) error {
	r.mu.Lock()
	r.hits++
	answer, err := r.client.Get(url) // want "warning: .*r.mu is held while .* waits on the network"
	r.mu.Unlock()
	r.last = answer
	return err
}

func (r *replica) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hits
}
