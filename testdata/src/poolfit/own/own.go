// Package own holds semaphores and worker groups of a program's own: what bounds
// is known by what its methods do.
package own

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

func get(u string) {
	if resp, err := http.Get(u); err == nil {
		resp.Body.Close()
	}
}

func count(lines []string) int {
	n := 0
	for _, l := range lines {
		for _, w := range strings.Fields(l) {
			n += len(w)
		}
	}
	return n
}

// Two of one type, made with sizes of their own.
type turnstile struct{ ch chan struct{} }

func newTurnstile(n int) *turnstile { return &turnstile{ch: make(chan struct{}, n)} } // want "warning: poolfit: the semaphore's capacity can be 0"

func (t *turnstile) enter() { t.ch <- struct{}{} }
func (t *turnstile) leave() { <-t.ch }

func sizesOfTheirOwn(urls []string, n int) {
	fixed, chosen, few := newTurnstile(6), newTurnstile(n), newTurnstile(runtime.GOMAXPROCS(0)/2)
	for _, u := range urls {
		fixed.enter()
		go func() { // want "note: poolfit: go runs work that waits on the network on a fixed 6 workers"
			defer fixed.leave()
			get(u)
		}()
	}
	for _, u := range urls {
		chosen.enter()
		go func() { // chosen by whoever calls this
			defer chosen.leave()
			get(u)
		}()
	}
	for _, u := range urls {
		few.enter()
		go func() { // want "warning: poolfit: go runs work that waits on the network on a pool of the size of the cores"
			defer few.leave()
			get(u)
		}()
	}
}

// The places are kept in a field of a field, which a constructor sets later.
type fetcher struct {
	slots turnstile
}

func newFetcher() *fetcher {
	f := &fetcher{}
	f.slots = turnstile{make(chan struct{}, 3)}
	return f
}

func (f *fetcher) all(urls []string) {
	for _, u := range urls {
		f.slots.enter()
		go func() { // want "note: poolfit: go runs work that waits on the network on a fixed 3 workers"
			defer f.slots.leave()
			get(u)
		}()
	}
}

// A count behind a condition variable.
type counter struct {
	mu       sync.Mutex
	free     *sync.Cond
	n, most  int
	atLeast1 int
}

func newCounter(most int) *counter {
	c := &counter{most: most, atLeast1: max(1, most)}
	c.free = sync.NewCond(&c.mu)
	return c
}

func (c *counter) take() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.n >= c.most { // want "warning: poolfit: the limit can be 0"
		c.free.Wait()
	}
	c.n++
}

func (c *counter) takeSafely() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.n >= c.atLeast1 {
		c.free.Wait()
	}
	c.n++
}

var shared = newCounter(runtime.GOMAXPROCS(0) - 1)

// Tokens are put in first and taken out.
func prefilled(urls []string) {
	tickets := make(chan int, runtime.NumCPU()/4) // want "warning: poolfit: the semaphore's capacity can be 0"
	for i := 0; i < cap(tickets); i++ {
		tickets <- 1
	}
	for _, u := range urls {
		<-tickets
		go func() { // want "warning: poolfit: go runs work that waits on the network on a pool of the size of the cores"
			get(u)
			tickets <- 1
		}()
	}
}

// What goes through this one matters: a queue.
func queue(ids []int) {
	work := make(chan int, runtime.NumCPU()/4)
	go func() {
		for _, id := range ids {
			work <- id
		}
		close(work)
	}()
	for id := range work {
		get(strconv.Itoa(id))
	}
}

// A crew of workers, its size in an option.
type options struct{ hands int }

type crew struct {
	opts options
	work chan []string
}

func newCrew(o options) *crew { return &crew{opts: o, work: make(chan []string)} }

func (c *crew) run() {
	var wg sync.WaitGroup
	for range c.opts.hands { // want "warning: poolfit: the number of workers can be 0"
		wg.Go(func() {
			for lines := range c.work {
				count(lines)
			}
		})
	}
	wg.Wait()
}

func start() { newCrew(options{hands: runtime.GOMAXPROCS(0) / 2}).run() }

// The same of a fixed size that no option sets.
type gang struct {
	hands int
	work  chan []string
}

func newGang() *gang { return &gang{hands: 5, work: make(chan []string)} }

