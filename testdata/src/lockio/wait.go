package lockio

import (
	"net/http"
	"os"
	"sync"
	"time"
)

type worker struct {
	mu    sync.Mutex
	wg    sync.WaitGroup
	stop  chan struct{}
	done  chan struct{}
	work  chan int
	state int
}

func (w *worker) start() {
	w.wg.Add(1)
	go func() {
		defer w.wg.Done()
		w.step()
	}()
}

func (w *worker) step() {
	w.mu.Lock()
	w.state++
	w.mu.Unlock()
}

func (w *worker) Stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wg.Wait() // want `warning: .*w.mu is held while sync.\(\*WaitGroup\).Wait waits for other goroutines, and the other side takes it first: deadlock`
}

func (w *worker) stopIn() {
	w.mu.Lock()
	w.waitAll() // want `warning: .*and the other side takes it first: deadlock`
	w.mu.Unlock()
}

func (w *worker) waitAll() { w.wg.Wait() }

func newWorker() *worker {
	return &worker{stop: make(chan struct{}), done: make(chan struct{}), work: make(chan int)}
}

func (w *worker) run() {
	defer close(w.done)
	for {
		select {
		case <-w.stop:
			return
		case n := <-w.work:
			w.mu.Lock()
			w.state = n
			w.mu.Unlock()
		}
	}
}

func (w *worker) halt() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.stop)
	<-w.done // want `warning: .*this receives from w.done, and the other side takes it first: deadlock`
}

func (w *worker) submit(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.work <- n // want `warning: .*this sends to w.work, and the other side takes it first: deadlock`
}

// A select with default does not wait.
func (w *worker) offer(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.work <- n:
	default:
	}
}

// Goroutines of one's own, which wait for far ends.
func (w *worker) all(urls []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			http.Get(u)
		}()
	}
	wg.Wait() // want `warning: .*WaitGroup..Wait waits on the network`
}

type hub struct {
	mu   sync.Mutex
	subs map[int]*subscriber
	once map[int]chan int
	next int
}

type subscriber struct{ ch chan int }

func (h *hub) join() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next++
	h.subs[h.next] = &subscriber{ch: make(chan int, 10)}
	return h.next
}

func (h *hub) leave(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, id)
}

func (h *hub) publish(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.subs {
		s.ch <- n // want `warning: .*this sends to s.ch, deadlock if its reader is leaving`
	}
}

// Cond.Wait gives the lock back.
type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func (q *queue) pop() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	return q.items[0]
}

var (
	registryMu sync.Mutex
	registry   = map[string]*pool{}
)

type pool struct{ wg sync.WaitGroup }

func (p *pool) shut() { p.wg.Wait() }

func lookUp(name string) *pool {
	registryMu.Lock()
	defer registryMu.Unlock()
	return registry[name]
}

func drop(name string) {
	registryMu.Lock()
	defer registryMu.Unlock()
	p, ok := registry[name]
	if !ok {
		return
	}
	p.shut() // want `warning: .*registryMu is held while \(\*pool\).shut waits for other goroutines`
	delete(registry, name)
}

// A ticker is waited for as long as it takes.
func (c *client) ticks(t *time.Ticker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range c.conns {
		<-t.C // want `note: .*c.mu is held while this receives from t.C`
	}
}

// A timer that is too late to stop has sent already; one that is not stopped is waited for.
func (c *client) late(t *time.Timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !t.Stop() {
		<-t.C
	}
	c.conns = nil
}

func (c *client) stopped(t *time.Timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.Stop() {
		<-t.C // want `note: .*c.mu is held while this receives from t.C`
	}
	c.conns = nil
}

func (c *client) timed(t, other *time.Timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !other.Stop() {
		<-t.C // want `note: .*c.mu is held while this receives from t.C`
	}
	c.conns = nil
}

// Whoever imports the package may read the errors, or nobody does: there is no
// proof of a deadlock, but the lock is held for as long as that takes.
type Runner struct {
	mu    sync.Mutex
	ErrCh chan error
	n     int
}

func NewRunner() *Runner { return &Runner{ErrCh: make(chan error)} }

func (r *Runner) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ErrCh <- err // want "note: .*r.mu is held while this sends to r.ErrCh"
}

func (r *Runner) drain() {
	for range r.ErrCh {
		r.mu.Lock()
		r.n++
		r.mu.Unlock()
	}
}

