package lockio

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

type client struct {
	mu     sync.Mutex
	http   *http.Client
	last   *http.Response
	hits   int
	dialer func(addr string) (net.Conn, error)
	conns  map[string]net.Conn
}

func (c *client) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hits
}

func (c *client) direct(req *http.Request) {
	c.mu.Lock()
	resp, _ := c.http.Do(req) // want `warning: .*c.mu is held while http.\(\*Client\).Do waits on the network`
	c.last = resp
	c.mu.Unlock()
}

func (c *client) deferred(req *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetchLocked(req) // want `warning: .*c.mu is held while \(\*client\).fetchLocked waits on the network`
}

func (c *client) fetchLocked(req *http.Request) { c.last, _ = c.http.Do(req) }

// The lock is given back before the wait.
func (c *client) early(req *http.Request) {
	c.mu.Lock()
	if c.last != nil {
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	c.http.Do(req)
}

// The callee gives its caller's lock back while it waits.
func (c *client) relock(req *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unlockedFetch(req)
}

func (c *client) unlockedFetch(req *http.Request) {
	c.mu.Unlock()
	resp, _ := c.http.Do(req)
	c.mu.Lock()
	c.last = resp
}

// Break leaves the loop without the lock.
func (c *client) broken(req *http.Request) {
	c.mu.Lock()
	for {
		if c.hits > 3 {
			c.mu.Unlock()
			break
		}
		c.hits++
	}
	c.http.Do(req)
}

// All ways through the switch give the lock back.
func (c *client) switched(req *http.Request) {
	c.mu.Lock()
	switch c.hits {
	case 0:
		c.mu.Unlock()
	case 1:
		c.mu.Unlock()
		return
	default:
		c.mu.Unlock()
	}
	c.http.Do(req)
}

// A labelled break, with the lock.
func (c *client) labelled(req *http.Request) {
	c.mu.Lock()
outer:
	for {
		for {
			if c.hits > 3 {
				break outer
			}
			c.hits++
		}
	}
	c.http.Do(req) // want `warning: .*waits on the network`
	c.mu.Unlock()
}

// The request runs on another goroutine.
func (c *client) spawned(req *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	go c.http.Do(req)
}

// An element of a map is made while those who want others wait.
func (c *client) conn(addr string) (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if conn, ok := c.conns[addr]; ok {
		return conn, nil
	}
	conn, err := c.dialer(addr) // want `warning: .*c.dialer, which makes a connection, waits on the network`
	if err != nil {
		return nil, err
	}
	c.conns[addr] = conn
	return conn, nil
}

func (c *client) process() {
	c.mu.Lock()
	defer c.mu.Unlock()
	time.Sleep(time.Second)      // want `note: .*sleeps`
	time.Sleep(time.Millisecond) // a short pause
}

// TryLock keeps nobody waiting.
func (c *client) try(req *http.Request) {
	if !c.mu.TryLock() {
		return
	}
	defer c.mu.Unlock()
	c.http.Do(req)
}

// The mutex is the function's own.
func local(ctx context.Context, req *http.Request) {
	var mu sync.Mutex
	mu.Lock()
	defer mu.Unlock()
	http.DefaultClient.Do(req)
}

// An embedded mutex, taken for reading and for writing.
type table struct {
	sync.RWMutex
	rows map[string]string
}

func (t *table) get(k string) string {
	t.RLock()
	defer t.RUnlock()
	return t.rows[k]
}

func (t *table) set(k, v string) {
	t.Lock()
	defer t.Unlock()
	t.rows[k] = v
}

func (t *table) load(url string) {
	t.Lock()
	defer t.Unlock()
	resp, err := http.Get(url) // want `warning: .*t is held while http.Get waits on the network`
	if err == nil {
		t.rows[url] = resp.Status
	}
}

// Wrappers of the mutex.
type wrapped struct {
	mu sync.Mutex
	n  int
}

func (w *wrapped) lock()   { w.mu.Lock() }
func (w *wrapped) unlock() { w.mu.Unlock() }

func (w *wrapped) get() int {
	w.lock()
	defer w.unlock()
	return w.n
}

func (w *wrapped) load(url string) {
	w.lock()
	http.Get(url) // want `warning: .*w is held while http.Get waits on the network`
	w.unlock()
	http.Get(url)
}

type generic[T any] struct {
	mu sync.Mutex
	v  T
}

func (g *generic[T]) get() T {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.v
}

func (g *generic[T]) load(url string, parse func(*http.Response) T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	resp, _ := http.Get(url) // want `warning: .*g.mu is held while http.Get`
	g.v = parse(resp)
}

// A second wait in the same region has the same cure and is not reported.
type twice struct {
	mu sync.Mutex
	n  int
}

func (t *twice) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}

