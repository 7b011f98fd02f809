// Package across makes and sizes what other packages define.
package across

import (
	"flag"
	"net/http"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"poolfit/conf"
	"poolfit/crew"
	"poolfit/hub"
)

func get(u string) {
	if resp, err := http.Get(u); err == nil {
		resp.Body.Close()
	}
}

func gates(n int) {
	crew.NewGate(runtime.GOMAXPROCS(0) / 2) // want "warning: poolfit: the number given to crew.NewGate can be 0 on a machine with few cores"
	crew.NewGate(crew.Most())               // want "note: poolfit: the number given to crew.NewGate is sized by NumCPU"
	crew.NewGate(runtime.NumCPU())          // want "note: poolfit: the number given to crew.NewGate is sized by NumCPU"
	crew.NewGate(n)
	crew.NewSafe(runtime.GOMAXPROCS(0) / 2)
	g, _ := crew.NewChecked(runtime.GOMAXPROCS(0) / 2) // want "warning: poolfit: the number given to crew.NewChecked can be 0, which is refused with an error that is dropped"
	g.Enter()
	if h, err := crew.NewChecked(runtime.GOMAXPROCS(0) / 2); err == nil {
		h.Enter()
	}
}

func options() {
	crew.New(crew.Options{Hands: runtime.GOMAXPROCS(0) - 1, Depth: runtime.GOMAXPROCS(0) - 1}) // want "warning: poolfit: the number of workers can be 0"
	var o crew.Options
	o.Hands = runtime.GOMAXPROCS(0) / 4 // want "warning: poolfit: the number of workers can be 0"
	o.Hands = max(1, runtime.GOMAXPROCS(0)/4)
	o.Depth = runtime.GOMAXPROCS(0) / 4
	crew.New(o)
}

func told(c *conf.Config) {
	var g errgroup.Group
	g.SetLimit(crew.Half()) // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	g.SetLimit(crew.AtLeastOne())
	g.SetLimit(*conf.Jobs) // want "warning: poolfit: the group's limit is 0 unless a value is chosen"
	g.SetLimit(*conf.Loads)
	g.SetLimit(c.Hands) // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	g.SetLimit(c.Hosts)
}

func work(urls []string, n int) {
	fixed, chosen := crew.NewGate(7), crew.NewGate(n) // want "note: poolfit: go runs work that waits on the network on a fixed 7 workers"
	for _, u := range urls {
		fixed.Enter()
		go func() {
			defer fixed.Leave()
			get(u)
		}()
	}
	for _, u := range urls {
		fixed.Do(func() { get(u) }) // want "note: poolfit: .*Do runs work that waits on the network on a fixed 7 workers"
		chosen.Do(func() { get(u) })
	}
}

// What another package says of the size.
func links(l *conf.Links, urls chan string) {
	var wg sync.WaitGroup
	for range l.Links { // want "note: poolfit: .*Go runs work that waits on the network by default on a pool of the size of the cores"
		wg.Go(func() {
			for u := range urls {
				http.Get(u)
			}
		})
	}
	for range l.Threads {
		wg.Go(func() {
			for u := range urls {
				http.Get(u)
			}
		})
	}
	wg.Wait()
}

func helped(urls []string, n int) {
	fixed := semaphore.NewWeighted(int64(conf.Cores()))      // want "warning: poolfit: go runs work that waits on the network on a pool of the size of the cores"
	chosen := semaphore.NewWeighted(int64(conf.Parallel(n))) // want "note: poolfit: go runs work that waits on the network by default on a pool of the size of the cores"
	for _, u := range urls {
		fixed.Acquire(nil, 1)
		go func() {
			defer fixed.Release(1)
			get(u)
		}()
	}
	for _, u := range urls {
		chosen.Acquire(nil, 1)
		go func() {
			defer chosen.Release(1)
			get(u)
		}()
	}
}

// A package below the one that is started sizes its group by a field of a third one.
func start(small bool) error {
	c := &conf.Shared{Queue: runtime.NumCPU()}
	c.Pulls = runtime.NumCPU() // want "note: poolfit: the group's limit is sized by NumCPU"
	if small {
		c = &conf.Shared{Pulls: runtime.GOMAXPROCS(0) / 2} // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	}
	return hub.Start(c)
}

// A flag tells a field that another package sizes its workers or group by.
func flags(fs *flag.FlagSet) (*crew.Options, *conf.Shared) {
	o, c, none := new(crew.Options), new(conf.Shared), new(conf.Shared)
	fs.IntVar(&o.Hands, "hands", runtime.GOMAXPROCS(0)-1, "") // want "warning: poolfit: the number of workers can be 0 on a machine with few cores"
	fs.IntVar(&o.Depth, "depth", runtime.GOMAXPROCS(0)-1, "")
	flag.IntVar(&c.Pulls, "pulls", runtime.NumCPU()/2, "")    // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	fs.IntVar(&none.Pulls, "none", 0, "")                     // want "warning: poolfit: the group's limit is 0 unless a value is chosen"
	fs.IntVar(&c.Pulls, "more", max(1, runtime.NumCPU()), "") // want "note: poolfit: the group's limit is sized by NumCPU"
	fs.IntVar(&c.Pulls, "fixed", 4, "")
	fs.IntVar(&c.Queue, "queue", 0, "")
	return o, c
}

// What this package puts there is what it finds there by default.
func toldBy(fs *flag.FlagSet, urls []string, all [][]string) {
	var c conf.Told
	fs.IntVar(&c.Links, "links", runtime.GOMAXPROCS(0), "")
	fs.IntVar(&c.Spares, "spares", runtime.GOMAXPROCS(0)/2, "")
	fs.IntVar(&c.Many, "many", 8*runtime.GOMAXPROCS(0), "")
	fs.IntVar(&c.Sums, "sums", runtime.GOMAXPROCS(0), "")
	fs.IntVar(&c.Fixed, "most", 12, "")
	var links, many, sums, fixed errgroup.Group
	links.SetLimit(c.Links) // want "note: poolfit: .*Go runs work that waits on the network by default on a pool of the size of the cores"
	many.SetLimit(c.Many)   // want "note: poolfit: .* by default on a pool of 8 times the cores"
	sums.SetLimit(c.Sums)
	sums.SetLimit(c.Spares) // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	fixed.SetLimit(c.Fixed)
	for _, u := range urls {
		links.Go(func() error { get(u); return nil })
		many.Go(func() error { get(u); return nil })
		fixed.Go(func() error { get(u); return nil })
	}
	for _, lines := range all {
		sums.Go(func() error { count(lines); return nil })
	}
}

func count(lines []string) (n int) {
	for _, l := range lines {
		for range l {
			n++
		}
	}
	return n
}
