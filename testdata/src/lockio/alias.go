package lockio

import (
	"net/http"
	"sync"
)

// A local name of a lock that a field or the package has: it is the same lock. What is made
// on the spot has no other users than the call's own.
type pier struct {
	mu    sync.Mutex
	outer *sync.Mutex
	boats int
}

func (p *pier) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.boats
}

func (p *pier) countAll() int {
	p.outer.Lock()
	defer p.outer.Unlock()
	return p.boats
}

func (p *pier) land(url string) error {
	mu := &p.mu
	mu.Lock()
	defer mu.Unlock()
	_, err := http.Get(url) // want "warning: .*mu is held while http.Get waits on the network"
	return err
}

func (p *pier) sail(url string) error {
	mu := p.outer
	mu.Lock()
	defer mu.Unlock()
	_, err := http.Get(url) // want "warning: .*mu is held while http.Get waits on the network"
	return err
}

func (p *pier) race(urls []string) {
	mu := &sync.Mutex{}
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			http.Get(u)
		})
	}
	wg.Wait()
}
