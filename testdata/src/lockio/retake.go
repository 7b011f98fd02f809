package lockio

import (
	"fmt"
	"net"
	"sync"
)

// What is called under the lock takes it again: a mutex is not for one goroutine to have
// twice.
type caller struct {
	mu   sync.RWMutex
	conn net.Conn
	shut bool
	log  *journal
}

// The lock is taken to read under the one that writes.
func (c *caller) hangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		c.say("bye") // want `warning: .*c.mu is held while \(\*caller\).say takes it again: deadlock`
		c.conn.Close()
	}
}

func (c *caller) say(line string) error {
	c.mu.RLock()
	conn := c.conn
	c.mu.RUnlock()
	if conn == nil {
		return net.ErrClosed
	}
	_, err := fmt.Fprintln(conn, line)
	return err
}

func (c *caller) closed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shut
}

// Down below, and given as an argument: there it has another name.
func (c *caller) note() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	record("shut", c) // want `warning: .*c.mu is held while record takes it again: deadlock`
}

func record(what string, of *caller) { fmt.Println(what, of.isShut()) }

func (c *caller) isShut() bool { return c.closed() }

// On an error path.
func (c *caller) redial(addr string) error {
	c.mu.Lock()
	conn, err := net.Dial("tcp", addr) // want "warning: .*c.mu is held while net.Dial waits on the network"
	if err != nil {
		c.fail(err) // want `warning: .*c.mu is held while \(\*caller\).fail takes it again: deadlock`
		c.mu.Unlock()
		return err
	}
	c.conn = conn
	c.mu.Unlock()
	return nil
}

func (c *caller) fail(error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shut = true
}

// Where the owner holds another one that is made once, and by the package's own lock.
type journal struct {
	sync.Mutex
	lines []string
}

func newCaller() *caller { return &caller{log: &journal{}} }

func (j *journal) add(line string) {
	j.Lock()
	defer j.Unlock()
	j.lines = append(j.lines, line)
}

func (c *caller) write(lines []string) {
	c.log.Lock()
	defer c.log.Unlock()
	for _, line := range lines {
		c.log.add(line) // want `warning: .*c.log is held while \(\*journal\).add takes it again: deadlock`
	}
}

var (
	figuresMu sync.Mutex
	figures   = make(map[string]int)
)

func figure(name string) int {
	figuresMu.Lock()
	defer figuresMu.Unlock()
	return figures[name]
}

func double(name string) {
	figuresMu.Lock()
	defer figuresMu.Unlock()
	figures[name] = 2 * figure(name) // want `warning: .*figuresMu is held while figure takes it again: deadlock`
}

// Through a wrapper, and in a function of the function's own.
type wicket struct {
	mu   sync.Mutex
	open int
}

func (g *wicket) lock()   { g.mu.Lock() }
func (g *wicket) unlock() { g.mu.Unlock() }

func (g *wicket) enter() {
	g.lock()
	defer g.unlock()
	g.open++
}

func (g *wicket) pass() {
	count := func() {
		g.mu.Lock()
		g.open++
		g.mu.Unlock()
	}
	g.lock()
	g.enter() // want `warning: .*g is held while \(\*wicket\).enter takes it again: deadlock`
	count()   // want `warning: .*g is held while count takes it again: deadlock`
	g.unlock()
}

// Two ways to have it twice that end well: it is given back before, or the callee gives
// it back and takes it again itself.
func (g *wicket) before() {
	g.mu.Lock()
	g.open--
	g.mu.Unlock()
	g.enter()
}

func (g *wicket) around() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pause()
}

func (g *wicket) pause() {
	g.mu.Unlock()
	g.enter()
	g.mu.Lock()
}

// What is called may find that there is nothing to do.
func (g *wicket) maybe(have bool) {
	if !have {
		g.mu.Lock()
		defer g.mu.Unlock()
	}
	g.open++
}

func (g *wicket) surely() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.maybe(true)
}

// By another name: a copy of the pointer.
func (c *caller) copied(lines []string) {
	log := c.log
	log.Lock()
	defer log.Unlock()
	c.log.add("copied") // want `warning: .*log is held while \(\*journal\).add takes it again: deadlock`
}

