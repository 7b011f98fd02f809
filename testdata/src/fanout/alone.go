package fanout

import (
	"net/http"
	"sync"
	"sync/atomic"

	"fanout/par"
)

// One at a time: whoever comes while a task runs, or after it, finds that and leaves it at that.

type survey struct {
	mu      sync.Mutex
	running bool
	busy    atomic.Bool
	state   int32
	viewers int
	asked   atomic.Int32
	stop    func()
	dirty   bool
	in      chan string
}

var surveying bool

func (s *survey) flag() {
	for u := range s.in {
		s.mu.Lock()
		if !s.running {
			s.running = true
			go s.run(u)
		}
		s.mu.Unlock()
	}
}

func (s *survey) run(u string) {
	defer s.done()
	fetch(u)
}

func (s *survey) done() { s.running = false }

func (s *survey) flagLeaves() {
	for u := range s.in {
		if s.running {
			continue
		}
		s.running = true
		go s.run(u)
	}
}

func (s *survey) global() {
	for u := range s.in {
		if surveying {
			continue
		}
		go func() {
			fetch(u)
			surveying = false
		}()
		surveying = true
	}
}

func (s *survey) local() {
	running := false
	for u := range s.in {
		if running {
			continue
		}
		running = true
		go fetch(u)
	}
}

func (s *survey) swaps() {
	for u := range s.in {
		if s.busy.CompareAndSwap(false, true) {
			go func() {
				defer s.busy.Store(false)
				fetch(u)
			}()
		}
	}
}

func (s *survey) swapsOf() {
	for u := range s.in {
		if !atomic.CompareAndSwapInt32(&s.state, 0, 1) {
			continue
		}
		go func() {
			defer atomic.StoreInt32(&s.state, 0)
			fetch(u)
		}()
	}
}

func (s *survey) none() {
	for u := range s.in {
		if s.stop == nil {
			s.stop = func() {}
			go fetch(u)
		}
	}
}

// The first who looks starts it.
func (s *survey) first(w http.ResponseWriter, r *http.Request) {
	s.enter()
	defer s.leave()
	w.Write(nil)
}

func (s *survey) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.viewers++
	if s.viewers == 1 {
		go fetch("http://localhost/")
	}
}

func (s *survey) leave() {
	s.mu.Lock()
	s.viewers--
	s.mu.Unlock()
}

func (s *survey) counts(w http.ResponseWriter, r *http.Request) {
	if s.asked.Add(1) > 1 {
		return
	}
	go func() {
		defer s.asked.Store(0)
		fetch(r.FormValue("u"))
	}()
}

// The task itself returns at once.
func (s *survey) within() {
	for u := range s.in {
		go s.once(u)
	}
}

func (s *survey) once(u string) {
	s.mu.Lock()
	if s.running {
		s.mu.Unlock()
		return
	}
	s.running = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.running = false
		s.mu.Unlock()
	}()
	fetch(u)
}

// What others are given to run is in another package.
func (s *survey) elsewhere(g *par.Guard) {
	for u := range s.in {
		g.Start(func() { fetch(u) })
	}
}

// A flag of each.
type visit struct {
	seen bool
	url  string
}

func (v *visit) start() {
	if v.seen {
		return
	}
	v.seen = true
	go fetch(v.url)
}

func visits(list chan *visit, one *visit) {
	for v := range list {
		if !v.seen {
			v.seen = true
			go fetch(v.url) // want `fanout: go starts a goroutine for each of list and each waits on the network`
		}
		v.start()   // want `fanout: .*visit.*start starts a goroutine for each of list and each waits on the network`
		one.start() // the same one again
	}
}

// Something to do is what the flag says, and others raise it.
func (s *survey) told() {
	for u := range s.in {
		s.dirty = u != ""
		if s.dirty {
			s.dirty = false
			go fetch(u) // want `fanout: go starts a goroutine for each of s.in and each waits on the network`
		}
	}
}

// The function opens the way again while the task goes on.
func (s *survey) opens() {
	for u := range s.in {
		s.each(u) // want `fanout: .*each starts a goroutine for each of s.in and each waits on the network`
	}
}

func (s *survey) each(u string) {
	if s.running {
		return
	}
	s.running = true
	defer func() { s.running = false }()
	go fetch(u)
}
