package lockio

import (
	"net/http"
	"sync"
	"testing"
)

// A file whose functions are given what package testing has is for tests, wherever it
// stands.
type harness struct {
	t  *testing.T
	mu sync.Mutex
	n  int
}

func (h *harness) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

func (h *harness) get(url string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, err := http.Get(url); err != nil {
		h.t.Fatal(err)
	}
}
