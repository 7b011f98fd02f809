// Package poolfit holds cases of the rule poolfit.
package poolfit

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

func zero() {
	var g errgroup.Group
	g.SetLimit(4 * runtime.NumCPU() / 5) // want "warning: .*the group's limit can be 0"
	n := runtime.GOMAXPROCS(0) - 1
	semaphore.NewWeighted(int64(runtime.NumCPU() / 2)) // want "warning: .*the semaphore's capacity can be 0"
	for i := 0; i < n; i++ {                           // want "warning: .*the number of workers can be 0"
		go compute(nil)
	}
}

// Kept positive, or looked at before it is used.
func positive() {
	var g errgroup.Group
	g.SetLimit(max(1, 4*runtime.NumCPU()/5)) // want "note: .*sized by NumCPU"
	n := runtime.NumCPU() / 2                // want "note: .*sized by NumCPU"
	if n < 1 {
		n = 1
	}
	g.SetLimit(n)
	m := runtime.NumCPU() - 1 // want "note: .*sized by NumCPU"
	if m > 0 {
		g.SetLimit(m)
	}
	g.SetLimit(0) // somebody's intention
}

func numCPU() {
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())         // want "note: .*sized by NumCPU"
	g.SetLimit(runtime.NumCPU() * 2)     // want "note: .*sized by NumCPU"
	g.SetLimit(min(8, runtime.NumCPU())) // want "note: .*sized by NumCPU"
	half := 2
	workers := max(1, runtime.NumCPU()/half) // want "note: .*sized by NumCPU"
	g.SetLimit(workers)
	bits64 := bits.Len(uint(runtime.NumCPU())) // want "note: .*sized by NumCPU"
	g.SetLimit(bits64)
	g.SetLimit(doubled(4)) // what others give to doubled is not the size
	_ = doubled(runtime.NumCPU())
	share := int(math.Max(float64(runtime.NumCPU()/8), 1)) // want "note: .*sized by NumCPU"
	g.SetLimit(share)
	g.SetLimit(runtime.GOMAXPROCS(0))
}

func doubled(n int) int { return n * 2 }

func get(ctx context.Context, url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func waitOnCores(ctx context.Context, urls []string) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0)) // want "warning: .*on a pool of the size of the cores"
	for _, u := range urls {
		g.Go(func() error { return get(ctx, u) })
	}
	return g.Wait()
}

// A multiple of the cores is meant for waiting, but on a machine with other cores for as many
// more or fewer connections.
func waitOnMore(ctx context.Context, urls []string) error {
	var g errgroup.Group
	g.SetLimit(8 * runtime.GOMAXPROCS(0)) // want "note: poolfit: .* on a pool of 8 times the cores"
	for _, u := range urls {
		g.Go(func() error { return get(ctx, u) })
	}
	return g.Wait()
}

func compute(lines []string) int {
	n := 0
	for _, l := range lines {
		for _, w := range strings.Fields(l) {
			n += len(w)
		}
	}
	return n
}

const parsers = 5

func drain(in chan []string) {
	for lines := range in {
		compute(lines)
	}
}

func constantWorkers(in chan []string) {
	var wg sync.WaitGroup
	for i := 1; i <= parsers; i++ { // want "note: .*computes on 5 workers whatever the machine has"
		wg.Add(1)
		go func() {
			defer wg.Done()
			drain(in)
		}()
	}
}

func computeOnCores(all [][]string) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, lines := range all {
		g.Go(func() error { compute(lines); return nil })
	}
	return g.Wait()
}

// More of them than cores compute no faster; two for each are a custom.
func computeOnMore(all [][]string) {
	var crowded, paired errgroup.Group
	crowded.SetLimit(25 * runtime.GOMAXPROCS(0)) // want "note: poolfit: .*Go computes on a pool of 25 times the cores, more than GOMAXPROCS compute no faster"
	paired.SetLimit(2 * runtime.GOMAXPROCS(0))
	for _, lines := range all {
		crowded.Go(func() error { compute(lines); return nil })
		paired.Go(func() error { compute(lines); return nil })
	}
	crowded.Wait()
	paired.Wait()
}

