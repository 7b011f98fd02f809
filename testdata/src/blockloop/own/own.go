// Package own has loops whose own methods send back to them.
package own

import (
	"context"
	"time"
)

type change struct{ peer string }

// A loop that comes back to its own channel through three methods, one of which waits for
// the end as well. Another one takes out what has come, for the loop itself.
type session struct {
	ctx     context.Context
	changes chan change
	known   map[string]bool
}

func newSession(ctx context.Context) *session {
	return &session{ctx: ctx, changes: make(chan change, 8), known: make(map[string]bool)}
}

func (s *session) run() {
	for {
		select {
		case c := <-s.changes:
			s.apply(c) // want `warning: blockloop: .*apply sends to s.changes, which this loop alone receives from, and can block for ever`
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *session) apply(first change) {
	for _, c := range s.more(first) {
		if s.known[c.peer] {
			s.signal(c.peer)
		}
	}
}

func (s *session) more(first change) []change {
	list := []change{first}
	for len(list) < 8 {
		select {
		case c := <-s.changes:
			list = append(list, c)
		default:
			return list
		}
	}
	return list
}

func (s *session) signal(peer string) { s.add(change{peer}) }

func (s *session) add(c change) {
	select {
	case s.changes <- c:
	case <-s.ctx.Done():
	}
}

// With a large buffer it takes many changes in one turn.
type wide struct {
	changes chan change
	done    chan struct{}
}

func newWide() *wide { return &wide{make(chan change, 1024), make(chan struct{})} }

func (w *wide) run() {
	for {
		select {
		case <-w.changes:
			w.twice() // want `note: blockloop: .*twice sends to w.changes, which this loop alone receives from, and can block for ever`
		case <-w.done:
			return
		}
	}
}

func (w *wide) twice() {
	for range 2 {
		w.changes <- change{}
	}
}

// The loop itself sends, and looks at the end as well.
func (w *wide) runInPlace(quit chan struct{}) {
	inbox := make(chan change)
	for {
		select {
		case <-w.done:
			select { // want `error: blockloop: the loop sends to inbox, which it alone receives from`
			case inbox <- change{}:
			case <-quit:
			}
		case <-inbox:
			w.twice()
		}
	}
}

// A method gives back a sign that there is more as it returns.
type shift struct {
	ready chan bool
	done  chan struct{}
	jobs  []func()
}

func newShift() *shift { return &shift{ready: make(chan bool), done: make(chan struct{})} }

func (s *shift) run() {
	for {
		select {
		case <-s.ready:
			s.next() // want `error: blockloop: .*next sends to s.ready, which this loop alone receives from, and blocks for ever`
		case <-s.done:
			return
		}
	}
}

func (s *shift) next() {
	defer func() { s.ready <- true }()
	s.jobs[0]()
}

// None of these blocks for good: a time limit, another goroutine, one place for the one
// that has just been taken out, another reader of the channel.
type patient struct {
	changes, shared chan change
}

func newPatient() *patient { return &patient{make(chan change, 1), make(chan change)} }

func (p *patient) run(done chan struct{}) {
	for {
		select {
		case <-p.changes:
			p.within()
			go p.push()
			p.push()
		case <-p.shared:
			p.share()
		case <-done:
			return
		}
	}
}

func (p *patient) within() {
	select {
	case p.changes <- change{}:
	case <-time.After(time.Second):
	}
}

func (p *patient) push() { p.changes <- change{} }

func (p *patient) share() { p.shared <- change{} }

func (p *patient) next() change { return <-p.shared }

func start(ctx context.Context, done chan struct{}) {
	go newSession(ctx).run()
	go newShift().run()
	w := newWide()
	go w.run()
	go w.runInPlace(done)
	p := newPatient()
	go p.run(done)
	p.next()
}
