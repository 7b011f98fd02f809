package lockio

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Most of these are notes, which no test asks for here: nobody waits for other
// than what is being fetched. What a comment says of a lock changes nothing: it may
// say why the lock is held, or that it should not be.

type coordinator struct {
	// Only one goroutine at a time talks to the coordinator.
	mu    sync.Mutex
	state int
}

func (c *coordinator) join(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	http.Get(url) // want `warning: .*c.mu is held while http.Get waits on the network`
}

func (c *coordinator) current() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

type peer struct {
	mu    sync.Mutex
	conn  net.Conn
	cache string
	next  time.Time
	ready bool
}

func (p *peer) isReady() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ready
}

func (p *peer) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready = false
}

func (p *peer) mark() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready = true
}

func (p *peer) setCache(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cache = s
}

func (p *peer) getCache() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cache
}

func (p *peer) due() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next
}

func (p *peer) delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = p.next.Add(d)
}

func (p *peer) redial(addr string) {
	p.mu.Lock()
	_, err := net.Dial("tcp", addr) // want `warning: .*p.mu is held while net.Dial waits on the network`
	// Continue to hold the lock: nobody may send before this is settled.
	p.ready = err == nil
	p.mu.Unlock()
}

func (p *peer) dialAgain(addr string) {
	p.mu.Lock()
	_, err := net.Dial("tcp", addr) // want `warning: .*p.mu is held while net.Dial waits on the network`
	p.ready = err == nil
	p.mu.Unlock()
}

// Due every so often: whoever comes needs what is fetched.
func (p *peer) get(now time.Time, url string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.After(p.next) {
		p.next = now.Add(time.Minute)
		if resp, err := http.Get(url); err == nil { // want "warning: lockio: p.mu is held while http.Get waits on the network"
			p.cache = resp.Status
		}
	}
	return p.cache
}

// The moment is not set anew: this happens each time.
func (p *peer) late(now time.Time, url string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.After(p.next) {
		http.Get(url) // want `warning: .*p.mu is held while http.Get waits on the network`
	}
	return p.cache
}

// Made ready again after a failure.
func (p *peer) initialize(url string) { http.Get(url) }

func (p *peer) recover(url string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.initialize(url) // want "warning: lockio: p.mu is held while ..peer..initialize waits on the network"
}

// The page is small, and the kernel takes it.
func (p *peer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(w, "ready %v\n", p.ready) // want "note: lockio: p.mu is held while fmt.Fprintf on http.ResponseWriter waits on the network"
}

// The leader is looked up by the first who does not find it; the others want the
// same. Shards are many: who wants another one waits for nothing.
type directory struct {
	mu     sync.RWMutex
	leader string
	shards map[string]string
}

func (d *directory) find(url string) string {
	d.mu.RLock()
	leader := d.leader
	d.mu.RUnlock()
	if leader != "" {
		return leader
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	resp, err := http.Get(url) // want "warning: lockio: d.mu is held while http.Get waits on the network"
	if err == nil {
		d.leader = resp.Status
	}
	return d.leader
}

func (d *directory) shard(k string) string {
	d.mu.RLock()
	s, ok := d.shards[k]
	d.mu.RUnlock()
	if ok {
		return s
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	resp, err := http.Get("http://directory.example/" + k) // want `warning: .*d.mu is held while http.Get waits on the network`
	if err == nil {
		d.shards[k] = resp.Status
	}
	return d.shards[k]
}

func (d *directory) size() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.shards)
}

func (d *directory) set(leader string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leader = leader
}

func (d *directory) drop(k string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.shards, k)
}

// A batch is its caller's own.
type RequestBatch struct {
	mu   sync.Mutex
	urls []string
}

func (b *RequestBatch) Count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.urls)
}

func (b *RequestBatch) Send() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, u := range b.urls {
		http.Get(u) // want "note: lockio: b.mu is held while http.Get waits on the network"
	}
	b.urls = nil
}

// Who has the address of the mutex, or its Unlock, gives it back.
type starter struct {
	mu      sync.Mutex
	started bool
}

func unlockOnce(l sync.Locker) func() {
	var once sync.Once
	return func() { once.Do(l.Unlock) }
}

func (s *starter) serve(l net.Listener) {
	unlock := unlockOnce(&s.mu)
	s.mu.Lock()
	defer unlock()
	s.started = true
	unlock()
	l.Accept()
}

func (s *starter) isStarted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// A value that is the mutex's Unlock, likewise.
type onceStarter struct {
	mu      sync.Mutex
	started bool
}

func (s *onceStarter) serve(l net.Listener) {
	s.mu.Lock()
	unlock := sync.OnceFunc(s.mu.Unlock)
	defer unlock()
	s.started = true
	unlock()
	l.Accept()
}

func (s *onceStarter) isStarted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// A Cond has the mutex's address and does not give it back for good.
type lazyCond struct {
	mu   sync.Mutex
	cond *sync.Cond
}

func (l *lazyCond) fetch(url string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cond = sync.NewCond(&l.mu)
	http.Get(url) // want `warning: .*l.mu is held while http.Get waits on the network`
}

func (l *lazyCond) isNew() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cond == nil
}

// What is kept under a key is one of many, whoever asks.
type numbered struct {
	mu    sync.Mutex
	last  int
	conns map[int]net.Conn
}

func (n *numbered) open() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last++
	conn, err := net.Dial("tcp", "pool.example:1") // want `warning: .*n.mu is held while net.Dial waits on the network`
	if err == nil {
		n.conns[n.last] = conn
	}
}

func (n *numbered) size() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.conns)
}

// The mutex says which methods run under it, and who wants to know a number waits.
type mapper struct {
	// It guards the groups and the methods with the `Locked` suffix.
	mu     sync.Mutex
	groups map[string]string
}

func (m *mapper) add(group string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.findLocked(group) // want `warning: .*m.mu is held while \(\*mapper\).findLocked waits on the network`
}

func (m *mapper) findLocked(group string) {
	if resp, err := http.Get("http://mapper.example/" + group); err == nil {
		m.groups[group] = resp.Status
	}
}

func (m *mapper) known() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.groups)
}

// Who fills the batch sends it, too.
type exporter struct {
	mu    sync.Mutex
	queue []string
}

func (e *exporter) send() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, q := range e.queue {
		http.Get(q) // want "note: lockio: e.mu is held while http.Get waits on the network"
	}
	e.queue = nil
}

func (e *exporter) loop(in <-chan string) {
	for s := range in {
		e.mu.Lock()
		e.queue = append(e.queue, s)
		full := len(e.queue) > 512
		e.mu.Unlock()
		if full {
			e.send()
		}
	}
}

// There is but one lease, but who only reads what is known of it waits for the
// network too.
type lease struct {
	mu    sync.Mutex
	until time.Time
}

func (l *lease) renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	http.Get("http://lease.example/renew") // want "note: .*l.mu is held while http.Get waits on the network"
}

func (l *lease) expires() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until
}

// All ask the same service. Who need not ask it this time waits for those who do.
type asker struct{ mu sync.Mutex }

func (a *asker) now() {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, _ = http.Get("http://example.com/") // want "note: .*waits on the network"
}

func (a *asker) maybe(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if on {
		_, _ = http.Get("http://example.com/a") // want "note: lockio: a.mu is held while http.Get waits"
	}
}
