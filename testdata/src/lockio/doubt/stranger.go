package doubt

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Code that nobody here knows, and that others wait for.
type Bell struct {
	mu      sync.Mutex
	rung    int
	names   []string
	OnRing  func(n int)
	logf    func(format string, args ...any)
	now     func() time.Time
	hooks   map[string]func() error
	stop    context.CancelFunc
	end     func()
	backend Backend
	ranges  Ranges
}

// A Backend is implemented elsewhere.
type Backend interface {
	Push(n int) error
	Name() string
}

// Ranges is a set of numbers: what it is asked is an answer, not a deed.
type Ranges interface {
	Contains(n int) (bool, error)
}

func (b *Bell) Rung() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rung
}

func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung++
	b.logf("ring %d at %v", b.rung, b.now())
	b.OnRing(b.rung) // want "note: .*b.mu is held while b.OnRing runs, which may wait, or want the lock"
}

func (b *Bell) Hook(name string, f func() error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hooks[name] = f
}

func (b *Bell) all() {
	b.mu.Lock()
	for _, hook := range b.hooks {
		hook() // want "warning: .*b.mu is held while hook runs"
	}
	b.mu.Unlock()
}

func (b *Bell) push() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.backend.Push(b.rung) // want "note: .*b.mu is held while b.backend.Push runs"
	return b.backend.Name()
}

func (b *Bell) known() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	ok, err := b.ranges.Contains(b.rung)
	return ok && err == nil
}

func (b *Bell) Update(f func(int) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range 3 {
		f(b.rung) // want "note: .*b.mu is held while f runs"
	}
}

// Handed to a function that calls it.
func (b *Bell) Each(f func(string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung++
	each(b.names, f) // want "note: .*b.mu is held while f runs"
}

func each(names []string, f func(string)) {
	for _, n := range names {
		f(n)
	}
}

// To compare is no work.
func (b *Bell) Sort(by func(x, y string) int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	slices.SortFunc(b.names, by)
	slices.SortFunc(b.names, cmp.Compare[string])
}

// What is there to run a function under the lock does what it says.
func (b *Bell) Locked(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

// To cancel waits for nobody.
func (b *Bell) start(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, b.stop = context.WithCancel(ctx)
	b.stop()
}

// Of a plain type, too.
func (b *Bell) restart(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.end != nil {
		b.end()
	}
	_, cancel := context.WithCancel(ctx)
	b.end = cancel
}

// After the lock.
func (b *Bell) After() {
	b.mu.Lock()
	f := b.OnRing
	b.mu.Unlock()
	f(1)
}

// Nobody else wants the lock.
type alone struct {
	mu sync.Mutex
	f  func()
}

func (a *alone) run() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.f()
}

// A hook that nobody sets but the tests never runs in the program.
type chime struct {
	mu         sync.Mutex
	n          int
	beforeRing func()
	afterRing  func()
}

func NewChime(after func()) *chime { return &chime{afterRing: after} }

func (c *chime) ring() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.beforeRing != nil {
		c.beforeRing()
	}
	c.n++
	c.afterRing() // want "note: .*c.mu is held while c.afterRing runs, which may wait, or want the lock"
}

func (c *chime) rung() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// What a name stands for is opened by whoever has registered it: to open may wait, as
// what it gives can be started and closed, and may fail at both.
type source interface {
	Name() string
	Start() error
}

var (
	openers = make(map[string]func(url string) (source, error))
	parsers = make(map[string]func(url string) (string, error))
)

func HandleFunc(scheme string, open func(url string) (source, error)) { openers[scheme] = open }

func ParseFunc(scheme string, parse func(url string) (string, error)) { parsers[scheme] = parse }

func openSource(scheme, url string) (source, error) {
	if parse, ok := parsers[scheme]; ok {
		if s, err := parse(url); err == nil {
			url = s
		}
	}
	if f, ok := openers[scheme]; ok {
		return f(url)
	}
	return nil, nil
}

type player struct {
	mu     sync.Mutex
	source source
	url    string
}

func (p *player) dial() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, err := openSource("rtsp", p.url) // want "note: .*p.mu is held while openSource runs f, which may wait, or want the lock"
	p.source = s
	return err
}

// A parser gives what is looked at.
func (p *player) parse() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	p.url, err = parsers["rtsp"](p.url)
	return err
}

func (p *player) playing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.source != nil
}

// Each who watches a name has left a function for it, under the lock.
type Watchers struct {
	mu       sync.Mutex
	watchers map[string][]watching
	first    func(string)
}

type watching struct {
	id    int
	call  func(string)
	asked int
}

func (w *Watchers) Add(name string, call func(string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watchers[name] = append(w.watchers[name], watching{id: len(w.watchers), call: call})
}

func (w *Watchers) First(call func(string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.first = call
}

func (w *Watchers) Notify(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.watchers[name] {
		x.call(name) // want "warning: .*w.mu is held while x.call runs, which may wait, or want the lock"
	}
}

func (w *Watchers) Begin(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.first(name) // want "note: .*w.mu is held while w.first runs, which may wait, or want the lock"
}

// What is made of an error is told by a function of the user, which may ask for the
// errors that there are.
type answer struct {
	mu      sync.Mutex
	errs    []error
	present func(error) *fault
}

type fault struct{ text string }

func (f *fault) Error() string { return f.text }

func NewAnswer(present func(error) *fault) *answer { return &answer{present: present} }

func (a *answer) add(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.errs = append(a.errs, a.present(err)) // want `note: .*a.mu is held while a.present runs, which may wait, or want the lock`
}

func (a *answer) list() []error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.errs
}

// What it does until it is closed does not close it.
type hose struct {
	mu    sync.Mutex
	taps  []tap
	flows bool
}

type tap interface{ Flush() error }

func (h *hose) flushUntilClose(done chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		h.mu.Lock()
		for _, t := range h.taps {
			_ = t.Flush() // want `note: .*h.mu is held while t.Flush runs, which may wait, or want the lock`
		}
		h.mu.Unlock()
	}
}

func (h *hose) runs() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flows
}

// A stream of the caller's is as long as who writes to it takes, and who writes may want
// the lock.
type scroll struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *scroll) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Len()
}

func (s *scroll) ReadFrom(r io.Reader) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.ReadFrom(r) // want "note: .*s.mu is held while r.Read runs, which may wait, or want the lock"
}

func (s *scroll) ReadLine(r io.Reader, line []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := r.Read(line) // want "note: .*s.mu is held while r.Read runs, which may wait, or want the lock"
	s.text.Write(line[:n])
	return err
}

// Text that is there already does not wait, and who reads first holds no lock then.
func (s *scroll) ReadText(r *strings.Reader) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.ReadFrom(r)
}

func (s *scroll) ReadAll(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(text)
	return nil
}