// The callee copies it in turn.
func (c *caller) below(lines []string) {
	c.log.Lock()
	defer c.log.Unlock()
	c.append(lines) // want `warning: .*c.log is held while \(\*caller\).append takes it again: deadlock`
}

func (c *caller) append(lines []string) {
	log := c.log
	for _, line := range lines {
		log.add(line)
	}
	log.add("")
}

// A copy of what holds the mutex has another one.
func (g *wicket) copied() {
	w := *g
	w.mu.Lock()
	defer w.mu.Unlock()
	g.enter()
}

// Another one's lock, a copy that moves on, and a field that is set anew.
type knot struct {
	mu   sync.Mutex
	next *knot
	n    int
}

func (k *knot) bump() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
}

func (k *knot) bumpNext() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.next != nil {
		k.next.bump()
	}
}

func (k *knot) bumpLast() {
	last := k
	last.mu.Lock()
	defer k.mu.Unlock()
	last = k.next
	last.bump()
}

func (k *knot) drop() {
	k.next.mu.Lock()
	defer k.mu.Unlock()
	k.next = k.next.next
	k.next.bump()
}

// A copy of a field that is set anew, and a callee that goes on to the next one itself.
func (k *knot) bumpOld() {
	old := k.next
	old.mu.Lock()
	defer old.mu.Unlock()
	k.drop()
	k.next.bump()
}

func (k *knot) bumpAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bumpRest()
}

func (k *knot) bumpRest() {
	k = k.next
	k.bump()
}

// A copy of the field that the function itself reaches by no other name.
func (k *knot) bumpTwice() {
	next := k.next
	next.mu.Lock()
	defer next.mu.Unlock()
	next.bump() // want `warning: .*next.mu is held while \(\*knot\).bump takes it again: deadlock`
}

// The package's current one, which is another one by then.
var current = &knot{}

func pass() {
	old := current
	current.mu.Lock()
	defer old.mu.Unlock()
	current = old.next
	current.bump()
}

// Whatever runs meanwhile may set it.
func bumpCurrent() {
	old := current
	old.mu.Lock()
	defer old.mu.Unlock()
	forward()
	current.bump()
}

func forward() { current = &knot{} }

// One that nobody sets anew.
var sole = &knot{}

func bumpSole() {
	sole.mu.Lock()
	defer sole.mu.Unlock()
	sole.bump() // want `warning: .*sole.mu is held while \(\*knot\).bump takes it again: deadlock`
}

// A field that is set with the whole struct around it.
type bag struct{ in *knot }

func (b *bag) swap() { *b = bag{in: &knot{}} }

func (b *bag) bumpNew() {
	in := b.in
	in.mu.Lock()
	defer in.mu.Unlock()
	b.swap()
	b.in.bump()
}

// Method expressions, and a goroutine that gives the lock back.
type strap struct {
	sync.Mutex
	n int
}

func (s *strap) tighten() {
	(*strap).Lock(s)
	s.n++
	(*strap).Unlock(s)
}

func (s *strap) twice() {
	s.Lock()
	(*sync.Mutex).Unlock(&s.Mutex)
	s.tighten()
}

func (s *strap) loosen() { go s.Unlock() }

func (s *strap) again() {
	s.Lock()
	s.loosen()
	s.tighten()
}

// Read twice: that goes on until somebody wants to write in between.
func (c *caller) twice() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.reads() // want `warning: .*c.mu is held while \(\*caller\).reads takes it again: deadlock if somebody waits to write in between`
}

func (c *caller) reads() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.shut
}

// In another value, behind the release, and one way only.
func (c *caller) either(o *caller) bool {
	c.mu.RLock()
	shut := c.shut
	if !shut && o.reads() {
		shut = true
	}
	c.mu.RUnlock()
	return shut || c.reads()
}

// The lock is part of the value, and the call an argument of what makes room.
type bookcase struct {
	sync.RWMutex
	books []string
}

func (s *bookcase) Len() int {
	s.RLock()
	defer s.RUnlock()
	return len(s.books)
}

