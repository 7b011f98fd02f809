package lockio

import "sync"

// What one side only sends and the other only receives are signals, however many
// there is room for.
type pressure struct {
	mu      sync.Mutex
	dirty   int
	written chan struct{}
}

func newPressure() *pressure {
	p := &pressure{written: make(chan struct{}, 10)}
	go p.watch()
	return p
}

func (p *pressure) write(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dirty -= n
	p.written <- struct{}{} // want "warning: .*and the other side takes it first: deadlock"
}

func (p *pressure) watch() {
	for {
		<-p.written
		p.mu.Lock()
		p.dirty++
		p.mu.Unlock()
	}
}
