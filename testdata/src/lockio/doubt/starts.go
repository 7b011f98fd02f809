package doubt

import (
	"net/http"
	"sync"
)

// Who wants the lock but as its owner starts has no need of it later.
type roster struct {
	mu    sync.Mutex
	names map[string]bool
	wake  chan string
}

func (r *roster) Start() error {
	r.mu.Lock()
	r.names["self"] = true
	r.mu.Unlock()
	go r.run()
	return nil
}

func (r *roster) run() {
	for name := range r.wake {
		r.call(name)
	}
}

func (r *roster) call(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := http.Get("http://example.com/" + name) // want "note: .*r.mu is held while http.Get waits on the network, so all who want the lock wait too"
	r.names[name] = err == nil
}
