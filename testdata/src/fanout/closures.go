package fanout

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// A literal for what two loops start is in sight of both.
func bothOf(parents, children []string) error {
	var g errgroup.Group
	start := func(u string) {
		g.Go(func() error { fetch(u); return nil })
	}
	for _, u := range parents {
		start(u) // want `start starts a goroutine for each of parents and each waits on the network`
	}
	for _, u := range children {
		start(u) // want `start starts a goroutine for each of children and each waits on the network`
	}
	return g.Wait()
}

// It waits for each before the next.
func startedInTurn(us []string) {
	var wg sync.WaitGroup
	start := func(u string) {
		wg.Go(func() { fetch(u) })
	}
	for _, u := range us {
		start(u)
		wg.Wait()
	}
}
