package lockio

import (
	"net/http"
	"sync"
)

// The one reader of a large channel waits for a far end with each thing, so that it fills,
// and wants the lock for each: who sends under the lock waits for ever.
type feeder struct {
	mu    sync.Mutex
	queue chan string
	quit  chan struct{}
	to    string
}

func newFeeder() *feeder {
	f := &feeder{queue: make(chan string, 100), quit: make(chan struct{})}
	go f.run()
	return f
}

func (f *feeder) run() {
	for {
		select {
		case s := <-f.queue:
			f.mu.Lock()
			_, _ = http.Head(f.to + s) // want "note: lockio: f.mu is held while http.Head waits on the network"
			f.mu.Unlock()
		case <-f.quit:
			return
		}
	}
}

func (f *feeder) offer(s string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue <- s // want "warning: .*f.mu is held while this sends to f.queue, and the other side takes it first: deadlock"
}

func (f *feeder) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.queue)
	close(f.quit)
}

// It takes the lock in a helper.
type carrier struct {
	mu    sync.Mutex
	queue chan string
	seen  int
}

func newCarrier() *carrier {
	c := &carrier{queue: make(chan string, 500)}
	go func() {
		for s := range c.queue {
			_, _ = http.Head(s)
			c.note()
		}
	}()
	return c
}

func (c *carrier) note() {
	c.mu.Lock()
	c.seen++
	c.mu.Unlock()
}

func (c *carrier) offer(s string) {
	c.mu.Lock()
	c.queue <- s // want "warning: .*c.mu is held while this sends to c.queue, and the other side takes it first: deadlock"
	c.mu.Unlock()
}

// Another goroutine takes it, for which the reader waits.
type haulier struct {
	mu    sync.Mutex
	queue chan string
	seen  int
}

func newHaulier() *haulier {
	h := &haulier{queue: make(chan string, 500)}
	go h.run()
	return h
}

func (h *haulier) run() {
	for s := range h.queue {
		done := make(chan struct{})
		go func() {
			h.mu.Lock()
			h.seen++
			h.mu.Unlock()
			close(done)
		}()
		_, _ = http.Head(s)
		<-done
	}
}

func (h *haulier) offer(s string) {
	h.mu.Lock()
	h.queue <- s // want "warning: .*h.mu is held while this sends to h.queue, and the other side takes it first: deadlock"
	h.mu.Unlock()
}

// It takes the lock once all is through: the sender waits for the far end, no longer.
type drayer struct {
	mu    sync.Mutex
	queue chan string
	seen  int
}

func newDrayer() *drayer {
	d := &drayer{queue: make(chan string, 500)}
	go d.run()
	return d
}

func (d *drayer) run() {
	n := 0
	for s := range d.queue {
		_, _ = http.Head(s)
		n++
	}
	d.mu.Lock()
	d.seen = n
	d.mu.Unlock()
}

func (d *drayer) total() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seen
}

func (d *drayer) offer(s string) {
	d.mu.Lock()
	d.queue <- s // want "warning: .*d.mu is held while this sends to d.queue, whose reader waits on the network for each"
	d.mu.Unlock()
}

// A group of goroutines takes it.
type porter struct {
	mu    sync.Mutex
	queue chan []string
	seen  int
}

func newPorter() *porter {
	p := &porter{queue: make(chan []string)}
	go p.run()
	return p
}

func (p *porter) run() {
	for list := range p.queue {
		var all sync.WaitGroup
		for range list {
			all.Add(1)
			go func() {
				defer all.Done()
				p.mu.Lock()
				defer p.mu.Unlock()
				p.seen++
			}()
		}
		all.Wait()
	}
}

func (p *porter) offer(list []string) {
	p.mu.Lock()
	p.queue <- list // want "warning: .*p.mu is held while this sends to p.queue, and the other side takes it first: deadlock"
	p.mu.Unlock()
}

// Nobody waits for the one that takes it.
type idler struct {
	mu    sync.Mutex
	queue chan string
	seen  int
}

func newIdler() *idler {
	w := &idler{queue: make(chan string, 500)}
	go w.run()
	return w
}

func (w *idler) run() {
	for s := range w.queue {
		done := make(chan struct{}, 1)
		go func() {
			done <- struct{}{}
			w.mu.Lock()
			w.seen++
			w.mu.Unlock()
		}()
		_, _ = http.Head(s)
		<-done
	}
}

func (w *idler) offer(s string) {
	w.mu.Lock()
	w.queue <- s // want "warning: .*w.mu is held while this sends to w.queue, whose reader waits on the network for each"
	w.mu.Unlock()
}
