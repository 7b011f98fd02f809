package poolfit

import (
	"flag"
	"net/http"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Sizes that follow the cores unless somebody chooses another.

// A Mirror copies what is at the far end.
type Mirror struct {
	Pullers int
	Hashers int
	Writers int
}

func (m *Mirror) defaults() {
	if m.Pullers <= 0 {
		m.Pullers = runtime.GOMAXPROCS(0)
	}
	if m.Hashers == 0 {
		m.Hashers = runtime.GOMAXPROCS(0)
	}
	if m.Writers == 0 {
		m.Writers = 24
	}
}

func (m *Mirror) pull(urls chan string) {
	var wg sync.WaitGroup
	for range m.Pullers { // want "note: poolfit: .*Go runs work that waits on the network by default on a pool of the size of the cores"
		wg.Go(func() {
			for u := range urls {
				http.Get(u)
			}
		})
	}
	wg.Wait()
}

// Computing is at home there.
func (m *Mirror) hash(all chan []string) {
	var wg sync.WaitGroup
	for range m.Hashers {
		wg.Go(func() {
			for lines := range all {
				compute(lines)
			}
		})
	}
	wg.Wait()
}

// As many as somebody thought right for waiting.
func (m *Mirror) write(urls chan string) {
	var wg sync.WaitGroup
	for range m.Writers {
		wg.Go(func() {
			for u := range urls {
				http.Get(u)
			}
		})
	}
	wg.Wait()
}

// An argument that says nothing.
func Fetch(urls []string, parallel int) error {
	if parallel < 1 {
		parallel = runtime.GOMAXPROCS(0)
	}
	var g errgroup.Group
	g.SetLimit(min(parallel, len(urls))) // want "note: poolfit: .*Go runs work that waits on the network by default on a pool of the size of the cores"
	for _, u := range urls {
		g.Go(func() error {
			_, err := http.Get(u)
			return err
		})
	}
	return g.Wait()
}

// Several for each core unless somebody chooses.
func FetchMore(urls []string, parallel int) error {
	if parallel < 1 {
		parallel = 4 * runtime.GOMAXPROCS(0)
	}
	var g errgroup.Group
	g.SetLimit(parallel) // want "note: poolfit: .* by default on a pool of 4 times the cores"
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
	}
	return g.Wait()
}

// The default of a flag.
var (
	pulls  = flag.Int("pulls", runtime.GOMAXPROCS(0), "")
	pushes = flag.Int("pushes", 12, "")
)

func flagged(urls []string) {
	var g, h errgroup.Group
	g.SetLimit(*pulls) // want "note: poolfit: .*by default on a pool of the size of the cores"
	h.SetLimit(*pushes)
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
		h.Go(func() error { return get(nil, u) })
	}
}

// Likewise where it is told a variable.
type syncer struct{ links int }

func (s *syncer) flags(fs *flag.FlagSet) { fs.IntVar(&s.links, "links", runtime.GOMAXPROCS(0), "") }

func (s *syncer) run(urls []string) {
	places := semaphore.NewWeighted(int64(s.links)) // want "note: poolfit: go runs work that waits on the network by default on a pool of the size of the cores"
	for _, u := range urls {
		places.Acquire(nil, 1)
		go func() {
			defer places.Release(1)
			http.Get(u)
		}()
	}
}

// A flag has a default of its own, and what is too low is only looked at.
func guarded(urls []string) { fetchAll(urls, *pushes) }

func fetchAll(urls []string, parallel int) {
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
	}
}

type Links struct{ Most int }

func (l *Links) flags(fs *flag.FlagSet) { fs.IntVar(&l.Most, "most", 20, "") }

func (l *Links) run(urls []string) {
	if l.Most == 0 {
		l.Most = runtime.GOMAXPROCS(0)
	}
	var g errgroup.Group
	g.SetLimit(l.Most)
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
	}
}

// A number that is high enough stays what it is.
func counted(urls []string) { fetchSome(urls, 9) }

func fetchSome(urls []string, parallel int) {
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	var g errgroup.Group
	g.SetLimit(parallel) // want "note: poolfit: .* on a fixed 9 workers"
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
	}
}

// One of several does the work: that another computes makes it no mixed one.
type parcel interface{ deliver() error }

type letter struct{ to string }

func (l *letter) deliver() error {
	_, err := http.Get(l.to)
	return err
}

type heavy struct {
	to    string
	pages []string
}

func (h *heavy) deliver() error {
	compute(h.pages)
	return get(nil, h.to)
}

func deliver(parcels chan parcel) {
	for range runtime.GOMAXPROCS(0) { // want "note: poolfit: go runs work that waits on the network on a pool of the size of the cores"
		go func() {
			for p := range parcels {
				p.deliver()
			}
		}()
	}
}

func deliverHeavy(parcels chan *heavy) {
	for range runtime.GOMAXPROCS(0) {
		go func() { // mixed
			for p := range parcels {
				p.deliver()
			}
		}()
	}
}

// How many there are for each core is told alike whatever runs the work.
func severalEach(urls []string, lines [][]string, each int) {
	n := 3 * runtime.GOMAXPROCS(0) // want "note: poolfit: .*Go runs work that waits on the network on a pool of 3 times the cores"
	var g, h, sums errgroup.Group
	g.SetLimit(n)
	h.SetLimit(each * runtime.GOMAXPROCS(0))
	sums.SetLimit(n)
	gate := make(chan struct{}, runtime.GOMAXPROCS(0)*8)                  // want "note: poolfit: go runs work that waits on the network on a pool of 8 times the cores"
	places := semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0) * 5 / 2)) // want "note: poolfit: go runs work that waits on the network on a pool of 2.5 times the cores"
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
		h.Go(func() error { return get(nil, u) })
	}
	for _, u := range urls {
		gate <- struct{}{}
		go func() {
			defer func() { <-gate }()
			get(nil, u)
		}()
	}
	for _, u := range urls {
		places.Acquire(nil, 1)
		go func() {
			defer places.Release(1)
			get(nil, u)
		}()
	}
	for _, l := range lines {
		sums.Go(func() error { compute(l); return nil })
	}
}

func severalWorkers(urls chan string) {
	for range 4 * runtime.GOMAXPROCS(0) { // want "note: poolfit: go runs work that waits on the network on a pool of 4 times the cores"
		go func() {
			for u := range urls {
				get(nil, u)
			}
		}()
	}
}

// One or two more in all are none for each core.
func oneMore(urls []string) {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0) + 1) // want "warning: poolfit: .*Go runs work that waits on the network on a pool of the size of the cores"
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
	}
}

var eachCore = flag.Int("each-core", 2, "")

// The factor is a setting with a default.
func factor(urls []string) { fetchEach(urls, *eachCore) }

func fetchEach(urls []string, each int) {
	var g errgroup.Group
	g.SetLimit(each * runtime.GOMAXPROCS(0)) // want "note: poolfit: .*Go runs work that waits on the network by default on a pool of 2 times the cores"
	for _, u := range urls {
		g.Go(func() error { return get(nil, u) })
	}
}
