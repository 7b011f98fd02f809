package serving

import (
	"sync"
	"sync/atomic"
	"time"
)

// A watcher stops itself when it has lost what it watches.
type watcher struct {
	group sync.WaitGroup
	stop  chan struct{}
	lost  chan int
	found chan int
	n     int
}

func (w *watcher) Start() {
	w.group.Add(1)
	go w.loop()
}

func (w *watcher) Stop() {
	close(w.stop)
	w.group.Wait()
}

func (w *watcher) loop() {
	defer w.group.Done()
	for {
		select {
		case <-w.lost:
			w.Stop() // want `error: blockloop: \(\*watcher\).Stop waits for group, to which this loop belongs, and so for ever`
		case n := <-w.found:
			w.n += n
		case <-w.stop:
			return
		}
	}
}

// The group is that of the goroutines which the loop has started.
type minders struct {
	group sync.WaitGroup
	stop  chan struct{}
	lost  chan int
	found chan int
}

func (c *minders) Start() { go c.loop() }

func (c *minders) wait() { c.group.Wait() }

func (c *minders) loop() {
	for {
		select {
		case <-c.lost:
			c.wait()
		case n := <-c.found:
			c.group.Go(func() { println(n) })
		case <-c.stop:
			return
		}
	}
}

// The group starts the loop.
type started struct {
	group sync.WaitGroup
	stop  chan struct{}
	lost  chan int
	found chan int
}

func (s *started) Start() { s.group.Go(s.loop) }

func (s *started) Stop() {
	close(s.stop)
	s.group.Wait()
}

func (s *started) loop() {
	for {
		select {
		case <-s.lost:
			s.Stop() // want `error: blockloop: \(\*started\).Stop waits for group`
		case <-s.found:
			println("found")
		case <-s.stop:
			return
		}
	}
}

// A node ends when its child does: another group.
type branch struct {
	group sync.WaitGroup
	child *branch
	lost  chan int
	found chan int
	stop  chan struct{}
}

func (b *branch) wait() { b.group.Wait() }

func (b *branch) loop() {
	defer b.group.Done()
	for {
		select {
		case <-b.lost:
			b.child.wait()
		case <-b.found:
			println("found")
		case <-b.stop:
			return
		}
	}
}

// A constant argument says that nobody waits.
type hasty struct {
	group sync.WaitGroup
	lost  chan int
	found chan int
	stop  chan struct{}
}

func (p *hasty) end(wait bool) {
	close(p.stop)
	if wait {
		p.group.Wait()
	}
}

func (p *hasty) loop() {
	defer p.group.Done()
	for {
		select {
		case <-p.lost:
			p.end(false)
		case <-p.found:
			println("found")
		case <-p.stop:
			return
		}
	}
}

// Another group has been put in the place of the one that the loop belongs to.
type renewed struct {
	group *sync.WaitGroup
	lost  chan int
	found chan int
	stop  chan struct{}
}

func (r *renewed) next() {
	r.group = new(sync.WaitGroup)
	r.group.Wait()
}

func (r *renewed) loop() {
	defer r.group.Done()
	for {
		select {
		case <-r.lost:
			r.next()
		case <-r.found:
			println("found")
		case <-r.stop:
			return
		}
	}
}

// What comes second finds the door shut; the loop that comes first waits for itself. It
// serves nothing but the time.
type guarded struct {
	group  sync.WaitGroup
	closed atomic.Bool
	stop   chan struct{}
	alive  func() bool
}

func (g *guarded) Start() {
	g.group.Add(1)
	go g.loop(time.NewTicker(time.Minute))
}

func (g *guarded) Stop() {
	if !g.closed.CompareAndSwap(false, true) {
		return
	}
	close(g.stop)
	g.group.Wait()
}

func (g *guarded) loop(t *time.Ticker) {
	defer g.group.Done()
	for {
		select {
		case <-t.C:
			if !g.alive() {
				g.Stop() // want `warning: blockloop: \(\*guarded\).Stop waits for group, to which this loop belongs`
			}
		case <-g.stop:
			return
		}
	}
}

// The loop is a literal, which belongs to the group in two of three cases.
type literals struct {
	group sync.WaitGroup
	stop  chan struct{}
	lost  chan int
	found chan int
}

func (l *literals) Stop() {
	close(l.stop)
	l.group.Wait()
}

func (l *literals) start() {
	l.group.Add(1)
	go func() {
		defer l.group.Done()
		for {
			select {
			case <-l.lost:
				l.Stop() // want `error: blockloop: .*Stop waits for group, to which this loop belongs, and so for ever`
			case n := <-l.found:
				println(n)
			case <-l.stop:
				return
			}
		}
	}()
}

func (l *literals) startInGroup() {
	l.group.Go(func() {
		for {
			select {
			case <-l.lost:
				l.Stop() // want `error: blockloop: .*Stop waits for group, to which this loop belongs, and so for ever`
			case n := <-l.found:
				println(n)
			case <-l.stop:
				return
			}
		}
	})
}

func (l *literals) startAlone() {
	go func() {
		for {
			select {
			case <-l.lost:
				l.Stop()
			case n := <-l.found:
				println(n)
			case <-l.stop:
				return
			}
		}
	}()
}
