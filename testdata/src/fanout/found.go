// Package fanout holds cases of the rule fanout.
package fanout

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"
)

func fetch(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func plain(urls []string) {
	for _, u := range urls {
		go fetch(u) // want "note: .*go starts a goroutine for each of urls and each waits on the network, bound them"
	}
}

func group(ctx context.Context, urls []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error { return fetch(u) }) // want "note: .*errgroup.*Go starts a goroutine for each of urls .* give the group SetLimit"
	}
	return g.Wait()
}

// A limit of the length bounds nothing.
func lengthLimit(urls []string) error {
	var g errgroup.Group
	g.SetLimit(len(urls))
	for _, u := range urls {
		g.Go(func() error { return fetch(u) }) // want "note: .*each of urls .* the group's limit is as large as the data"
	}
	return g.Wait()
}

// A literal that is called where it stands is a part of the loop around it.
func inPlace(urls []string) error {
	g, _ := errgroup.WithContext(context.Background())
	for i, u := range urls {
		func(i int, u string) {
			g.Go(func() error { // want "note: .*for each of urls and each waits on the network"
				return fetch(u)
			})
		}(i, u)
	}
	return g.Wait()
}

func waitGroup(names []string) {
	var wg sync.WaitGroup
	for i := 0; i < len(names); i++ {
		wg.Add(1)
		go func() { // want "warning: .*each of len.names. and each waits on the file system"
			defer wg.Done()
			os.ReadFile(names[i])
		}()
	}
	wg.Wait()
}

func subprocesses(args []string) {
	for _, a := range args {
		go exec.Command("gzip", a).Run() // want "warning: .*waits for a subprocess"
	}
}

// The token bounds the work, not the goroutines: a note.
func late(urls []string) {
	sem := make(chan struct{}, 4)
	for _, u := range urls {
		go func() { // want "note: .*each of urls"
			sem <- struct{}{}
			defer func() { <-sem }()
			fetch(u)
		}()
	}
}

// Work that can fail, which no caller can bound.
func ForEach(items []string, callback func(string) error) error {
	var g errgroup.Group
	for _, it := range items {
		g.Go(func() error { return callback(it) }) // want "note: .*runs the caller's function for each of items at once, give the group SetLimit"
	}
	return g.Wait()
}

type node struct {
	once sync.Once
	deps map[string]*node
}

// One goroutine for each edge of the graph.
func (n *node) load() {
	n.once.Do(func() {
		var wg sync.WaitGroup
		for _, d := range n.deps {
			wg.Add(1)
			go func() { // want "note: .*each of n.deps and each starts more"
				d.load()
				wg.Done()
			}()
		}
		wg.Wait()
	})
}

func count(words [][]string, m map[string]int) {
	for _, line := range words {
		for _, w := range line {
			m[w]++
		}
	}
}

func compute(docs [][][]string) {
	for _, d := range docs {
		go func() { // want "note: .*to compute, run it on GOMAXPROCS workers"
			count(d, map[string]int{})
		}()
	}
}

// What a walk visits is a loop as well.
func walked(root string) {
	var wg sync.WaitGroup
	filepath.WalkDir(root, func(path string, _ fs.DirEntry, _ error) error {
		wg.Go(func() { os.ReadFile(path) }) // want "note: .*each of what filepath.WalkDir visits"
		return nil
	})
	wg.Wait()
}

// So many for each of what it visits; those of a function that waits for them are done before
// it is called again.
func walkedTwice(root string) {
	var all sync.WaitGroup
	filepath.WalkDir(root, func(path string, _ fs.DirEntry, _ error) error {
		halves(&all, path) // want "note: .*halves starts a goroutine for each of what filepath.WalkDir visits"
		collectedHalves(path)
		return nil
	})
	all.Wait()
}

func halves(all *sync.WaitGroup, path string) {
	for i := range 2 {
		all.Go(func() { os.ReadFile(path + string(rune('a'+i))) })
	}
}

func collectedHalves(path string) {
	var own sync.WaitGroup
	for i := range 2 {
		own.Go(func() { os.ReadFile(path + string(rune('a'+i))) })
	}
	own.Wait()
}

// A break in a switch leaves that alone.
func (p *spool) switched() {
	for _, n := range p.names {
		switch n {
		case "a":
			go fetch(n) // want "note: .*each of p.names"
			break
		}
	}
}

// A wrapper runs what it wraps.
func recovering(f func() error) func() error {
	return func() (err error) {
		defer func() { recover() }()
		return f()
	}
}

func wrapped(names []string) {
	for _, n := range names {
		go func() { // want "warning: .*each of names and each waits on the file system"
			_ = recovering(func() error { return os.Remove(n) })() // the task
		}()
	}
}

// A walk over pages that nothing holds back: all of a site at once.
func walkAll(p *page) {
	for _, link := range p.links {
		go func() { // want "note: .*each of p.links and each starts more"
			fetch("link")
			walkAll(link)
		}()
	}
}

// Whoever asks for it adds one more.
type watchlist struct{ urls []string }

func newWatchlist() *watchlist { return &watchlist{urls: []string{"/"}} }

func (w *watchlist) add(url string) { w.urls = append(w.urls, url) }

func (w *watchlist) ping() {
	for _, u := range w.urls {
		go fetch(u) // want "note: .*each of w.urls"
	}
}

// What a task sends is its result, or its turn to speak: no place that others wait for.
func announced(urls []string, up chan<- string) {
	for _, u := range urls {
		go func() { // want "note: .*goroutine for each of urls and each waits on the network"
			up <- u
			_, _ = http.Get(u)
		}()
	}
}