func (s *bookcase) list() []string {
	s.RLock()
	list := make([]string, 0, s.Len()) // want `warning: .*s is held while \(\*bookcase\).Len takes it again: deadlock if somebody waits to write in between`
	list = append(list, s.books...)
	s.RUnlock()
	return list
}

func (s *bookcase) add(book string) {
	s.Lock()
	defer s.Unlock()
	s.books = append(s.books, book)
}

// Nobody writes but who makes it.
type atlas struct {
	mu   sync.RWMutex
	maps []string
}

func newAtlas(maps []string) *atlas {
	a := &atlas{}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.maps = maps
	return a
}

func (a *atlas) size() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return len(a.maps)
}

func (a *atlas) list() []string {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return append(make([]string, 0, a.size()), a.maps...)
}

// On a goroutine of its own it waits, and goes on.
func (g *wicket) soon() {
	g.mu.Lock()
	defer g.mu.Unlock()
	go g.enter()
}

// Who is given a function runs it at once, for each of what it holds or with the lock
// given back.
type rooms struct {
	mu    sync.Mutex
	all   sync.Map
	open  int
	later []func()
}

func (r *rooms) remove(name any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.Delete(name)
	r.open--
}

func (r *rooms) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.Range(func(name, _ any) bool { // want `warning: .*r.mu is held while sync.\(\*Map\).Range runs code of this package, which takes it again: deadlock`
		r.remove(name)
		return true
	})
	r.unlocked(func() { r.remove("hall") })
	r.put(func() { r.remove("attic") })
}

func (r *rooms) unlocked(do func()) {
	r.mu.Unlock()
	do()
	r.mu.Lock()
}

func (r *rooms) put(do func()) { r.later = append(r.later, do) }

// The method of a value is given to who runs it at once: of which value it is, the
// argument says.
type opener struct {
	mu    sync.Mutex
	first sync.Once
	again sync.Once
	other *opener
	ready bool
}

func (o *opener) open() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.first.Do(o.prepare)       // want `warning: .*o.mu is held while sync.\(\*Once\).Do runs code of this package, which takes it again: deadlock`
	o.first.Do(o.other.prepare) // another one's
}

func (o *opener) prepare() {
	o.mu.Lock()
	o.ready = true
	o.mu.Unlock()
}

// Who calls Do waits until the first has done: the first as well.
func (o *opener) isReady() bool {
	o.again.Do(o.load) // want `warning: .*what o.again.Do runs calls it again and waits for itself: deadlock`
	return o.ready
}

func (o *opener) load() { o.ready = !o.isReady() }

func (o *opener) loadAll() {
	o.first.Do(func() {
		o.other.first.Do(func() {}) // that of another one
		o.again.Do(func() {})
		go o.loadAll() // waits for the first one, which does not wait for it
	})
}

var initialize sync.Once

func setUp() { initialize.Do(fill) } // want `warning: .*what initialize.Do runs calls it again and waits for itself: deadlock`

func fill() {
	if setUp(); true {
		fmt.Println("filled")
	}
}

// Who reads and who writes hold another lock, so that no writer waits in between; and a literal
// gives the lock back before it is taken again.
type census struct {
	all sync.Mutex
	mu  sync.RWMutex
	n   int
}

func (s *census) get() int {
	s.all.Lock()
	defer s.all.Unlock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.read()
}

func (s *census) read() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.n
}

func (s *census) set(n int) {
	s.all.Lock()
	defer s.all.Unlock()
	s.mu.Lock()
	s.n = n
	s.mu.Unlock()
}

type poll struct {
	mu sync.RWMutex
	n  int
}

func (s *poll) get() int {
	s.mu.RLock()
	unlock := func() { s.mu.RUnlock() }
	unlock()
	return s.read()
}

func (s *poll) getAgain() int {
	s.mu.RLock()
	func() {
		defer s.mu.RUnlock()
		s.n++
	}()
	return s.read()
}

func (s *poll) read() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.n
}

func (s *poll) set(n int) {
	s.mu.Lock()
	s.n = n
	s.mu.Unlock()
}

// A literal and a function that call each other give nothing back.
func (s *poll) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.walk(3)
	return s.n
}

func (s *poll) walk(n int) {
	step := func() { s.walk(n - 1) }
	if n > 0 {
		step()
	}
}
