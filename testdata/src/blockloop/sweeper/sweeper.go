// Package sweeper stops goroutines as the values that they work on are collected.
package sweeper

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"
)

type shelf struct {
	mu    sync.Mutex
	books map[string]time.Time
	tidy  *tidier
}

func (s *shelf) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, until := range s.books {
		if time.Now().After(until) {
			delete(s.books, name)
		}
	}
}

// The other cases of the loop are short: it takes what is sent at once.
type tidier struct{ stop chan bool }

func (t *tidier) run(s *shelf) {
	tick := time.NewTicker(time.Minute)
	for {
		select {
		case <-tick.C:
			s.clear()
		case <-t.stop:
			tick.Stop()
			return
		}
	}
}

func stopTidier(s *shelf) { s.tidy.stop <- true }

func newShelf() *shelf {
	s := &shelf{books: make(map[string]time.Time), tidy: &tidier{make(chan bool)}}
	go s.tidy.run(s)
	runtime.SetFinalizer(s, stopTidier)
	return s
}

// The send may be in a method that is called, and the loop may go on.
type counter struct {
	done  chan string
	names map[string]int
}

func (c *counter) run() {
	tick := time.NewTicker(time.Minute)
	for {
		select {
		case name := <-c.done:
			c.names[name]--
		case <-tick.C:
			clear(c.names)
		}
	}
}

func (c *counter) release(name string) { c.done <- name }

type counted struct{ name string }

func (c *counter) counted(name string) *counted {
	x := &counted{name}
	runtime.SetFinalizer(x, func(x *counted) { c.release(x.name) })
	return x
}

func newCounter() *counter {
	c := &counter{make(chan string), make(map[string]int)}
	go c.run()
	return c
}

// A loop that waits for a far end takes nothing meanwhile.
type poller struct {
	stop chan bool
	url  string
}

func (p *poller) run() {
	tick := time.NewTicker(time.Minute)
	for {
		select {
		case <-tick.C:
			_, _ = http.Get(p.url)
		case <-p.stop:
			return
		}
	}
}

type polled struct{ p *poller }

func newPolled(url string) *polled {
	x := &polled{&poller{make(chan bool), url}}
	go x.p.run()
	runtime.SetFinalizer(x, func(x *polled) {
		x.p.stop <- true // want `warning: blockloop: runtime's loop sends to x.p.stop, use a new goroutine`
	})
	return x
}

// How soon one takes it that calls what others have stored is not known.
type relay struct {
	in     chan int
	handle func(int)
}

func (r *relay) run(ticks <-chan int) {
	for {
		select {
		case n := <-r.in:
			r.handle(n) // want `note: blockloop: r.handle, set elsewhere, runs on the loop of relay.run`
		case n := <-ticks:
			r.handle(n)
		}
	}
}

type source struct {
	r *relay
	n int
}

func newSource(handle func(int), ticks <-chan int) *source {
	s := &source{&relay{make(chan int), handle}, 1}
	go s.r.run(ticks)
	runtime.SetFinalizer(s, func(s *source) {
		s.r.in <- s.n // want `note: blockloop: runtime's loop sends to s.r.in, use a new goroutine`
	})
	return s
}

// A loop that another case ends takes nothing any more.
type lamp struct{ off chan bool }

type room struct {
	l   *lamp
	lit bool
}

func (l *lamp) run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			runtime.Gosched()
		case <-l.off:
			return
		}
	}
}

func newRoom(ctx context.Context) *room {
	r := &room{l: &lamp{make(chan bool)}}
	go r.l.run(ctx)
	runtime.SetFinalizer(r, func(r *room) {
		r.l.off <- true // want `warning: blockloop: runtime's loop sends to r.l.off, use a new goroutine`
	})
	return r
}

// Of two who end a loop one waits for ever.
type clock struct{ halt chan bool }

type face struct {
	c     *clock
	hands map[int]int
}

func (c *clock) run(f *face) {
	tick := time.NewTicker(time.Second)
	for {
		select {
		case <-tick.C:
			clear(f.hands)
		case <-c.halt:
			return
		}
	}
}

func (c *clock) close() { c.halt <- true }

func newFace() *face {
	f := &face{c: &clock{make(chan bool)}}
	go f.c.run(f)
	runtime.SetFinalizer(f, func(f *face) {
		f.c.halt <- true // want `warning: blockloop: runtime's loop sends to f.c.halt, use a new goroutine`
	})
	return f
}