func (g *gang) run() {
	for i := 0; i < g.hands; i++ { // want "note: poolfit: go computes on 5 workers whatever the machine has"
		go func() {
			for lines := range g.work {
				count(lines)
			}
		}()
	}
}

// A default, and whoever sets it otherwise.
type team struct {
	hands int
	work  chan []string
}

func newTeam(opts ...func(*team)) *team {
	t := &team{hands: 5, work: make(chan []string)}
	for _, o := range opts {
		o(t)
	}
	return t
}

func Hands(n int) func(*team) { return func(t *team) { t.hands = n } }

func (t *team) run() {
	for i := 0; i < t.hands; i++ {
		go func() {
			for lines := range t.work {
				count(lines)
			}
		}()
	}
}

// Refused with an error that nobody looks at.
var errSize = errors.New("size")

func checked(n int) (*turnstile, error) {
	if n < 1 {
		return nil, errSize
	}
	return &turnstile{ch: make(chan struct{}, n)}, nil
}

func dropped() {
	t, _ := checked(runtime.GOMAXPROCS(0) / 2) // want "warning: poolfit: the number given to checked can be 0, which is refused with an error that is dropped"
	t.enter()
	u, err := checked(runtime.GOMAXPROCS(0) / 2)
	if err != nil {
		return
	}
	u.enter()
	v, _ := checked(max(1, runtime.GOMAXPROCS(0)/2))
	v.enter()
}

// The text may be no number, or there is none.
func fromText(ctx context.Context, urls []string) {
	var g, h errgroup.Group
	n, _ := strconv.Atoi(os.Getenv("JOBS"))
	g.SetLimit(n) // want "warning: poolfit: the group's limit is 0 where the text is no number"
	m, _ := strconv.Atoi(os.Getenv("JOBS"))
	if m < 1 {
		m = 8
	}
	h.SetLimit(m)
	for _, u := range urls {
		g.Go(func() error { get(u); return nil })
		h.Go(func() error { get(u); return nil })
	}
}

func jobs() int {
	n, err := strconv.Atoi(os.Getenv("JOBS"))
	if err != nil {
		return 8
	}
	return n
}

// A default is not the value.
func fromHelper(urls []string) {
	var g errgroup.Group
	g.SetLimit(jobs())
	for _, u := range urls {
		g.Go(func() error { get(u); return nil })
	}
}

// Below 0 it is no limit at all, or a panic.
func negative() {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0) - 2)            // want "warning: poolfit: the group's limit can be negative on a machine with few cores, and then there is no limit"
	_ = make(chan struct{}, runtime.GOMAXPROCS(0)-2) // want "warning: poolfit: the semaphore's capacity can be negative .* making the semaphore panics"
	for i := 0; i < runtime.GOMAXPROCS(0)-2; i++ {   // want "warning: poolfit: the number of workers can be 0"
		go get("a")
	}
}

// Only kept from being too large.
func capped(items []string) {
	var g errgroup.Group
	n := runtime.GOMAXPROCS(0) / 2
	if n > len(items) {
		n = len(items)
	}
	g.SetLimit(n) // want "warning: poolfit: the group's limit can be 0"
}

// Generic ones are followed, too.
type box[T any] struct {
	places chan struct{}
	items  []T
}

func newBox[T any](n int) *box[T] { return &box[T]{places: make(chan struct{}, n)} }

func (b *box[T]) each(f func(T)) {
	for _, it := range b.items {
		b.places <- struct{}{}
		go func() {
			defer func() { <-b.places }()
			f(it)
		}()
	}
}

func boxed() { newBox[string](4).each(get) } // want "note: poolfit: .*each runs work that waits on the network on a fixed 4 workers"

// A pool of workers that take functions.
type pool struct{ jobs chan func() }

func newPool(n int) *pool {
	p := &pool{jobs: make(chan func())}
	for range n {
		go p.work()
	}
	return p
}

func (p *pool) work() {
	for job := range p.jobs {
		job()
	}
}

func (p *pool) submit(ctx context.Context, job func()) {
	select {
	case p.jobs <- job:
	case <-ctx.Done():
	}
}

func submits(ctx context.Context, urls []string) {
	p := newPool(runtime.GOMAXPROCS(0))
	for _, u := range urls {
		p.submit(ctx, func() { get(u) }) // want "warning: poolfit: .*submit runs work that waits on the network on a pool of the size of the cores"
	}
}