// Who adds to the group from one of its tasks never gets the lock.
type monitor struct {
	mu sync.Mutex // serializes the group's Add with its Wait
	wg sync.WaitGroup
	n  int
}

func (m *monitor) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}

func (m *monitor) add() {
	m.mu.Lock()
	m.wg.Add(1)
	m.mu.Unlock()
	go func() {
		defer m.wg.Done()
		m.add()
	}()
}

func (m *monitor) rest() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wg.Wait() // want "warning: .*the other side takes it first: deadlock"
}

// Who joins the group under the lock has it behind him: nobody waits for him before.
type keeper struct {
	mu sync.Mutex // serializes the group's Add with its Wait
	wg sync.WaitGroup
}

func (k *keeper) join() {
	k.mu.Lock()
	k.wg.Add(1)
	k.mu.Unlock()
}

func (k *keeper) work(ok func() bool) {
	k.join()
	if !ok() {
		k.wg.Done()
	}
}

func (k *keeper) rest() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wg.Wait() // want "note: lockio: k.mu is held while sync...WaitGroup..Wait waits for other goroutines"
}

// What does not come back is known by what it does, not by its name.
func quit(why string) {
	println(why)
	os.Exit(1)
}

func FatalIf(err error) {
	if err != nil {
		quit(err.Error())
	}
}

func (h *hub) fetch(id int, url string) {
	h.mu.Lock()
	if h.subs[id] == nil {
		h.mu.Unlock()
		quit("no subscriber")
	}
	http.Get(url) // want `warning: .*h.mu is held while http.Get waits on the network`
	h.mu.Unlock()
}

func (h *hub) refetch(url string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	FatalIf(err)
	http.Get(url) // want `warning: .*h.mu is held while http.Get waits on the network`
}

// Taken in a branch and given back as the function returns, it is held until then.
func (h *hub) refresh(url string, shared bool) {
	if shared {
		h.mu.Lock()
		defer h.mu.Unlock()
	}
	http.Get(url) // want `warning: .*h.mu is held while http.Get waits on the network`
}

func (h *hub) refreshes(url string, mode int) {
	switch mode {
	case 1:
		h.mu.Lock()
		defer h.mu.Unlock()
		h.next++
	case 2:
		h.next--
	}
	http.Get(url) // want `warning: .*h.mu is held while http.Get waits on the network`
}

// Not where the branch is not taken.
func (h *hub) unshared(url string, shared bool) {
	if shared {
		h.mu.Lock()
		defer h.mu.Unlock()
	}
	if !shared && url != "" {
		http.Get(url)
	}
	h.next++
}

func (h *hub) early(url string, err error) {
	if err != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
	}
	if err != nil {
		h.next++
		return
	}
	http.Get(url)
}

// Given back in one branch, it is not held for sure, whatever is deferred.
func (h *hub) unlocks(url string, shared bool) {
	h.mu.Lock()
	held := true
	defer func() {
		if held {
			h.mu.Unlock()
		}
	}()
	if !shared {
		h.mu.Unlock()
		held = false
	}
	http.Get(url)
}

func (h *hub) released(url string, shared bool) {
	if shared {
		h.mu.Lock()
	}
	h.next++
	if shared {
		h.mu.Unlock()
	}
	http.Get(url)
}

// Of two locks the one that is held for sure is told.
func (h *hub) both(url string, shared bool) {
	if shared {
		registryMu.Lock()
		defer registryMu.Unlock()
	}
	h.mu.Lock() // want "note: lockio: registryMu is held while this waits for h.mu, whose holder waits on the network"
	defer h.mu.Unlock()
	http.Get(url) // want `warning: .*h.mu is held while http.Get waits on the network`
}

// What ends an element of a registry may wait several calls below.
var (
	feedsMu sync.Mutex
	feeds   = map[string]*feed{}
)

type feed struct {
	stop chan struct{}
	done chan struct{}
}

func (l *feed) close()  { l.halt() }
func (l *feed) halt()   { close(l.stop); l.settle() }
func (l *feed) settle() { <-l.done }

func findFeed(name string) *feed {
	feedsMu.Lock()
	defer feedsMu.Unlock()
	return feeds[name]
}

func closeFeed(name string) {
	feedsMu.Lock()
	defer feedsMu.Unlock()
	l, ok := feeds[name]
	if !ok {
		return
	}
	l.close() // want `warning: .*feedsMu is held while \(\*feed\).close waits to receive`
	delete(feeds, name)
}
