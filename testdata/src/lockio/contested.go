package lockio

import "sync"

// What a test of the channel says is worth nothing where others use the same end without the
// lock.
type counterDesk struct {
	mu     sync.Mutex
	cups   chan int
	bell   chan struct{}
	served int
}

func newCounterDesk() *counterDesk {
	return &counterDesk{cups: make(chan int, 8), bell: make(chan struct{})}
}

func (d *counterDesk) brew(n int) {
	d.mu.Lock()
	d.served++
	d.mu.Unlock()
	d.cups <- n
}

func (d *counterDesk) take() (int, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.cups) == 0 {
		return 0, false
	}
	return <-d.cups, true // want "this receives from d.cups, and the other side takes it first: deadlock"
}

func (d *counterDesk) grab() int { return <-d.cups }

// A channel without a buffer is always empty and never has room.
func (d *counterDesk) ring() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.bell) > 0 {
		return
	}
	d.bell <- struct{}{} // want "this sends to d.bell, and the other side takes it first: deadlock"
}

func (d *counterDesk) listen() {
	for range d.bell {
		d.mu.Lock()
		d.served++
		d.mu.Unlock()
	}
}