// One that computes on as many as there are cores.
type solver struct{ jobs chan func() }

func (s *solver) start() {
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		go func() {
			for {
				(<-s.jobs)()
			}
		}()
	}
}

func (s *solver) solve(f func()) { s.jobs <- f }

func solves(s *solver, all [][]string) {
	for _, lines := range all {
		s.solve(func() { count(lines) })
	}
}

// How many signals or wake-ups may wait in a buffer is no number of workers: no
// task gives one back.
type watch struct {
	stop, reload chan os.Signal
	wake         chan struct{}
	list         []string
}

func newWatch() *watch {
	w := &watch{stop: make(chan os.Signal, 3), reload: make(chan os.Signal, 1), wake: make(chan struct{}, 1)}
	signal.Notify(w.stop, os.Interrupt)
	signal.Notify(w.reload)
	return w
}

func (w *watch) push(u string) {
	w.list = append(w.list, u)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watch) run() {
	for {
		select {
		case <-w.stop:
			return
		case <-w.reload:
			go get("http://config")
		}
	}
}

func (w *watch) drain(poll *time.Ticker) {
	for {
		select {
		case <-w.wake:
			println(len(w.list))
		case <-poll.C:
			go get("http://config")
		}
	}
}

func (w *watch) hup() {
	for {
		<-w.reload
		go get("http://config")
	}
}

// What a task gives back is a place, whatever else the loop listens to.
func (w *watch) places(urls chan string) {
	free := make(chan struct{}, 8) // want "note: .* on a fixed 8 workers"
	for range 8 {
		free <- struct{}{}
	}
	for u := range urls {
		select {
		case <-w.stop:
			return
		case <-free:
		}
		go func() {
			defer func() { free <- struct{}{} }()
			get(u)
		}()
	}
}

// What a function signals to others, or hands on, bounds nobody.
type log struct {
	wake    chan struct{}
	entries chan string
}

func newLog() *log { return &log{make(chan struct{}, 1), make(chan string, 2)} }

func (l *log) signal() { l.wake <- struct{}{} }

func (l *log) add(s string) { l.entries <- s }

func (l *log) follow() {
	for range 2 {
		<-l.wake
		println(<-l.entries)
	}
}

func signals(urls []string) {
	l := newLog()
	go l.follow()
	for _, u := range urls {
		l.signal()
		l.add(u)
		go func() { // fanout's affair
			get(u)
		}()
	}
}

// Made in more than one way, and with options.
type shift struct {
	orders chan func()
	size   int
}

type option func(*shift)

func ofSize(n int) option { return func(s *shift) { s.size = n } }

func newShift(opts ...option) *shift {
	s := &shift{orders: make(chan func()), size: runtime.GOMAXPROCS(0)}
	for _, o := range opts {
		o(s)
	}
	for range s.size {
		go s.work()
	}
	return s
}

func newLargeShift(n int) *shift {
	s := &shift{orders: make(chan func())}
	for range n {
		go s.work()
	}
	return s
}

func (s *shift) work() {
	for f := range s.orders {
		f()
	}
}

func (s *shift) tell(f func()) { s.orders <- f }

func shifts(urls []string, all [][]string) {
	usual, six, large := newShift(), newShift(ofSize(6)), newLargeShift(100) // want "note: poolfit: .*tell runs work that waits on the network on a fixed 6 workers"
	for _, u := range urls {
		usual.tell(func() { get(u) }) // want "warning: poolfit: .*tell runs work that waits on the network on a pool of the size of the cores"
		six.tell(func() { get(u) })
	}
	for _, lines := range all {
		usual.tell(func() { count(lines) })
		large.tell(func() { count(lines) }) // want "note: poolfit: .*tell computes on 100 workers whatever the machine has"
	}
}

// A place that is taken on the goroutine that waits for it.
type bench struct{ seats chan struct{} }

func newBench(n int) *bench {
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return &bench{seats: make(chan struct{}, n)}
}

func (b *bench) spawn(f func()) {
	go func() {
		b.seats <- struct{}{}
		defer func() { <-b.seats }()
		f()
	}()
}

