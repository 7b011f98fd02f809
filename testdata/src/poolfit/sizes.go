package poolfit

import (
	"context"
	"flag"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Sizes that come from elsewhere: each beside a right one.

func half() int { return runtime.GOMAXPROCS(0) / 2 }

func atLeastOne() int { return max(1, runtime.GOMAXPROCS(0)/2) }

func fromFunctions() {
	var g errgroup.Group
	g.SetLimit(half())                                // want "warning: .*the group's limit can be 0"
	g.SetLimit(int(float64(runtime.NumCPU()) * 0.75)) // want "warning: .*the group's limit can be 0"
	g.SetLimit(atLeastOne())
	n := half()
	if n < 1 {
		n = 1
	}
	g.SetLimit(n)
	m := half()
	if m == 0 {
		return
	}
	g.SetLimit(m)
}

var (
	jobs    = flag.Int("jobs", runtime.GOMAXPROCS(0)/2, "")
	loads   = flag.Int("loads", 0, "")
	saves   = flag.Int("saves", 0, "")
	deletes = flag.Int("deletes", 4, "")
)

func fromFlags() {
	var g errgroup.Group
	g.SetLimit(*jobs)  // want "warning: .*the group's limit can be 0"
	g.SetLimit(*loads) // want "warning: .*the group's limit is 0 unless a value is chosen"
	if *saves == 0 {
		*saves = 8
	}
	g.SetLimit(*saves)
	g.SetLimit(*deletes)
}

// A semaphore of one's own.
type sem struct{ ch chan struct{} }

func newSem(n int) sem { return sem{make(chan struct{}, n)} }

var small, large = newSem(runtime.NumCPU()), newSem(64) // want "note: .*the semaphore's capacity is sized by NumCPU"

type options struct{ Savers, Loaders uint }

func (o *options) fill() {
	if o.Savers == 0 {
		o.Savers = uint(runtime.NumCPU()) // want "note: .*the number of workers is sized by NumCPU"
	}
	if o.Loaders == 0 {
		o.Loaders = uint(runtime.GOMAXPROCS(0))
	}
}

func (o *options) start(in chan []string) {
	var wg sync.WaitGroup
	for i := uint(0); i < o.Savers; i++ {
		wg.Go(func() { drain(in) })
	}
	for range o.Loaders {
		wg.Go(func() { drain(in) })
	}
}

// One place makes what waits serial; a constant is no setting.
func places(ctx context.Context, urls []string, n int) {
	one := make(chan struct{}, 1) // want "note: .*waits on the network one at a time"
	two := make(chan struct{}, 2) // want "note: .*waits on the network on a fixed 2 workers"
	chosen := make(chan struct{}, n)
	for _, u := range urls {
		one <- struct{}{}
		go func() {
			get(ctx, u)
			<-one
		}()
	}
	for _, u := range urls {
		two <- struct{}{}
		go func() {
			get(ctx, u)
			<-two
		}()
	}
	for _, u := range urls {
		chosen <- struct{}{}
		go func() {
			get(ctx, u)
			<-chosen
		}()
	}
}

// A lock has one place, and nobody can give it more.
func inTurn(ctx context.Context, urls chan string) {
	var mu sync.Mutex
	for u := range urls {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			get(ctx, u)
		}()
	}
}

// The places come with the call.
func helped(ctx context.Context, urls []string, gate chan int) {
	for _, u := range urls {
		select {
		case gate <- 1:
			go func() { // want "note: .*waits on the network on a fixed 3 workers"
				get(ctx, u)
				<-gate
			}()
		default:
			get(ctx, u)
		}
	}
}

func helps(ctx context.Context, urls []string) { helped(ctx, urls, make(chan int, 3)) }

// What is read from outside is a setting, whatever it is by default.
func configured(ctx context.Context, urls []string) error {
	n, err := strconv.Atoi(os.Getenv("JOBS"))
	if err != nil {
		n = 8
	}
	var g errgroup.Group
	g.SetLimit(n)
	for _, u := range urls {
		g.Go(func() error { return get(ctx, u) })
	}
	return g.Wait()
}

// A setting with a largest value is one; more places than tasks do no harm.
func capped(ctx context.Context, urls []string, n int) error {
	var g, h, k errgroup.Group
	g.SetLimit(min(n, 8))
	h.SetLimit(40) // want "note: .*on a fixed 40 workers"
	k.SetLimit(40)
	for _, u := range urls {
		g.Go(func() error { return get(ctx, u) })
		h.Go(func() error { return get(ctx, u) })
	}
	for range 3 {
		k.Go(func() error { _, err := http.Get("http://a"); return err })
	}
	return g.Wait()
}

// A share of the items is a number that follows the data, also where it has a largest value;
// as many as there are items, up to a number, is that number.
const most, share = 100, 3

func shared(ctx context.Context, urls []string) {
	n := len(urls) / share
	if n < 1 {
		n = len(urls)
	}
	if n > most {
		n = most
	}
	in := make(chan string, len(urls))
	for w := 0; w < n; w++ {
		go func() {
			for u := range in {
				get(ctx, u)
			}
		}()
	}
	for range min(most, 1+len(urls)/share) {
		go func() {
			for u := range in {
				get(ctx, u)
			}
		}()
	}
	for range min(most, len(urls)) { // want "note: poolfit: go runs work that waits on the network on a fixed 100 workers"
		go func() {
			for u := range in {
				get(ctx, u)
			}
		}()
	}
}

