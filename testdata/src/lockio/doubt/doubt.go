// Package doubt holds what is a note and no warning.
package doubt

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"lockio/provider/objects"
)

// The lock serializes the use of one connection.
type line struct {
	mu     sync.Mutex
	conn   net.Conn
	closed bool
}

func (l *line) write(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn.Write(b) // want `note: .*waits on the network`
}

func (l *line) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

type server struct {
	mu      sync.Mutex
	writeMu sync.Mutex
	wg      sync.WaitGroup
	status  string
	client  *http.Client
	lazy    *http.Response
	waiters map[int]chan int
}

func (s *server) get() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

func (s *server) set(v string) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	s.status = v
}

// Named for the writing that it lets one do at a time.
func (s *server) put(req *http.Request) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	s.client.Do(req) // want `note: .*waits on the network`
}

// Nobody is served any more.
func (s *server) Shutdown(req *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client.Do(req) // want `note: .*waits on the network`
	s.wg.Wait()      // want `note: .*waits for other goroutines, so all who want the lock wait too`
}

// The goroutine does not want the lock.
func (s *server) start(work func()) {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		work()
	}()
}

// Made once, and all who want the lock need it.
func (s *server) once(req *http.Request) *http.Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lazy == nil {
		s.lazy, _ = s.client.Do(req) // want `warning: .*waits on the network`
	}
	return s.lazy
}

// Each waiter has a place for its only answer, and is gone after that.
func (s *server) answer(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, ch := range s.waiters {
		ch <- n // want `note: .*this sends to ch`
		delete(s.waiters, id)
	}
}

// A method that takes a context may be remote, or not.
type backend interface {
	Load(ctx context.Context) error
}

func (s *server) load(ctx context.Context, b backend) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.Load(ctx) // want `note: .*which takes a context and may be remote, waits on the network`
}

// The file is the caller's: that it is read does not tell where it goes.
func (s *server) save(ctx context.Context, o objects.Store, f *os.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.Upload(ctx, "state", f) // want `note: .*which takes a context and may be remote, waits on the network`
}

// All that is done is in view.
func (s *server) sum(ctx context.Context, o objects.Summer, f *os.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.Sum(ctx, f) // want `note: .*objects.Summer.Sum waits on the file system`
}

// One of many locks: it keeps apart those that want the same.
var locks = map[string]*sync.Mutex{}

func one(key string, req *http.Request) {
	locks[key].Lock()
	defer locks[key].Unlock()
	http.DefaultClient.Do(req) // want `note: .*waits on the network`
}

// The configuration is replaced as a whole, once in a while.
func (s *server) ApplyConfig(req *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client.Do(req) // want `warning: .*waits on the network`
}

// Sleeping between looks at what others of this program do is waiting for them.
type table struct {
	mu      sync.Mutex
	readers atomic.Int64
	rows    []string
}

func (t *table) get() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows
}

func (t *table) truncate() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waitForReaders() // want `note: .*sleeps`
	t.rows = nil
}

func (t *table) waitForReaders() {
	for t.readers.Load() > 0 {
		time.Sleep(500 * time.Millisecond)
	}
}

// A bus replaces the pending value of a slow reader: the send has room.
type bus struct {
	mu      sync.Mutex
	readers map[chan int]bool
}

func (b *bus) leave(c chan int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.readers, c)
}

func (b *bus) publish(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.readers {
		select { // want "note: .*waits in select"
		case c <- v:
		case <-c:
			c <- v // want "note: .*sends to c"
		}
	}
}

// A read lock keeps the resource from being replaced while it is used: readers
// do not wait for each other.
type swappable struct {
	mu     sync.RWMutex
	client *http.Client
}

func (s *swappable) current() *http.Client {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.client
}

func (s *swappable) get(req *http.Request) (*http.Response, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.client.Do(req) // want "note: .*waits on the network"
}

// The lock keeps a state from changing while it is asked to act.
type machine struct {
	mu    sync.Mutex
	state state
}

type state interface{ stop(*http.Request) error }

type running struct{ m *machine }

func (r *running) stop(req *http.Request) error {
	_, err := http.DefaultClient.Do(req)
	if err == nil {
		r.m.state = &paused{r}
	}
	return err
}

