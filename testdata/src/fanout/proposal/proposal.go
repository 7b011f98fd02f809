package proposal

import (
	"os/exec"
	"sync"

	"golang.org/x/sync/errgroup"
)

func fetch(url string) { _ = exec.Command("curl", url).Run() }

func group(urls []string) error {
	var g errgroup.Group // of all
	for _, url := range urls {
		g.Go(func() error { // want `warning: fanout: errgroup.*Group.*Go starts a goroutine for each of urls`
			fetch(url)
			return nil
		})
	}
	return g.Wait()
}

func literals(urls []string) {
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() { // want `warning: fanout: sync.*WaitGroup.*Go starts a goroutine for each of urls`
			fetch(url)
		})
	}
	wg.Wait()
}

func nested(lists [][]string) {
	for _, urls := range lists {
		for _, url := range urls {
			// One line, with a comment above.
			go func() { fetch(url) }() // want `warning: fanout: go starts a goroutine for each of urls`
		}
	}
}

func named(urls []string) {
	for _, url := range urls {
		go fetch(url) // want `warning: fanout: go starts a goroutine for each of urls`
	}
}

// The name means something else here.
func taken(urls []string, sem int) int {
	for _, url := range urls {
		go fetch(url) // want `warning: fanout: go starts a goroutine for each of urls`
	}
	return sem
}
