package lockio

import (
	"net"
	"net/http"
	"sync"
	"time"

	"lockio/provider/hold"
)

// A function that takes the lock and returns what gives it back: the caller holds it until
// that is called.
type larder struct {
	mu      sync.RWMutex
	bottles map[string]int
	note    func(string)
}

func (c *larder) lock() (unlock func()) {
	c.mu.Lock()
	return c.mu.Unlock
}

func (c *larder) view() func() {
	c.mu.RLock()
	return func() { c.mu.RUnlock() }
}

func (c *larder) count(name string) int {
	defer c.view()()
	return c.bottles[name]
}

func (c *larder) order(name string) error {
	defer c.lock()()
	resp, err := http.Post("http://merchant.example/"+name, "", nil) // want "warning: .*c is held while http.Post waits on the network"
	if err != nil {
		return err
	}
	c.bottles[name]++
	return resp.Body.Close()
}

func (c *larder) label(name string) (*http.Response, error) {
	unlock := c.lock()
	defer func() { unlock() }()
	return http.Get(name) // want `warning: .*c is held while http.Get waits on the network`
}

func (c *larder) taste(name string) {
	unlock := c.lock()
	c.bottles[name]--
	unlock()
	http.Get("http://critic.example/" + name)
}

// Who else has it gives the lock back who knows where.
func (c *larder) share(name string) {
	unlock := c.lock()
	finish(unlock)
	http.Get("http://critic.example/" + name)
}

func finish(f func()) { f() }

func (c *larder) shareIn(name string) {
	unlock := c.lock()
	func() {
		defer unlock()
		c.bottles[name]++
	}()
	http.Get("http://critic.example/" + name)
}

// What is called last is worked out first: the lock is not held as the address is asked for.
func (c *larder) remember(name string) {
	defer c.write(address(name))
	c.note(name)
}

func (c *larder) write(addr string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bottles[addr] = 0
}

func address(name string) string {
	list, _ := net.LookupHost(name)
	return list[0]
}

// The same of an argument, and of a variable of the package.
func holding(mu *sync.RWMutex) func() {
	mu.Lock()
	return mu.Unlock
}

func (c *larder) clean() {
	defer holding(&c.mu)()
	time.Sleep(time.Minute) // want "note: .*c.mu is held while time.Sleep sleeps"
}

var (
	pantryMu sync.Mutex
	pantry   = map[string]bool{}
)

func lockPantry() func() {
	pantryMu.Lock()
	return sync.OnceFunc(pantryMu.Unlock)
}

func inPantry(name string) bool {
	defer lockPantry()()
	return pantry[name]
}

func fillPantry(names []string) {
	defer lockPantry()()
	for _, name := range names {
		_, err := http.Get("http://merchant.example/" + name) // want "warning: .*pantryMu is held while http.Get waits on the network"
		pantry[name] = err == nil
	}
}

// A helper of another package that takes the lock which it is given.
func (c *larder) size() (int, error) {
	return hold.Viewed(&c.mu, func() (int, error) { return len(c.bottles), nil })
}

func (c *larder) price(name string) (*http.Response, error) {
	return hold.Locked(&c.mu, func() (*http.Response, error) {
		return http.Get("http://merchant.example/" + name) // want "warning: .*c.mu is held while http.Get waits on the network"
	})
}

// What is deferred until after the call runs under no lock.
func (c *larder) priceLater(name string) error {
	later, err := hold.Locked(&c.mu, func() (func(), error) {
		return func() { http.Get("http://merchant.example/" + name) }, nil
	})
	if err == nil {
		later()
	}
	return err
}

// A plain function, or a method, that gives the lock back while it waits: who calls it
// holds that lock no longer, but any other.
func ask(c *larder, name string) error {
	c.mu.Unlock()
	_, err := http.Get("http://merchant.example/" + name)
	c.mu.Lock()
	return err
}

func (c *larder) away(f func()) {
	c.mu.Unlock()
	defer c.mu.Lock()
	f()
}

func (c *larder) refill(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ask(c, name) == nil {
		c.bottles[name]++
	}
	c.away(func() { http.Get("http://merchant.example/" + name) })
}

func without(mu *sync.RWMutex, f func() error) error {
	mu.Unlock()
	defer mu.Lock()
	return f()
}

func (c *larder) replace(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := without(&c.mu, func() error {
		_, err := http.Get("http://merchant.example/" + name)
		return err
	})
	if err == nil {
		c.bottles[name]++
	}
	return err
}

// Of two locks of one owner it gives but one back.
type mill struct {
	mu    sync.Mutex
	wheel sync.Mutex
	turns int
}

func (m *mill) turn() {
	m.wheel.Lock()
	m.turns++
	m.wheel.Unlock()
}

func (m *mill) away(f func()) {
	m.mu.Unlock()
	f()
	m.mu.Lock()
}

func (m *mill) grind(url string) {
	m.wheel.Lock()
	defer m.wheel.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away(func() { http.Get(url) }) // want "warning: .*m.wheel is held while the function literal at handsback.go:216 waits on the network"
}

// What stands behind a pointer may be the lock of the caller by another name.
type waiter struct {
	of sync.Locker
	ch chan bool
}

func (w *waiter) wait() bool {
	w.of.Unlock()
	defer w.of.Lock()
	return <-w.ch
}

func (c *larder) await(ch chan bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &waiter{&c.mu, ch}
	for w.wait() {
		c.bottles["last"]++
	}
}

type house struct {
	mu    sync.Mutex
	owner string
	c     *larder
}

func (h *house) rename(owner string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.owner = owner
}

func (h *house) stock(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.c.mu.Lock() // want "note: lockio: h.mu is held while this waits for h.c.mu, whose holder waits on the network"
	defer h.c.mu.Unlock()
	ask(h.c, name) // want "warning: .*h.mu is held while ask waits on the network"
}

// The handlers of one server share the variables of the function that sets them up.
func listen(mux *http.ServeMux) {
	var mu sync.Mutex
	seen := map[string]int{}
	mux.HandleFunc("/seen", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.URL.Path]++
	})
	mux.HandleFunc("/news", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if resp, err := http.Get("http://news.example/"); err == nil { // want "note: .*mu is held while http.Get waits on the network"
			seen[resp.Status]++
		}
	})
}

// A request has its own.
func gather(w http.ResponseWriter, r *http.Request) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, host := range []string{"a.example", "b.example"} {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			if resp, err := http.Get("http://" + host); err == nil {
				resp.Body.Close()
			}
		})
	}
	wg.Wait()
}