type paused struct{ *running }

func (m *machine) is(s any) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state == s
}

func (m *machine) Halt(req *http.Request) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state.stop(req) // want "warning: .*waits on the network"
}

// The writer returns with the lock, for a later call to release: nobody's short
// work is known to wait for the readers.
type collected struct {
	mu    sync.RWMutex
	pause int
}

func (c *collected) begin() {
	c.mu.Lock()
	c.pause++
}

func (c *collected) end() { c.mu.Unlock() }

func (c *collected) use(req *http.Request) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	http.DefaultClient.Do(req) // want "note: .*waits on the network"
}

// Only a setter writes: the readers are in nobody's way.
type transport struct {
	mu      sync.RWMutex
	handler func()
}

func (t *transport) SetHandler(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.handler = f
}

func (t *transport) send(req *http.Request) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	t.handler()
	http.DefaultClient.Do(req) // want "note: .*waits on the network"
}

// Who else takes the lock has just done the slow work itself.
type hub struct {
	mu   sync.Mutex
	list []string
}

func (h *hub) refresh(req *http.Request) {
	h.mu.Lock()
	fresh := len(h.list) > 0
	h.mu.Unlock()
	if fresh {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	http.DefaultClient.Do(req) // want "note: .*waits on the network"
	h.list = append(h.list, req.Host)
}

func (h *hub) all(req *http.Request) []string {
	h.refresh(req)
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.list
}

// Readers share the lock, and the only writer runs once.
type registry struct {
	mu    sync.RWMutex
	known map[string]*http.Request
	ready chan struct{}
}

func (r *registry) load(reqs []*http.Request) {
	for _, req := range reqs {
		r.mu.Lock()
		r.known[req.Host] = req
		r.mu.Unlock()
	}
	close(r.ready)
}

func (r *registry) has(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.known[name] != nil
}

func (r *registry) call(name string) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	http.DefaultClient.Do(r.known[name]) // want "note: .*waits on the network"
}

// A subscriber that is leaving says so first, and drains.
type subscriber struct {
	active atomic.Bool
	ch     chan int
}

type publisher struct {
	mu   sync.Mutex
	subs map[int]*subscriber
}

func (p *publisher) leave(id int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.subs, id)
}

func (p *publisher) publish(v int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.subs {
		if s.active.Load() {
			s.ch <- v
		}
	}
}

// A reader that says under the lock when it is about to read takes it no more before.
type sleeper struct {
	mu    sync.Mutex
	idle  bool
	jobs  []int
	given chan int
}

func newSleeper() *sleeper {
	s := &sleeper{given: make(chan int)}
	go s.work()
	return s
}

func (s *sleeper) work() {
	for {
		s.mu.Lock()
		n := len(s.jobs)
		if n == 0 {
			s.idle = true
			s.mu.Unlock()
			<-s.given
			continue
		}
		s.jobs = s.jobs[1:]
		s.mu.Unlock()
	}
}

func (s *sleeper) give(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle {
		s.idle = false
		s.given <- n
		return
	}
	s.jobs = append(s.jobs, n)
}

// The author says why.
func (h *hub) named(req *http.Request) {
	// Between asking and adding, a clean-up could race with us and remove it.
	h.mu.Lock()
	defer h.mu.Unlock()
	http.DefaultClient.Do(req) // want "note: .*waits on the network"
	h.list = append(h.list, req.Host)
}

// The lock's owner is made here: few know it yet.
type session struct {
	mu    sync.Mutex
	hello string
}

func (s *session) greeting() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hello
}

func open(all map[string]*session, req *http.Request) *session {
	s := &session{}
	all[req.Host] = s
	s.mu.Lock()
	defer s.mu.Unlock()
	http.DefaultClient.Do(req) // want `note: .*waits on the network`
	return s
}

func (h *hub) ping(req *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	http.DefaultClient.Do(req) // want "note: .*waits on the network"
}

func (h *hub) echo(req *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	http.DefaultClient.Do(req) // want "note: .*waits on the network"
}

// A moment, and only sometimes.
func (h *hub) pause(told bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if told {
		time.Sleep(50 * time.Millisecond) // want "note: .*sleeps"
	}
}

