package fanout

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// The group has a limit.
func limited(urls []string, n int) error {
	var g errgroup.Group
	g.SetLimit(n)
	for _, u := range urls {
		g.Go(func() error { return fetch(u) })
	}
	return g.Wait()
}

// The group comes from a function that may have limited it.
func newGroup() *errgroup.Group {
	g := &errgroup.Group{}
	g.SetLimit(8)
	return g
}

func madeElsewhere(urls []string) error {
	g := newGroup()
	for _, u := range urls {
		g.Go(func() error { return fetch(u) })
	}
	return g.Wait()
}

// A token is taken before the hand-over, also in a select.
func token(ctx context.Context, urls []string) {
	sem := make(chan struct{}, 4)
	for _, u := range urls {
		select {
		case sem <- struct{}{}:
		case <-ctx.Done():
			return
		}
		go func() {
			defer func() { <-sem }()
			fetch(u)
		}()
	}
}

func weighted(ctx context.Context, urls []string, s *semaphore.Weighted) {
	for _, u := range urls {
		if s.Acquire(ctx, 1) != nil {
			return
		}
		go func() {
			defer s.Release(1)
			fetch(u)
		}()
	}
}

type pool struct{ places chan int }

func (p *pool) next() int { return <-p.places }

// A method of the program takes the token.
func (p *pool) all(urls []string) {
	for _, u := range urls {
		n := p.next()
		go func() {
			fetch(u)
			p.places <- n
		}()
	}
}

// As many workers as cores, or as items if there are fewer.
func workers(urls []string, work chan string) {
	n := min(runtime.GOMAXPROCS(0), len(urls))
	for range n {
		go func() {
			for u := range work {
				fetch(u)
			}
		}()
	}
}

// One goroutine for each chunk, and as many chunks as workers.
func chunks(urls []string, workers int) {
	size := (len(urls) + workers - 1) / workers
	for i := 0; i < len(urls); i += size {
		go func() {
			for _, u := range urls[i:min(i+size, len(urls))] {
				fetch(u)
			}
		}()
	}
}

// The source spells out how many there are.
func spelledOut(extra bool) {
	urls := []string{"http://a"}
	if extra {
		urls = append(urls, "http://b", "http://c")
	}
	for _, u := range urls {
		go fetch(u)
	}
	for _, u := range []string{"http://d", "http://e"} {
		go fetch(u)
	}
}

// An accept loop, endless or until told to stop.
func accept(ctx context.Context, l net.Listener) {
	for ctx.Err() == nil {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go http.Serve(one{l, c}, nil)
	}
}

type one struct {
	net.Listener
	conn net.Conn
}

// Each iteration waits for what it has started.
func batches(all [][]string) {
	for _, urls := range all {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() { defer wg.Done(); fetch(urls[0]) }()
		wg.Wait()
	}
}

type target struct{ stop chan struct{} }

// One long-lived goroutine for each target: an actor.
func (t *target) scrape() {
	for {
		select {
		case <-t.stop:
			return
		default:
			fetch("http://target")
		}
	}
}

func poll(ctx context.Context, url string) {
	for {
		if ctx.Err() != nil {
			break
		}
		fetch(url)
	}
}

func actors(ctx context.Context, targets map[string]*target) {
	for name, t := range targets {
		go t.scrape()
		go poll(ctx, name)
	}
}

// A helper with so many workers, whatever it is given.
func onWorkers(n int, items []string, f func(string) error) error {
	var g errgroup.Group
	work := make(chan string)
	for range n {
		g.Go(func() error {
			for it := range work {
				if err := f(it); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, it := range items {
		work <- it
	}
	close(work)
	return g.Wait()
}

func useWorkers(n int, items []string) error {
	return onWorkers(n, items, func(name string) error { return os.Remove(name) })
}

// A loop that counts and never ends takes what comes, here signals.
func trap(url string) {
	shutdown := make(chan os.Signal, 1)
	signal.Notify(shutdown, os.Interrupt)
	for i := 0; true; i++ {
		<-shutdown
		if i > 0 {
			os.Exit(1)
		}
		go fetch(url)
	}
}

// The first one is the last, as the function behind it ends the program.
func lastOne(urls []string) {
	for _, u := range urls {
		go fetch(u)
		leave(u)
	}
}

func leave(why string) {
	println(why)
	os.Exit(2)
}
