package poolfit

import (
	"net/http"
	"runtime"
	"sync"
)

// A dispatcher pulls its work from a far end, and takes a place for each worker before it
// starts that. It is alone: no pool of the size of the cores waits for the far end.
type dispatcher struct {
	places chan struct{}
	done   chan struct{}
}

func newDispatcher() *dispatcher {
	return &dispatcher{make(chan struct{}, runtime.GOMAXPROCS(0)), make(chan struct{})}
}

func (d *dispatcher) start(wg *sync.WaitGroup) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			select {
			case <-d.done:
				return
			default:
				d.pull()
			}
		}
	}()
}

func (d *dispatcher) pull() {
	d.places <- struct{}{}
	resp, err := http.Get("http://example.com/next")
	if err != nil {
		<-d.places
		return
	}
	go func() {
		defer func() { <-d.places }()
		sums(resp.ContentLength)
	}()
}

func sums(n int64) (s int64) {
	for i := range n * n {
		s += i ^ s
	}
	return s
}

// Each of many tasks takes a place before it asks the far end.
func askEach(urls []string) {
	places := make(chan struct{}, runtime.GOMAXPROCS(0)) // want "warning: .*waits on the network on a pool of the size of the cores"
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			http.Get(url)
		})
	}
	wg.Wait()
}
