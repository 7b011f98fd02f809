package driver

import "sync"

// each calls f for the packages that are wanted, on all cores, and for each
// only after those that it imports, directly or through others. It returns when
// all calls have.
func (g *graph) each(wanted func(*node) bool, f func(*node)) {
	waits := make(map[*node]int)     // imports that are not done
	above := make(map[*node][]*node) // who waits for it
	ready := make(chan *node, len(g.list))
	left := 0
	for _, n := range g.list {
		if !wanted(n) {
			continue
		}
		left++
		for _, m := range n.imports {
			if wanted(m) {
				waits[n]++
				above[m] = append(above[m], n)
			}
		}
		if waits[n] == 0 {
			ready <- n
		}
	}
	if left == 0 {
		return
	}
	var mu sync.Mutex
	done := func(n *node) {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range above[n] {
			if waits[m]--; waits[m] == 0 {
				ready <- m
			}
		}
		if left--; left == 0 {
			close(ready)
		}
	}
	var wg sync.WaitGroup
	for range g.cfg.workers() {
		wg.Go(func() {
			for n := range ready {
				f(n)
				done(n)
			}
		})
	}
	wg.Wait()
}
