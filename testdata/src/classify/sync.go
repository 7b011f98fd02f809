package classify

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"sync"
	"time"
)

type counter struct {
	mu sync.Mutex
	n  map[string]int
}

// class: coordination lock
func (c *counter) inc(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[k]++
}

// TryLock does not wait.
// class: light none
func (c *counter) tryInc(k string) bool {
	if !c.mu.TryLock() {
		return false
	}
	defer c.mu.Unlock()
	c.n[k]++
	return true
}

// class: coordination lock
func (c *counter) total() (sum int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.n {
		sum += n
	}
	return sum
}

type registry struct {
	sync.RWMutex
	users map[int]user
}

// Promoted from the embedded mutex.
// class: coordination lock
func (r *registry) lookup(id int) (user, bool) {
	r.RLock()
	defer r.RUnlock()
	u, ok := r.users[id]
	return u, ok
}

// class: coordination lock
func (r *registry) replace(users map[int]user) {
	r.Lock()
	r.users = users
	r.Unlock()
}

// A request while the lock is held.
// class: io net
func (r *registry) refresh(c *client, id int) error {
	r.Lock()
	defer r.Unlock()
	u, err := c.getUser(id)
	if err != nil {
		return err
	}
	r.users[id] = *u
	return nil
}

type semaphore chan struct{}

// class: coordination chan
func (s semaphore) acquire() { s <- struct{}{} }

// class: light none
func (s semaphore) tryAcquire() bool {
	select {
	case s <- struct{}{}:
		return true
	default:
		return false
	}
}

// class: coordination chan
func (s semaphore) acquireContext(ctx context.Context) error {
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// class: light none
func poll(results <-chan int) (int, bool) {
	select {
	case v := <-results:
		return v, true
	default:
	}
	return 0, false
}

// class: coordination chan
func awaitOr(done <-chan struct{}, d time.Duration) error {
	select {
	case <-done:
		return nil
	case <-time.After(d):
		return errors.New("timeout")
	}
}

// class: coordination chan
func pause(ctx context.Context, base time.Duration) error {
	t := time.NewTimer(base + rand.N(base))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A loop over a channel.
// class: coordination chan
func drain(in <-chan int) (sum int) {
	for v := range in {
		sum += v
	}
	return sum
}

// class: coordination chan
func sendAll(out chan<- string, items []string) {
	for _, it := range items {
		out <- it
	}
	close(out)
}

// class: coordination chan
func ticks(ctx context.Context, every time.Duration) (n int) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			n++
		case <-ctx.Done():
			return n
		}
	}
}

// class: coordination chan
func untilInterrupted() {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt)
	defer signal.Stop(ch)
	<-ch
}

// class: coordination chan
func forever() {
	select {}
}

// Closing a channel does not wait.
// class: light none
func (b *broadcast) stop() {
	if !b.stopped {
		b.stopped = true
		close(b.done)
	}
}

type broadcast struct {
	done    chan struct{}
	stopped bool
}

// The requests run in goroutines, and the caller takes as long as they do.
// class: io net
func (c *client) fetchAll(paths []string) {
	var wg sync.WaitGroup
	for _, p := range paths {
		wg.Go(func() { c.fetch(p) })
	}
	wg.Wait()
}

// A goroutine may know the group by another name.
// class: io net
func (c *client) fetchBoth(first, second string) {
	var wg sync.WaitGroup
	wg.Add(2)
	go c.fetchIn(&wg, first)
	go c.fetchIn(&wg, second)
	wg.Wait()
}

// class: io net
func (c *client) fetchIn(group *sync.WaitGroup, path string) {
	defer group.Done()
	c.fetch(path)
}

// A goroutine of the group may start the others.
// class: io net
func (c *client) fetchFrom(paths chan string) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for p := range paths {
			wg.Go(func() { c.fetch(p) })
		}
	})
	wg.Wait()
}

// The wait may stand before what it is for.
// class: io net
func (c *client) fetchAtLast(path string) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { c.fetch(path) })
}

// class: io net
func (c *client) fetchInTurn(paths []string) {
	var wg sync.WaitGroup
	for _, p := range paths {
		wg.Wait()
		wg.Go(func() { c.fetch(p) })
	}
}

// Who is done before it begins is not waited for.
// class: coordination wait
func (c *client) fetchBeside(path string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		wg.Done()
		c.fetch(path)
	}()
	wg.Wait()
}

// Nobody waits for what another group does, nor for what starts later.
// class: coordination wait
func (c *client) fetchLater(path string) *sync.WaitGroup {
	var wg, later sync.WaitGroup
	wg.Go(func() { println(path) })
	later.Go(func() { c.fetch(path) })
	wg.Wait()
	wg.Go(func() { c.fetch(path) })
	return &later
}

// The computing runs in goroutines; the caller only waits for it.
// class: coordination wait
func meansOf(rows [][]float64) []float64 {
	out := make([]float64, len(rows))
	var wg sync.WaitGroup
	wg.Add(len(rows))
	for i, r := range rows {
		go func() {
			defer wg.Done()
			out[i] = mean(r)
		}()
	}
	wg.Wait()
	return out
}

// A group in the manner of errgroup.
type group struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
}

// Only starts a goroutine.
// class: coordination none
func (g *group) start(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	}()
}

// class: coordination wait
func (g *group) wait() error {
	g.wg.Wait()
	return g.err
}

// class: coordination wait
func prefetch(c *client, a, b string) error {
	var g group
	g.start(func() error { _, err := c.fetch(a); return err })
	g.start(func() error { _, err := c.fetch(b); return err })
	return g.wait()
}

// Starts a request and does not wait for it.
// class: coordination none
func (c *client) warm(path string) {
	go c.fetch(path)
}

// The first answer takes as long as a request.
// class: io net
func (c *client) fastest(a, b string) []byte {
	ch := make(chan []byte, 2)
	for _, p := range [...]string{a, b} {
		go func() {
			body, _ := c.fetch(p)
			ch <- body
		}()
	}
	return <-ch
}

// A pipe in memory: the reader waits for the writer's goroutine.
// class: coordination chan
func throughPipe(text string) ([]byte, error) {
	pr, pw := io.Pipe()
	go func() {
		_, err := io.WriteString(pw, text)
		pw.CloseWithError(err)
	}()
	return io.ReadAll(pr)
}

type barrier struct {
	mu      sync.Mutex
	cond    *sync.Cond
	missing int
}

// class: light none
func newBarrier(n int) *barrier {
	b := &barrier{missing: n}
	b.cond = sync.NewCond(&b.mu)
	return b
}

// class: coordination wait
func (b *barrier) arrive() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.missing--
	if b.missing == 0 {
		b.cond.Broadcast()
		return
	}
	for b.missing > 0 {
		b.cond.Wait()
	}
}

type permits struct{ free chan struct{} }

// A channel that is filled as it is made keeps nobody waiting.
// class: light cpu
func newPermits(n int) *permits {
	p := &permits{}
	p.free = make(chan struct{}, n)
	for range n {
		p.free <- struct{}{}
	}
	return p
}

// Here others may have left no place.
// class: coordination chan
func (p *permits) refill(n int) {
	for range n {
		p.free <- struct{}{}
	}
}