// A share of a constant is one.
func fraction(ctx context.Context, in chan string) {
	for range most / share { // want "note: poolfit: go runs work that waits on the network on a fixed 33 workers"
		go func() {
			for u := range in {
				get(ctx, u)
			}
		}()
	}
}

// Of a size that two pools have, each is told.
func twice(ctx context.Context, urls []string) {
	n := runtime.GOMAXPROCS(0) // want "warning: .*on a pool of the size of the cores"
	var g, h errgroup.Group
	g.SetLimit(n)
	h.SetLimit(n)
	for _, u := range urls {
		g.Go(func() error { return get(ctx, u) })
		h.Go(func() error { return get(ctx, u) }) // want "warning: .*on a pool of the size of the cores"
	}
}

// A number goes through a text.
func getenv(key, byDefault string) string {
	if v, ok := os.LookupEnv(key); ok {
		return v
	}
	return byDefault
}

type read struct{ savers, level, guards int }

func (r *read) load() (err error) {
	if r.savers, err = strconv.Atoi(getenv("SAVERS", strconv.Itoa(runtime.GOMAXPROCS(0)/2))); err != nil {
		return err
	}
	if r.level, err = strconv.Atoi(getenv("LEVEL", "9")); err != nil {
		return err
	}
	r.guards, err = strconv.Atoi(getenv("GUARDS", strconv.Itoa(max(1, runtime.GOMAXPROCS(0)/2))))
	return err
}

func (r *read) limits(g *errgroup.Group) {
	g.SetLimit(r.savers) // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	g.SetLimit(r.level)
	g.SetLimit(r.guards)
}

var (
	pullers = flag.String("pullers", strconv.Itoa(runtime.GOMAXPROCS(0)), "")
	writers = flag.String("writers", "12", "")
)

func parsed(ctx context.Context, urls []string) error {
	n, err := strconv.ParseInt(*pullers, 10, 32) // want "note: poolfit: go runs work that waits on the network by default on a pool of the size of the cores"
	if err != nil || n < 1 {
		return err
	}
	m, err := strconv.ParseInt(*writers, 10, 32)
	if err != nil || m < 1 {
		return err
	}
	places, others := make(chan struct{}, n), make(chan struct{}, m)
	for _, u := range urls {
		places <- struct{}{}
		go func() {
			get(ctx, u)
			<-places
		}()
	}
	for _, u := range urls {
		others <- struct{}{}
		go func() {
			get(ctx, u)
			<-others
		}()
	}
	return nil
}

// What the program has spelled itself is a number, and an error that is dropped is none.
func spelled(s string, g *errgroup.Group) {
	n, _ := strconv.Atoi(strconv.Itoa(runtime.GOMAXPROCS(0) / 2))
	g.SetLimit(n) // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	t := os.Getenv("TASKS")
	if t == "" {
		t = strconv.Itoa(runtime.GOMAXPROCS(0) - 1)
	}
	m, err := strconv.Atoi(t)
	if err != nil {
		return
	}
	g.SetLimit(m) // want "warning: poolfit: the group's limit can be 0 on a machine with few cores"
	k, _ := strconv.Atoi(strconv.Itoa(7))
	g.SetLimit(k)
	l, _ := strconv.Atoi(s)
	g.SetLimit(l) // want "warning: poolfit: the group's limit is 0 where the text is no number"
}

// Who waits for the network is told of that alone: GOMAXPROCS would be as wrong.
type pinger struct{ gate chan struct{} }

func newPinger() *pinger { return &pinger{gate: make(chan struct{}, runtime.NumCPU())} }

func (p *pinger) all(ctx context.Context, urls []string) {
	for _, u := range urls {
		p.gate <- struct{}{}
		go func() { // want "warning: poolfit: go runs work that waits on the network on a pool of the size of the cores"
			defer func() { <-p.gate }()
			get(ctx, u)
		}()
	}
}

func pings(ctx context.Context, urls chan string) {
	n := runtime.NumCPU() // want "note: poolfit: .*Go runs work that waits on the network on a pool of the size of the cores"
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for u := range urls {
				get(ctx, u)
			}
		})
	}
}

// Where one of the two computes, the number of cores is wanted.
func pingsAndSums(ctx context.Context, urls []string, all [][]string) {
	n := runtime.NumCPU() // want "note: poolfit: the group's limit is sized by NumCPU"
	var pings, sums errgroup.Group
	pings.SetLimit(n)
	sums.SetLimit(n)
	for _, u := range urls {
		pings.Go(func() error { return get(ctx, u) }) // want "warning: poolfit: .*Go runs work that waits on the network on a pool of the size of the cores"
	}
	for _, lines := range all {
		sums.Go(func() error { compute(lines); return nil })
	}
}

// What is replaced before anybody asks for it sizes nothing.
func replaced(n int, some bool) {
	var g errgroup.Group
	cores := runtime.NumCPU()
	cores = 4
	g.SetLimit(cores)
	half := runtime.GOMAXPROCS(0) / 2
	half = n
	g.SetLimit(half)
	kept := runtime.NumCPU() // want "note: poolfit: the group's limit is sized by NumCPU"
	if some {
		kept = n
	}
	g.SetLimit(kept)
	asked := runtime.NumCPU() // want "note: poolfit: the group's limit is sized by NumCPU"
	g.SetLimit(asked)
	asked = n
	twice := runtime.NumCPU() // want "note: poolfit: the group's limit is sized by NumCPU"
	twice = 2 * twice
	g.SetLimit(twice + asked)
}
