package lockio

import "sync"

// What a test of the channel says is worth nothing where others use the same end without the
// lock.
type counterDesk struct {
	mu     sync.Mutex
	cups   chan int
	bell   chan struct{}
	served int
}

func newCounterDesk() *counterDesk {
	return &counterDesk{cups: make(chan int, 8), bell: make(chan struct{})}
}

func (d *counterDesk) brew(n int) {
	d.mu.Lock()
	d.served++
	d.mu.Unlock()
	d.cups <- n
}

func (d *counterDesk) take() (int, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.cups) == 0 {
		return 0, false
	}
	return <-d.cups, true // want "warning: .*this receives from d.cups, and the other side takes it first: deadlock"
}

func (d *counterDesk) grab() int { return <-d.cups }

// A channel without a buffer is always empty and never has room.
func (d *counterDesk) ring() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.bell) > 0 {
		return
	}
	d.bell <- struct{}{} // want "warning: .*this sends to d.bell, and the other side takes it first: deadlock"
}

func (d *counterDesk) listen() {
	for range d.bell {
		d.mu.Lock()
		d.served++
		d.mu.Unlock()
	}
}

// The second of two sends behind one test may find the buffer full, and a test for the
// contrary opens nothing.
type rack struct {
	mu    sync.Mutex
	plate chan int
	n     int
}

func newRack() *rack {
	r := &rack{plate: make(chan int, 4)}
	go r.wash()
	return r
}

func (r *rack) add(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.plate:
	default:
	}
	r.plate <- n
	r.plate <- n + 1 // want "warning: .*this sends to r.plate, and the other side takes it first: deadlock"
}

func (r *rack) wash() {
	for range r.plate {
		r.mu.Lock()
		r.n++
		r.mu.Unlock()
	}
}

// Another sender takes no lock: the room that a test has found may be gone.
type notebook struct {
	mu    sync.Mutex
	dirty chan int
	text  string
	saves int
}

func newNotebook(save func(string) error) *notebook {
	b := &notebook{dirty: make(chan int, 1)}
	go b.run(save)
	return b
}

func (b *notebook) flush() { b.dirty <- 1 }

func (b *notebook) edit(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = text
	if len(b.dirty) > 0 {
		return
	}
	b.dirty <- 2 // want "warning: .*b.mu is held while this sends to b.dirty, and the other side takes it first: deadlock"
}

func (b *notebook) run(save func(string) error) {
	for range b.dirty {
		b.mu.Lock()
		text := b.text
		b.saves++
		b.mu.Unlock()
		if err := save(text); err != nil {
			return
		}
	}
}

// One place is no more room than many where nobody has made any: who takes what is in it wants
// the lock before it comes for the next.
type sign struct {
	mu    sync.Mutex
	next  chan int
	shown int
	late  int
}

func newSign() *sign {
	s := &sign{next: make(chan int, 1)}
	go func() {
		for n := range s.next {
			s.show(n)
		}
	}()
	return s
}

func (s *sign) show(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = n
}

func (s *sign) set(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.next) == cap(s.next) {
		s.late++
	}
	s.next <- n // want "warning: .*this sends to s.next, and the other side takes it first: deadlock"
}
