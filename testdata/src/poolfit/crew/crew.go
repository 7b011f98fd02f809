// Package crew holds worker groups that another package makes.
package crew

import (
	"errors"
	"runtime"
	"sync"
)

// A Gate lets so many pass at once.
type Gate struct{ ch chan struct{} }

func NewGate(n int) *Gate { return &Gate{make(chan struct{}, n)} }

func (g *Gate) Enter() { g.ch <- struct{}{} }
func (g *Gate) Leave() { <-g.ch }

// NewSafe keeps the size positive.
func NewSafe(n int) *Gate { return &Gate{make(chan struct{}, max(1, n))} }

// NewChecked refuses what is not positive.
func NewChecked(n int) (*Gate, error) {
	if n <= 0 {
		return nil, errors.New("not positive")
	}
	return NewGate(n), nil
}

// Do runs f when there is a place.
func (g *Gate) Do(f func()) {
	g.ch <- struct{}{}
	go func() {
		defer func() { <-g.ch }()
		f()
	}()
}

// Options are what a Crew is made with.
type Options struct {
	Hands int
	Depth int
}

type Crew struct{ opts Options }

func New(o Options) *Crew { return &Crew{o} }

func (c *Crew) Run(f func()) {
	var wg sync.WaitGroup
	for i := 0; i < c.opts.Hands; i++ {
		wg.Go(f)
	}
	wg.Wait()
}

// Half is 0 on one core, AtLeastOne is not.
func Half() int { return runtime.GOMAXPROCS(0) / 2 }

func AtLeastOne() int { return max(1, Half()) }

// Most is worked out from what the machine has.
func Most() int { return max(1, runtime.NumCPU()/2) }
