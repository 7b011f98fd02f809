package doubt

import (
	"sync"
	"time"
)

// A batcher's lock is given back by what it calls last, whichever way that goes.
type batcher struct {
	mu    sync.Mutex
	stop  bool
	items []int
	full  chan []int
}

func (b *batcher) beat() {
	for {
		b.mu.Lock()
		if b.stop {
			b.mu.Unlock()
			return
		}
		b.sendAndUnlock()
		time.Sleep(time.Second)
	}
}

func (b *batcher) add(n int) {
	b.mu.Lock()
	b.items = append(b.items, n)
	b.sendAndUnlock()
}

func (b *batcher) sendAndUnlock() {
	if len(b.items) == 0 {
		b.mu.Unlock()
		return
	}
	items := b.items
	b.items = nil
	b.mu.Unlock()
	b.full <- items
}

// The lock of an argument.
type provider struct {
	mu   sync.Mutex
	jobs []*job
	ch   chan *job
}

type job struct {
	mu   sync.Mutex
	done bool
}

func (p *provider) refresh(j *job) {
	j.mu.Lock()
	p.resumeAndUnlock(j)
}

func (p *provider) resumeAndUnlock(j *job) {
	if !j.done {
		j.mu.Unlock()
		return
	}
	j.done = false
	j.mu.Unlock()
	p.ch <- j
}

func (p *provider) next() *job {
	j := <-p.ch
	p.mu.Lock()
	defer p.mu.Unlock()
	p.jobs = append(p.jobs, j)
	return j
}

// The provider's own lock is held all the same.
func (p *provider) addJob(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.jobs = append(p.jobs, j)
	j.mu.Lock()
	p.resumeAndUnlock(j) // want `note: lockio: p.mu is held while \(\*provider\).resumeAndUnlock`
}

func (p *provider) resumeOne(j *job) {
	j.mu.Lock()
	p.resumeSome(j)
}

// It may return with the lock held, but not wait with it.
func (p *provider) resumeSome(j *job) {
	if !j.done {
		return
	}
	j.mu.Unlock()
	p.ch <- j
}