func benches(urls []string, all [][]string) {
	short, long := newBench(-1), newBench(9)
	for _, u := range urls {
		short.spawn(func() { get(u) }) // want "warning: poolfit: .*spawn runs work that waits on the network on a pool of the size of the cores"
		long.spawn(func() { get(u) })  // want "note: poolfit: .*spawn runs work that waits on the network on a fixed 9 workers"
	}
	for _, lines := range all {
		short.spawn(func() { count(lines) })
	}
	seats := make(chan struct{}, runtime.GOMAXPROCS(0)) // want "warning: poolfit: go runs work that waits on the network on a pool of the size of the cores"
	for _, u := range urls {
		go func() {
			seats <- struct{}{}
			defer func() { <-seats }()
			get(u)
		}()
	}
}

// Tickets that are handed out first.
type desk struct{ tickets chan bool }

func newDesk(n int) *desk {
	d := &desk{tickets: make(chan bool, n)}
	for range n {
		d.tickets <- true
	}
	return d
}

func (d *desk) spawn(f func()) {
	<-d.tickets
	go func() {
		defer func() { d.tickets <- true }()
		f()
	}()
}

func desks(urls []string) {
	d := newDesk(runtime.GOMAXPROCS(0))
	for _, u := range urls {
		d.spawn(func() { get(u) }) // want "warning: poolfit: .*spawn runs work that waits on the network on a pool of the size of the cores"
	}
}

// A group in a field, limited where its owner is made.
type stage struct{ acts errgroup.Group }

func newStage(most int) *stage {
	s := new(stage)
	s.acts.SetLimit(most)
	return s
}

func (s *stage) play(f func() error) { s.acts.Go(f) }

type booth struct{ acts errgroup.Group }

func newBooth() *booth {
	b := &booth{}
	b.acts.SetLimit(1)
	return b
}

func (b *booth) play(f func() error) { b.acts.Go(f) }

type street struct{ acts errgroup.Group }

func (s *street) play(f func() error) { s.acts.Go(f) }

func plays(urls []string, all [][]string, n int) {
	booth, six, chosen, street := newBooth(), newStage(6), newStage(n), new(street)
	for _, u := range urls {
		booth.play(func() error { get(u); return nil }) // want "note: poolfit: .*play runs work that waits on the network one at a time"
		six.play(func() error { get(u); return nil })   // want "note: poolfit: .*play runs work that waits on the network on a fixed 6 workers"
		chosen.play(func() error { get(u); return nil })
		street.play(func() error { get(u); return nil }) // fanout's affair
	}
	for _, lines := range all {
		booth.play(func() error { count(lines); return nil })
	}
}

// What a task sends when it is done is no place: how many of these there is room for bounds
// nothing.
func oneByOne(ticks chan time.Time, url string) {
	running := false
	done := make(chan struct{}, 1)
	for {
		select {
		case <-ticks:
			if running {
				continue
			}
			running = true
			go func() {
				get(url)
				done <- struct{}{}
			}()
		case <-done:
			running = false
		}
	}
}

// The same in a field.
type renewal struct {
	done chan struct{}
	due  chan string
}

func newRenewal() *renewal { return &renewal{done: make(chan struct{}, 1), due: make(chan string)} }

func (r *renewal) run() {
	for {
		select {
		case url := <-r.due:
			go r.one(url)
		case <-r.done:
		}
	}
}

func (r *renewal) one(url string) {
	get(url)
	r.done <- struct{}{}
}

// A ticket has been laid out before it is taken.
func ticketed(urls []string) {
	tickets := make(chan struct{}, 3) // want "note: poolfit: go runs work that waits on the network on a fixed 3 workers"
	for range 3 {
		tickets <- struct{}{}
	}
	for _, u := range urls {
		<-tickets
		go func() {
			get(u)
			tickets <- struct{}{}
		}()
	}
}

// A task that lasts for each of a few things which are written out: no workers, of which
// there could be more.
func lasting(first, second string) {
	for _, e := range []struct{ name, url string }{{"first", first}, {"second", second}, {"third", ""}} {
		go func() {
			for {
				get(e.url)
				time.Sleep(time.Second)
			}
		}()
	}
	peers := []string{first, second, "http://localhost/"}
	for _, u := range peers {
		go func() {
			for {
				get(u)
				time.Sleep(time.Second)
			}
		}()
	}
}
