package lockio

import "sync"

// A forum keeps listeners, each with a channel on which it hears of errors.
type forum struct {
	mu        sync.Mutex
	listeners []*hearer
	old       []int
}

type hearer struct {
	hear func(int) error
	errs chan error
}

func (b *forum) post(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.listeners {
		if err := l.hear(n); err != nil {
			l.errs <- err // want "warning: .*b.mu is held while this sends to l.errs, so all who want the lock wait too"
		}
	}
	b.old = append(b.old, n)
}

// Nobody knows the listener before it is in the list: that it takes the lock until then keeps
// nobody waiting.
func (b *forum) each(hear func(int) error) error {
	l := &hearer{hear: hear, errs: make(chan error)}
	b.mu.Lock()
	old := append([]int(nil), b.old...)
	b.listeners = append(b.listeners, l)
	b.mu.Unlock()
	for _, n := range old {
		if err := hear(n); err != nil {
			return err
		}
	}
	return <-l.errs
}

// A roster's listener counts itself once it is known, and before it receives.
type roster struct {
	mu        sync.Mutex
	listeners []*heard
	n         int
}

type heard struct{ errs chan int }

func (t *roster) post(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.listeners {
		l.errs <- n // want "warning: .*t.mu is held while this sends to l.errs, and the other side takes it first: deadlock"
	}
}

func (t *roster) each() int {
	l := &heard{make(chan int)}
	t.mu.Lock()
	t.listeners = append(t.listeners, l)
	t.mu.Unlock()
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
	return <-l.errs
}

// One that a goroutine has already may be sent to as soon as that runs.
type note struct{ errs chan int }

type lectern struct {
	mu   sync.Mutex
	last *note
}

func (d *lectern) each() int {
	l := &note{make(chan int)}
	go func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		l.errs <- 1 // want "warning: .*d.mu is held while this sends to l.errs, and the other side takes it first: deadlock"
	}()
	d.mu.Lock()
	d.last = l
	d.mu.Unlock()
	return <-l.errs
}

// In its second turn everybody knows the listener.
type pulpit struct {
	mu   sync.Mutex
	list []*sermon
}

type sermon struct{ errs chan int }

func (p *pulpit) post() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.list {
		l.errs <- 1 // want "warning: .*p.mu is held while this sends to l.errs, and the other side takes it first: deadlock"
	}
}

func (p *pulpit) listen() {
	l := &sermon{make(chan int)}
	for {
		p.mu.Lock()
		if len(p.list) == 0 {
			p.list = append(p.list, l)
		}
		p.mu.Unlock()
		if <-l.errs == 0 {
			return
		}
	}
}

// A condition offers it, and what depends on that takes the lock.
type stand struct {
	mu   sync.Mutex
	list []*speech
	n    int
}

type speech struct{ errs chan int }

func (s *stand) post() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.list {
		l.errs <- 1 // want "warning: .*s.mu is held while this sends to l.errs, and the other side takes it first: deadlock"
	}
}

func (s *stand) add(l *speech) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, l)
	return true
}

func (s *stand) listen() int {
	l := &speech{make(chan int)}
	if s.add(l) {
		s.mu.Lock()
		s.n++
		s.mu.Unlock()
	}
	return <-l.errs
}