func (t *twice) fetch(a, b string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	http.Get(a) // want "warning: .*t.mu is held while http.Get waits on the network"
	http.Get(b)
}

// The first connection is made before anybody else has the object; the next ones
// are not.
type link struct {
	mu   sync.Mutex
	conn net.Conn
}

func open(addr string) (*link, error) {
	l := &link{}
	if err := l.dial(addr); err != nil {
		return nil, err
	}
	go l.watch(addr)
	return l, nil
}

func (l *link) dial(addr string) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, err = net.Dial("tcp", addr) // want "note: lockio: l.mu is held while net.Dial waits on the network"
	return err
}

func (l *link) watch(addr string) {
	for range time.Tick(time.Minute) {
		l.again(addr)
	}
}

func (l *link) again(addr string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, _ = net.Dial("tcp", addr) // want `warning: .*l.mu is held while net.Dial waits on the network`
}

func (l *link) up() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn != nil
}

// Whoever takes the lock waits for the router under it, and only the listing has
// to wait with them: the lock lets one request at a time through.
type forwarding struct {
	mu    sync.Mutex
	ports map[string]bool
}

func (f *forwarding) add(port string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	http.Post("http://router.example/add", "text/plain", nil) // want "note: lockio: f.mu is held while http.Post waits on the network"
	f.ports[port] = true
}

func (f *forwarding) remove(port string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	http.Post("http://router.example/remove", "text/plain", nil) // want "note: lockio: f.mu is held while http.Post waits on the network"
	delete(f.ports, port)
}

func (f *forwarding) list() (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p := range f.ports {
		all = append(all, p)
	}
	return all
}

// A new configuration has to take effect as a whole, and that is seldom.
type instance struct {
	mu    sync.Mutex
	store *remoteStore
	ready bool
}

type remoteStore struct{ queues []*http.Client }

func (s *remoteStore) ApplyConfig(urls []string) {
	for _, u := range urls {
		http.Post(u, "text/plain", nil)
	}
}

func (i *instance) update(urls []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.store.ApplyConfig(urls) // want "warning: lockio: i.mu is held while ..remoteStore..ApplyConfig waits on the network"
}

func (i *instance) isReady() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.ready
}

// Looking up the peer's name comes first, but asking the peer says more.
type resolver struct {
	mu    sync.Mutex
	hosts []string
	known map[string]string
}

func (r *resolver) ask(host string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.hosts {
		net.LookupHost(h)
		http.Get(h) // want `warning: .*r.mu is held while http.Get waits on the network`
	}
}

func (r *resolver) dial(host string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.connect(host) // want `warning: .*r.mu is held while \(\*resolver\).connect waits on the network`
}

func (r *resolver) connect(host string) (net.Conn, error) {
	addrs, err := net.LookupHost(host)
	if err != nil {
		return nil, err
	}
	return dialFirst(addrs)
}

func dialFirst(addrs []string) (net.Conn, error) { return net.Dial("tcp", addrs[0]) }

func (r *resolver) get(host string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known[host]
}

func (r *resolver) set(host, addr string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[host] = addr
}

func (r *resolver) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.known)
}

// A guest leaves, and another one may: the channel is not that of the hotel.
type hotel struct {
	mu     sync.Mutex
	guests map[string]*guest
	web    http.Client
}

type guest struct {
	left chan struct{}
	bill *http.Request
}

func (h *hotel) room(name string) *guest {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.guests[name]
}

func (h *hotel) depart(g *guest) {
	close(g.left)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.web.Do(g.bill) // want `warning: .*h.mu is held while http.\(\*Client\).Do waits on the network`
}

// Who switches waits only where it is switched off: all others are kept from that by who
// connects, behind the look at the name as well.
type junction struct {
	mu   sync.Mutex
	on   bool
	done sync.WaitGroup
	conn net.Conn
}

func (x *junction) turn(on bool, name string) {
	if name == "" {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case on && !x.on:
		x.on = true
	case !on && x.on:
		x.on = false
		x.done.Wait() // want "note: lockio: x.mu is held while sync...WaitGroup..Wait waits for other goroutines"
	}
}

func (x *junction) link(addr string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	conn, err := net.Dial("tcp", addr) // want `warning: .*x.mu is held while net.Dial waits on the network`
	if err != nil {
		return err
	}
	x.conn = conn
	return nil
}