// forEachJob runs the jobs on so many goroutines.
func forEachJob(ctx context.Context, jobs, concurrency int, f func(context.Context, int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	next := make(chan int, jobs)
	for range min(concurrency, jobs) {
		g.Go(func() error {
			for i := range next {
				if err := f(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

const uploads = 10

func upload(ctx context.Context, urls []string, setting int) error {
	err := forEachJob(ctx, len(urls), uploads, func(ctx context.Context, i int) error { return get(ctx, urls[i]) }) // want "note: .*on a fixed 10 workers"
	if err != nil {
		return err
	}
	return forEachJob(ctx, len(urls), setting, func(ctx context.Context, i int) error { return get(ctx, urls[i]) })
}

func startWorkers(urls chan string) {
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) { // want "note: .*on a pool of the size of the cores"
		wg.Go(func() {
			for u := range urls {
				http.Get(u)
			}
		})
	}
	wg.Wait()
}

// The number of workers is stored first.
type settings struct{ Concurrency, Cores uint }

func (s *settings) defaults() {
	if s.Concurrency == 0 {
		s.Concurrency = uint(runtime.NumCPU()) // want "note: .*the group's limit is sized by NumCPU"
	}
	s.Cores = uint(runtime.NumCPU())
}

func (s *settings) limits(g *errgroup.Group) {
	g.SetLimit(int(s.Concurrency))
	fmt.Println(s.Cores)
}

func defaultWorkers() int { return runtime.NumCPU() } // want "note: .*the group's limit is sized by NumCPU"

func byDefault(g *errgroup.Group) { g.SetLimit(defaultWorkers()) }

func stored() *settings {
	return &settings{Concurrency: uint(runtime.NumCPU())} // want "note: .*the group's limit is sized by NumCPU"
}

func told(g *errgroup.Group, parallel int) { g.SetLimit(parallel) }

func tells(g *errgroup.Group) { told(g, runtime.NumCPU()) } // want "note: .*the group's limit is sized by NumCPU"

// A name is no use: what nothing is sized by may be a number for people.
func reports(workers int) { fmt.Println(workers) }

func namedSo() { reports(runtime.NumCPU()) }

func semaphores() {
	_ = make(chan struct{}, runtime.NumCPU()/2)         // want "warning: .*the semaphore's capacity can be 0"
	_ = make(chan struct{}, max(1, runtime.NumCPU()/2)) // want "note: .*sized by NumCPU"
	_ = make(chan int, runtime.NumCPU()/2)              // a queue
}

// Workers that share out what there is by a count.
func byCount(rows [][]string, urls []string) {
	var next, other, own atomic.Int64
	var wg sync.WaitGroup
	for range 6 { // want "note: poolfit: .*Go computes on 6 workers whatever the machine has"
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(rows) {
					return
				}
				compute(rows[i])
			}
		})
	}
	for i := 0; i < 7; i++ { // want "note: poolfit: .*Go runs work that waits on the network on a fixed 7 workers"
		wg.Go(func() {
			for n := other.Add(1); n <= int64(len(urls)); n = other.Add(1) {
				get(nil, urls[n-1])
			}
			_ = i
		})
	}
	for range runtime.GOMAXPROCS(0) { // at home there
		wg.Go(func() {
			for n := own.Add(1); n <= int64(len(rows)); n = own.Add(1) {
				compute(rows[n-1])
			}
		})
	}
	wg.Wait()
}

// The same under a lock, in the worker or in what it calls.
type heap struct {
	mu   sync.Mutex
	rows [][]string
	urls []string
	next int
	done int
}

func (h *heap) sort() {
	for range 4 { // want "note: poolfit: go computes on 4 workers whatever the machine has"
		go h.sorter()
	}
	for range runtime.GOMAXPROCS(0) { // want "note: poolfit: go runs work that waits on the network on a pool of the size of the cores"
		go func() {
			for {
				u, ok := h.pop()
				if !ok {
					break
				}
				get(nil, u)
			}
		}()
	}
}

func (h *heap) sorter() {
	for {
		h.mu.Lock()
		if h.next == len(h.rows) {
			h.mu.Unlock()
			return
		}
		i := h.next
		h.next++
		h.mu.Unlock()
		compute(h.rows[i])
	}
}

func (h *heap) pop() (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.urls) == 0 {
		return "", false
	}
	u := h.urls[0]
	h.urls = h.urls[1:]
	return u, true
}

// Who only counts what is done, or goes over something of its own, is no worker.
func (h *heap) tally(parts [3][]string, urls []string) {
	for range 3 {
		go func() {
			for i := 0; i < len(h.rows); i++ {
				h.done++
				compute(h.rows[i])
			}
		}()
	}
	for range 5 {
		go func() {
			for {
				h.done++
				if err := get(nil, urls[0]); err != nil {
					return
				}
				compute(parts[0])
			}
		}()
	}
}
