package lockio

import (
	"net/http"
	"sync"
)

// The lock of all lines waits for that of one, who may be dialling: whoever wants another
// line waits, too.
type switchboard struct {
	mu    sync.Mutex
	lines map[string]*wire
}

type wire struct {
	mu   sync.Mutex
	host string
	uses int
	last string
}

func (w *wire) connect() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	resp, err := http.Get(w.host) // want "note: lockio: w.mu is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	w.last = resp.Status
	return nil
}

func (w *wire) used() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.uses
}

func (x *switchboard) get(host string) *wire {
	x.mu.Lock()
	defer x.mu.Unlock()
	if w, ok := x.lines[host]; ok && w.used() < 8 { // want "warning: .*x.mu is held while .*wire..used waits for w.mu, whose holder waits on the network"
		return w
	}
	w := &wire{host: host}
	x.lines[host] = w
	return w
}

func (x *switchboard) idle() (list []*wire) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, w := range x.lines {
		if w.used() == 0 { // want "warning: .*x.mu is held while .*wire..used waits for w.mu, whose holder waits on the network"
			list = append(list, w)
		}
	}
	return list
}

func (x *switchboard) size() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.lines)
}

// After the lock.
func (x *switchboard) free() (n int) {
	x.mu.Lock()
	var list []*wire
	for _, w := range x.lines {
		list = append(list, w)
	}
	x.mu.Unlock()
	for _, w := range list {
		if w.used() == 0 {
			n++
		}
	}
	return n
}
