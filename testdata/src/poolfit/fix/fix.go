// Package fix holds what a tool can mend, and beside it what it must leave to
// people.
package fix

import (
	cpus "runtime"

	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

type settings struct{ Workers uint }

func (s *settings) start(work func()) {
	for range s.Workers {
		go work()
	}
}

func limits(g *errgroup.Group, work func() error) {
	g.SetLimit(cpus.NumCPU() / 2)                   // want "can be 0"
	g.SetLimit(cpus.NumCPU())                       // want "sized by NumCPU"
	g.SetLimit(cpus.NumCPU()*2 + cpus.NumCPU())     // want "sized by NumCPU"
	semaphore.NewWeighted(int64(cpus.NumCPU() / 4)) // want "can be 0"
	_ = make(chan struct{}, cpus.GOMAXPROCS(0)-1)   // want "can be 0"
	_ = &settings{Workers: uint(cpus.NumCPU())}     // want "sized by NumCPU"
	for range cpus.NumCPU() / 2 {                   // want "can be 0"
		go work()
	}
	for i := 0; i < cpus.NumCPU()-1; i++ { // want "can be 0"
		go work()
	}
}

// What is said in a size stays.
func said(g *errgroup.Group) {
	g.SetLimit(cpus.NumCPU() /* all */ / 2) // want "can be 0"
	g.SetLimit(
		// Half of them
		cpus.NumCPU() / // want "can be 0"
			2, // at present
	)
}

// The variable may be used for something else, 0 may be no bound or one
// iteration.
func left(g *errgroup.Group, work func() error) {
	n := cpus.NumCPU() / 2
	g.SetLimit(n)                           // want "can be 0"
	ants.NewPool(cpus.NumCPU() / 2)         // want "can be 0"
	for i := 1; i <= cpus.NumCPU()-1; i++ { // want "can be 0"
		go work()
	}
}

// Here max is something else.
func shadowed(g *errgroup.Group, max func(a, b int) int) {
	g.SetLimit(cpus.NumCPU() / 2) // want "can be 0"
}