// The connection is the owner's, by a method and a type assertion.
type stream struct {
	mu   sync.Mutex
	pipe any
	sent int
}

func (s *stream) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

func (s *stream) conn() net.Conn { return s.pipe.(net.Conn) }

func (s *stream) send(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conn()
	c.Write(b) // want "note: .*waits on the network"
	s.sent++
}

func (s *stream) recv(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.pipe.(net.Conn)
	c.Read(b) // want "note: .*waits on the network"
}

// A transaction that is being built has one user.
type txn struct {
	mu   sync.Mutex
	cond []string
}

func (t *txn) If(c string) *txn {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cond = append(t.cond, c)
	return t
}

func (t *txn) commit() {
	t.mu.Lock()
	defer t.mu.Unlock()
	http.Get(t.cond[0]) // want "note: .*waits on the network"
}

// Each subscriber has room for the latest.
type feed struct {
	mu   sync.Mutex
	subs map[int]chan int
}

func (f *feed) leave(id int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.subs, id)
}

func (f *feed) publish(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.subs {
		select {
		case <-c:
		default:
		}
		c <- n // want "note: .*sends to c"
	}
}

// Waiting between two attempts.
func (h *hub) retries(run func() (bool, error)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		retry, err := run()
		if !retry {
			return err
		}
		time.Sleep(time.Second)
	}
}

// Who hears of the error may want the lock.
type reporter struct {
	mu   sync.Mutex
	errs chan error
	n    int
}

func (r *reporter) add(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.tell(err) // want "note: .*can block on a channel"
		return err
	}
	r.n++
	return nil
}

func (r *reporter) tell(err error) { r.errs <- err }

// One answer has its place, and a timer is emptied at once.
type request struct{ done chan error }

type server2 struct {
	mu    sync.Mutex
	timer *time.Timer
	queue []*request
}

func (s *server2) ask() error {
	r := &request{done: make(chan error, 1)}
	s.mu.Lock()
	s.queue = append(s.queue, r)
	s.mu.Unlock()
	for {
		s.mu.Lock()
		s.mu.Unlock()
		return <-r.done
	}
}

func (s *server2) answer() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.queue {
		r.done <- nil // want "note: .*sends to r.done"
	}
	if !s.timer.Stop() {
		<-s.timer.C
	}
}

// Readers take what was stored last, without the lock.
type policy struct {
	mu   sync.Mutex
	meta atomic.Pointer[string]
	n    int
}

func (p *policy) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

func (p *policy) refresh(req *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	resp, _ := http.DefaultClient.Do(req) // want "note: .*waits on the network"
	p.meta.Store(&resp.Status)
}

// Who only reads waits for all the others, and who wants to write for him.
type index struct {
	mu    sync.RWMutex
	parts []string
}

func (x *index) set(parts []string) {
	x.mu.Lock()
	x.parts = parts
	x.mu.Unlock()
}

func (x *index) size() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.parts)
}

func (x *index) all(errs <-chan error, on bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for range x.parts {
		if err := <-errs; err != nil && on { // want "note: .*receives from errs"
			return
		}
	}
}

// A line that is made anew where it fails: whoever does that does it under the lock each time.
type uplink struct {
	mu   sync.Mutex
	conn net.Conn
	addr string
}

func (u *uplink) send(b []byte) error {
	u.mu.Lock()
	conn := u.conn
	u.mu.Unlock()
	if _, err := conn.Write(b); err != nil {
		u.mu.Lock()
		fresh, dialErr := net.Dial("tcp", u.addr) // want `note: .*u.mu is held while net.Dial waits on the network`
		u.conn = fresh
		u.mu.Unlock()
		if dialErr != nil {
			return dialErr
		}
		return err
	}
	return nil
}

// A second thing that goes wrong under the lock is an error path, wherever it is taken.
func (u *uplink) look(b []byte) {
	if _, err := u.conn.Write(b); err != nil {
		u.mu.Lock()
		if _, err := os.Stat(u.addr); err != nil {
			http.Get(u.addr)
		}
		u.mu.Unlock()
	}
}

func (u *uplink) address() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.addr
}
