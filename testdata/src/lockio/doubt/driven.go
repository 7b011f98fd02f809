package doubt

import (
	"sync"

	"lockio/provider/places"
)

// A yard sends drivers off, who may come back to it for the lock.
type yard struct {
	mu      sync.Mutex
	drivers map[string]places.Driver
}

func (y *yard) send(name, to string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if d := y.drivers[name]; d != nil {
		d.Go(to) // want "note: .*y.mu is held while d.Go runs, which may wait, or want the lock"
	}
}

func (y *yard) size() int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return len(y.drivers)
}
