package lockio

import "sync"

// The caller's lock is given back, which says nothing of another that is taken.
type pair struct {
	mu    sync.Mutex
	other sync.Mutex
	n     int
	out   chan int
}

func (p *pair) count() int {
	p.other.Lock()
	defer p.other.Unlock()
	return p.n
}

func (p *pair) swap(list []int) {
	p.other.Lock()
	p.mu.Unlock()
	for _, n := range list {
		p.out <- n // want `warning: .*p.other is held while this sends to p.out`
	}
	p.other.Unlock()
	p.mu.Lock()
}

// Its callers hold what it gives back.
func (p *pair) gives(list []int) {
	p.mu.Unlock()
	for _, n := range list {
		p.out <- n
	}
	p.mu.Lock()
}

func (p *pair) all(list []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gives(list)
}

func (p *pair) add() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
}
