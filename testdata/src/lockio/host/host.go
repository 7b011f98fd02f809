// Package host runs what others give it, under locks of its own.
package host

import (
	"os"
	"sync"
	"sync/atomic"
)

// A Cache runs what is set for the entries that it drops.
type Cache struct {
	mu      sync.Mutex
	entries map[string]string
	dropped func(key string)
	// OnMiss is told of what is not there.
	OnMiss func(key string)
}

func New(dropped func(key string)) *Cache {
	return &Cache{entries: make(map[string]string), dropped: dropped}
}

func (c *Cache) OnDrop(f func(key string)) { c.dropped = f }

func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.entries)
}

func (c *Cache) Drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, key)
	c.tell(key) // want "note: lockio: c.mu is held while ..Cache..tell runs f"
}

func (c *Cache) tell(key string) {
	if f := c.dropped; f != nil {
		f(key)
	}
}

func (c *Cache) Get(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[key]; !ok && c.OnMiss != nil {
		c.OnMiss(key) // want "note: lockio: c.mu is held while c.OnMiss runs"
	}
	return c.entries[key]
}

// Load makes what is not there, under the lock.
func (c *Cache) Load(key string, load func(string) (string, error)) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, err := load(key) // want "note: lockio: c.mu is held while load runs"
	if err == nil {
		c.entries[key] = v
	}
	return v, err
}

// A recent keeps what has been asked for last.
type recent struct{ values map[string]string }

func (r *recent) find(key string) (string, bool) {
	v, ok := r.values[key]
	return v, ok
}

func (r *recent) add(key, value string) { r.values[key] = value }

// A Shelf makes what is not there, as a Cache does, and keeps it by methods.
type Shelf struct {
	mu   sync.Mutex
	kept recent
}

func (s *Shelf) Load(key string, load func(string) string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.kept.find(key); ok {
		return v
	}
	v := load(key) // want "note: lockio: s.mu is held while load runs"
	s.kept.add(key, v)
	return v
}

func (s *Shelf) Has(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.kept.find(key)
	return ok
}

// Each runs f under the lock.
func (c *Cache) Each(f func(key string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k := range c.entries {
		if !f(k) { // want "note: lockio: c.mu is held while f runs"
			return
		}
	}
}

// Later runs f when the lock is back.
func (c *Cache) Later(f func(n int)) {
	c.mu.Lock()
	n := len(c.entries)
	c.mu.Unlock()
	f(n)
}

// Flip gives the lock of its caller back for a moment.
func (c *Cache) Flip() {
	c.mu.Unlock()
	c.mu.Lock()
}

// All runs each of the functions under the lock.
func (c *Cache) All(list ...func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range list {
		f()
	}
}

// Walk runs f for the entries, and for what it finds in them.
func (c *Cache) Walk(f func(key string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down(3, f)
}

func (c *Cache) down(n int, f func(key string)) {
	if n == 0 {
		c.leaf(n, f)
		return
	}
	c.up(n-1, f)
}

func (c *Cache) up(n int, f func(key string)) { c.down(n, f) }

func (c *Cache) leaf(n int, f func(key string)) {
	for k := range c.entries {
		f(k)
	}
	if n > 0 {
		c.up(n, f)
	}
}

// With runs f under the lock, which a function of the package takes.
func (c *Cache) With(f func(n int)) {
	c.locked(func() { f(len(c.entries)) })
}

func (c *Cache) locked(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

// A Source is asked for its number.
type Source interface{ Count() int }

// A Meter asks all of its sources, and is asked for what it has last found.
type Meter struct {
	mu      sync.Mutex
	sources []Source
	last    int
}

func (m *Meter) Add(s Source) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sources = append(m.sources, s)
}

func (m *Meter) Sum() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = 0
	for _, s := range m.sources {
		m.last += s.Count()
	}
	return m.last
}

func (m *Meter) Last() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last
}

// A Registry asks all of its sources. Nobody else wants the lock but who registers one.
type Registry struct {
	mu      sync.Mutex
	sources []Source
}

func (r *Registry) Register(s Source) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sources = append(r.sources, s)
}

func (r *Registry) Sum() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.sources {
		n += s.Count()
	}
	return n
}

// An Init runs what it is given until that has gone well once.
type Init struct {
	mu   sync.Mutex
	done uint32
}

func (i *Init) Do(f func() error) error {
	if atomic.LoadUint32(&i.done) == 0 {
		return i.do(f)
	}
	return nil
}

func (i *Init) do(f func() error) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if atomic.LoadUint32(&i.done) == 0 {
		if err := f(); err != nil {
			return err
		}
		atomic.StoreUint32(&i.done, 1)
	}
	return nil
}

// A Lazy makes its value once, and is asked for its name meanwhile.
type Lazy struct {
	mu    sync.Mutex
	name  string
	value any
}

func (l *Lazy) Value(make func() any) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.value == nil {
		l.value = make() // want "note: lockio: l.mu is held while make runs"
	}
	return l.value
}

func (l *Lazy) Name() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.name
}

// A Turnstile lets one through at a time, and nobody wants its lock for anything else.
type Turnstile struct{ mu sync.Mutex }

func (t *Turnstile) Through(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
}

// ReadFile makes a cache of what is in a file.
func ReadFile(path string) (*Cache, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := New(nil)
	c.entries[path] = string(b)
	return c, nil
}

// Count looks into a cache of its own.
func Count(path string) (int, error) {
	c, err := ReadFile(path)
	if err != nil {
		return 0, err
	}
	return c.Len(), nil
}

// Common is there for all.
var Common = New(nil)

// Size looks into the common one.
func Size() int {
	c := Common
	return c.Len()
}

// A Shop has a cache, and sets itself anew as it closes.
type Shop struct{ c *Cache }

func OpenShop(path string) (*Shop, error) {
	c, err := ReadFile(path)
	return &Shop{c: c}, err
}

func (s *Shop) Close() int {
	n := s.c.Len()
	*s = Shop{}
	return n
}

// A Reading has the cache for itself until it is closed.
type Reading struct{ c *Cache }

func (c *Cache) Read() *Reading {
	c.mu.Lock()
	return &Reading{c}
}

func (r *Reading) Close() { r.c.mu.Unlock() }
