package lockio

import "sync"

// The end of a wait goes by another name than the wait, and stands in a function that
// the goroutine calls last; the lock is taken on the way there.
type stack struct {
	mu    sync.Mutex
	boxes map[int]*box
	n     int
	all   sync.WaitGroup
	done  chan struct{}
	gone  chan struct{}
	shut  chan struct{}
}

type box struct{ wg sync.WaitGroup }

func (s *stack) add(id int) {
	s.mu.Lock()
	s.boxes[id] = &box{}
	s.boxes[id].wg.Add(1)
	s.mu.Unlock()
	go s.fill(id)
}

// By a pointer to it, in a deferred literal.
func (s *stack) fill(id int) {
	s.mu.Lock()
	wg := &s.boxes[id].wg
	s.mu.Unlock()
	defer func() {
		wg.Done()
		s.mu.Lock()
		s.n--
		s.mu.Unlock()
	}()
}

func (s *stack) empty() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.boxes {
		b.wg.Wait() // want `warning: .*s.mu is held while sync.\(\*WaitGroup\).Wait waits for other goroutines, and the other side takes it first: deadlock`
	}
}

// As an argument.
func (s *stack) open() {
	s.all.Add(1)
	go s.work(&s.all)
}

func (s *stack) work(wg *sync.WaitGroup) {
	defer wg.Done()
	s.count()
}

func (s *stack) count() {
	s.mu.Lock()
	s.n++
	s.mu.Unlock()
}

func (s *stack) close() {
	s.mu.Lock()
	s.all.Wait() // want `warning: .*and the other side takes it first: deadlock`
	s.mu.Unlock()
}

// A channel that is made in a variable.
func (s *stack) start() {
	done := make(chan struct{})
	s.done = done
	go func() {
		defer close(done)
		s.count()
	}()
}

func (s *stack) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	<-s.done // want `warning: .*this receives from s.done, and the other side takes it first: deadlock`
}

// In a function that is called last, and one that is deferred.
func (s *stack) serve() {
	s.count()
	s.leave()
}

func (s *stack) leave() { close(s.gone) }

func (s *stack) left() {
	s.mu.Lock()
	defer s.mu.Unlock()
	<-s.gone // want `warning: .*this receives from s.gone, and the other side takes it first: deadlock`
}

// The lock is taken after the end: by what has been deferred before, and behind a call.
type drawers struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	done chan struct{}
	gone chan struct{}
	n    int
}

func (d *drawers) work() {
	defer d.count()
	defer d.wg.Done()
}

func (d *drawers) join() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wg.Wait() // want "note: lockio: d.mu is held while sync...WaitGroup..Wait waits for other goroutines"
}

func (d *drawers) run() {
	defer d.count()
	close(d.done)
}

func (d *drawers) await() {
	d.mu.Lock()
	defer d.mu.Unlock()
	<-d.done // want "note: lockio: d.mu is held while this receives from d.done"
}

func (d *drawers) serve() {
	d.leave()
	d.count()
}

func (d *drawers) leave() { close(d.gone) }

func (d *drawers) left() {
	d.mu.Lock()
	defer d.mu.Unlock()
	<-d.gone // want "note: lockio: d.mu is held while this receives from d.gone"
}

func (d *drawers) count() {
	d.mu.Lock()
	d.n++
	d.mu.Unlock()
}

// Two callers end the wait, and both take the lock before by way of the same function.
type relay struct {
	mu   sync.Mutex
	over chan struct{}
	n    int
}

func (r *relay) await() {
	r.mu.Lock()
	defer r.mu.Unlock()
	<-r.over // want `warning: .*and the other side takes it first: deadlock`
}

func (r *relay) left()  { r.count(); r.finish() }
func (r *relay) right() { r.count(); r.finish() }

func (r *relay) count() {
	r.mu.Lock()
	r.n++
	r.mu.Unlock()
}

func (r *relay) finish() { close(r.over) }

// A depot of idle boxes has a place for each that it is filled with.
type reserve struct {
	mu    sync.Mutex
	count int
	idle  chan *box
	spare chan *box

	double chan *box
	again  chan *box
	more   chan *box
}

func (r *reserve) fill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = make(chan *box, r.count)
	for range r.count {
		r.idle <- &box{}
	}
}

// One more than there are places.
func (r *reserve) overfill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spare = make(chan *box, r.count)
	for i := 0; i <= r.count; i++ {
		r.spare <- &box{} // want `warning: .*r.mu is held while this sends to r.spare`
	}
}

func (r *reserve) serve() {
	go func() {
		for b := range r.idle {
			r.mu.Lock()
			b.wg.Wait() // want "note: lockio: r.mu is held while sync...WaitGroup..Wait waits for other goroutines"
			r.mu.Unlock()
		}
	}()
	go func() {
		for b := range r.spare {
			r.mu.Lock()
			b.wg.Wait() // want "note: lockio: r.mu is held while sync...WaitGroup..Wait waits for other goroutines"
			r.mu.Unlock()
		}
	}()
}

// Two in each turn.
func (r *reserve) fillTwice() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.double = make(chan *box, r.count)
	for range r.count {
		r.double <- &box{} // want `warning: .*r.mu is held while this sends to r.double`
		r.double <- &box{}
	}
}

// The places are filled again.
func (r *reserve) fillAgain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.again = make(chan *box, r.count)
	for range r.count {
		r.again <- &box{} // want `warning: .*r.mu is held while this sends to r.again`
	}
	for range r.count {
		r.again <- &box{}
	}
}

// There are more turns than places.
func (r *reserve) fillMore() {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.count
	r.more = make(chan *box, n)
	n *= 2
	for range n {
		r.more <- &box{} // want `warning: .*r.mu is held while this sends to r.more`
	}
}
