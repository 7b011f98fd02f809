package lockio

import "sync"

// A pipeline waits for its queue with the lock of the queue given back, and its own held.
type pipeline struct {
	mu     sync.Mutex
	queued sync.Mutex
	empty  *sync.Cond
	n      int
	size   int
}

func newPipeline() *pipeline {
	p := &pipeline{}
	p.empty = sync.NewCond(&p.queued)
	return p
}

func (p *pipeline) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queued.Lock()
	for p.n > 0 {
		p.empty.Wait() // want `warning: .*p.mu is held while sync.\(\*Cond\).Wait waits for other goroutines`
	}
	p.queued.Unlock()
}

func (p *pipeline) done() {
	p.queued.Lock()
	p.n--
	p.empty.Broadcast()
	p.queued.Unlock()
}

func (p *pipeline) length() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.size
}
