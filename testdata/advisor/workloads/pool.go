// Package workloads has programs with a limit that is far from the best one.
// The comment "limit NAME" marks the limit of the workload NAME, and "site NAME"
// the place where its tasks are handed over.
package workloads

import "sync"

// A pool runs at most so many tasks at once, each in a goroutine of its own.
type pool struct {
	places chan struct{}
	wg     sync.WaitGroup
}

func newPool(size int) *pool { return &pool{places: make(chan struct{}, size)} }

// submit waits for a place.
func (p *pool) submit(task func()) {
	p.places <- struct{}{}
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		defer func() { <-p.places }()
		task()
	}()
}

func (p *pool) wait() { p.wg.Wait() }
