package cases

import (
	"context"
	"net/http"
	"os"
	"sync"

	"example.com/truth/farend"
	"example.com/truth/measure"

	"golang.org/x/sync/errgroup"
)

var (
	addMeter  = measure.New("(*totals).add")
	findMeter = measure.New("(*table).find")
	putMeter  = measure.New("(*table).put")
)

// A totals computes under its lock.
type totals struct {
	mu  sync.Mutex
	sum int
}

// add has nothing outside of the lock: one at a time is all there can be.
//
// truth: task lock lock
func (t *totals) add(y int) {
	clock := addMeter.Wall()
	t.mu.Lock()
	clock.Waited()
	defer t.mu.Unlock()
	t.sum += fractal(y, 300, depth)
}

func mutex() (Batch, error) {
	var t totals
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(8)
		for y := range 200 {
			g.Go(func() error { // truth: site - fewer|serial|keep binds; finding poolfit confirmed|refuted
				t.add(y)
				return nil
			})
		}
		return g.Wait()
	}, nil
}

// A table is read by many, and written by few who keep all others waiting.
type table struct {
	mu   sync.RWMutex
	rows map[int]int
}

// truth: task lock lock
func (t *table) find(y int) int {
	clock := findMeter.Wall()
	t.mu.RLock()
	clock.Waited()
	defer t.mu.RUnlock()
	return t.rows[y]
}

// truth: task lock lock
func (t *table) put(y int) {
	clock := putMeter.Wall()
	t.mu.Lock()
	clock.Waited()
	defer t.mu.Unlock()
	t.rows[y] = fractal(y, 300, depth)
}

func rwmutex() (Batch, error) {
	t := &table{rows: make(map[int]int)}
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(8)
		for y := range 400 {
			g.Go(func() error { // truth: site - fewer|serial|keep binds; finding poolfit confirmed|refuted
				if y%2 == 0 {
					t.put(y)
				}
				t.find(y)
				return nil
			})
		}
		return g.Wait()
	}, nil
}

// A cache asks the far end under its lock.
type cache struct {
	client *http.Client
	url    string

	mu    sync.Mutex
	pages map[string]bool
}

func newCache() (*cache, error) {
	url, err := farend.Start("http", answer)
	return &cache{client: new(http.Client), url: url, pages: make(map[string]bool)}, err
}

// visit keeps everybody waiting for a page that only one wants.
func (c *cache) visit(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages[path] {
		return nil
	}
	r, err := c.client.Get(c.url + path) // truth: finding lockio confirmed in lockhttp
	if err != nil {
		return err
	}
	c.pages[path] = true
	return r.Body.Close()
}

func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.pages)
}

func lockhttp() (Batch, error) {
	c, err := newCache()
	return func(context.Context) error {
		defer c.forget()
		var g errgroup.Group
		g.SetLimit(8)
		for _, path := range paths {
			g.Go(func() error { return c.visit(path) }) // truth: site - keep|fewer|serial binds; finding poolfit refuted|cold
		}
		return g.Wait()
	}, err
}

var paths = []string{"/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/j", "/k", "/l", "/m", "/n", "/o", "/p"}

// A lonely cache is the same, but has one user: nobody waits for the lock.
type lonely struct{ cache }

func (c *lonely) call(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages[path] {
		return nil
	}
	r, err := c.client.Get(c.url + path) // truth: finding lockio refuted in lockalone
	if err != nil {
		return err
	}
	c.pages[path] = true
	return r.Body.Close()
}

func lockalone() (Batch, error) {
	c, err := newCache()
	l := &lonely{cache{client: c.client, url: c.url, pages: c.pages}}
	return func(context.Context) error {
		defer l.forget()
		for _, path := range paths {
			if err := l.call(path); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// A never cache is not asked in this program, unless somebody wants it to.
type never struct{ cache }

func (c *never) ask(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages[path] {
		return nil
	}
	r, err := c.client.Get(c.url + path) // truth: finding lockio cold in lockcold
	if err != nil {
		return err
	}
	c.pages[path] = true
	return r.Body.Close()
}

func lockcold() (Batch, error) {
	c := &never{cache{client: new(http.Client), url: os.Getenv("TRUTH_URL"), pages: make(map[string]bool)}}
	return func(context.Context) error {
		sums := make([]int, 10)
		for y := range sums {
			sums[y] = row(y)
		}
		if c.url != "" {
			return c.ask("/")
		}
		return nil
	}, nil
}
