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
func (w *wide) runInPlace(more chan change) {
	inbox := make(chan change)
	for {
		select {
		case <-more:
			select { // want `warning: blockloop: the loop sends to inbox, which it alone receives from`
			case inbox <- change{}:
			case <-w.done:
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
	go newFree(&free{}).run(ctx)
	w := newWide()
	go w.run()
	go w.runInPlace(make(chan change))
	p := newPatient()
	go p.run(done)
	p.next()
}

// Nor do these: a goroutine that the loop has started receives, a time limit ends the wait,
// there is room, another value is sent to, a literal runs on another goroutine.
type free struct {
	parent                         *free
	helped, timed, roomy, up, kick chan change
	done                           chan struct{}
}

func newFree(parent *free) *free {
	return &free{parent, make(chan change), make(chan change), make(chan change, 4), make(chan change), make(chan change), make(chan struct{})}
}

func (f *free) run(ctx context.Context) {
	for {
		select {
		case <-f.helped:
			f.help()
			f.pushHelped()
		case <-f.timed:
			f.pushTimed(ctx)
		case <-f.roomy:
			f.pushRoomy()
		case <-f.up:
			f.pushUp()
		case <-f.kick:
			f.pushLater()
		case <-f.done:
			return
		}
	}
}

func (f *free) help() {
	go func() {
		for range f.helped {
		}
	}()
}

func (f *free) pushHelped() { f.helped <- change{} }

func (f *free) pushTimed(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	select {
	case f.timed <- change{}:
	case <-ctx.Done():
	}
}

func (f *free) pushRoomy() {
	for range 2 {
		if len(f.roomy) < cap(f.roomy) {
			f.roomy <- change{}
		}
	}
}

func (f *free) pushUp() {
	f = f.parent
	if f != nil {
		f.up <- change{}
	}
}

func (f *free) pushLater() {
	defer func() {
		go func() { f.kick <- change{} }()
	}()
}

// Who has taken a place gives it back: there is room for it, whatever the size.
func places(n int, done chan struct{}) {
	free := make(chan struct{}, n)
	for range n {
		free <- struct{}{}
	}
	go func() {
		for {
			select {
			case <-done:
				return
			case <-free:
				println("at work")
				free <- struct{}{}
			}
		}
	}()
}

// There may be none for one that somebody else has not taken.
func morePlaces(n int, more, done chan struct{}) {
	free := make(chan struct{}, n)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-free:
				println("at work")
			case <-more:
				free <- struct{}{} // want `note: blockloop: the loop sends to free, which it alone receives from, and can block for ever`
			}
		}
	}()
}

// Nor where there are no places.
func onePlace(done chan struct{}) {
	free := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-free:
				free <- struct{}{} // want `error: blockloop: the loop sends to free, which it alone receives from, and can block for ever`
			}
		}
	}()
}
