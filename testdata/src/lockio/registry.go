package lockio

import "sync"

// Listeners that others leave, and take out again, under the lock that they run under.
type (
	Listener     interface{ Hear(what string) }
	ListenerFunc func(what string)
)

func (f ListenerFunc) Hear(what string) { f(what) }

type ear struct {
	next *ear
	of   Listener
}

type Radio struct {
	mu    sync.RWMutex
	first *ear
	n     int
}

func (r *Radio) Listen(f ListenerFunc) (leave func()) { return r.add(f) }

func (r *Radio) add(l Listener) func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := &ear{next: r.first, of: l}
	r.first = e
	r.n++
	return func() { r.drop(e) }
}

func (r *Radio) drop(e *ear) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for at := &r.first; *at != nil; at = &(*at).next {
		if *at == e {
			*at = e.next
			r.n--
			return
		}
	}
}

// All hear it at once, each on a goroutine, and are waited for.
func (r *Radio) Say(what string) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var wg sync.WaitGroup
	for e := r.first; e != nil; e = e.next {
		wg.Add(1)
		go func(e *ear) {
			defer wg.Done()
			e.of.Hear(what)
		}(e)
	}
	wg.Wait() // want `warning: lockio: r.mu is held while sync.\(\*WaitGroup\).Wait waits for other goroutines, and e.of.Hear, which they run, may want the lock`
}

// Who leaves while they hear it waits for nobody.
func (r *Radio) SayLater(what string) {
	var all []Listener
	r.mu.RLock()
	for e := r.first; e != nil; e = e.next {
		all = append(all, e.of)
	}
	r.mu.RUnlock()
	var wg sync.WaitGroup
	for _, l := range all {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l.Hear(what)
		}()
	}
	wg.Wait()
}

// What is left is packed into something else by a constructor.
type Post struct {
	mu    sync.Mutex
	boxes []*pigeonhole
	hook  func(string)
}

type pigeonhole struct{ put func(string) }

func newPigeonhole(f any) *pigeonhole {
	if put, ok := f.(func(string)); ok {
		return &pigeonhole{put: put}
	}
	return nil
}

func (b *pigeonhole) deliver(letter string) { b.put(letter) }

func (p *Post) Open(f any) {
	b := newPigeonhole(f)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.boxes = append(p.boxes, b)
}

func (p *Post) Send(letter string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.boxes {
		b.deliver(letter) // want `warning: lockio: p.mu is held while \(\*pigeonhole\).deliver runs b.put, which may wait, or want the lock`
	}
}

// One hook is there once, and has nothing to take out.
func (p *Post) Hook(f func(string)) {
	p.mu.Lock()
	p.hook = f
	p.mu.Unlock()
}

func (p *Post) Stamp(letter string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hook(letter) // want `note: lockio: p.mu is held while p.hook runs, which may wait, or want the lock`
}

// A part that the object gives its own function to is nobody's callback.
type Switchboard struct {
	mu    sync.Mutex
	lines map[string]*line
	told  func(string)
}

type line struct{ tell func(string) }

func newLine(tell func(string)) *line { return &line{tell: tell} }

func (l *line) ring(what string) { l.tell(what) }

func NewSwitchboard(told func(string)) *Switchboard {
	return &Switchboard{lines: make(map[string]*line), told: told}
}

func (s *Switchboard) Connect(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines[name] = newLine(s.told)
}

func (s *Switchboard) Ring(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines[name].ring("hello") // want `note: lockio: s.mu is held while \(\*line\).ring runs l.tell, which may wait, or want the lock`
}
