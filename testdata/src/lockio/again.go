package lockio

import (
	"net/http"
	"sync"
	"time"
)

// Who is asked under the lock takes itself off the list when it does not answer, and
// comes to the lock again.
type station struct {
	mu     sync.Mutex
	trains map[string]*train
}

type train struct {
	home *station
	name string
}

func (s *station) call() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.trains {
		t.ask() // want "warning: .*s.mu is held while .*ask waits on the network"
	}
}

func (t *train) ask() {
	if _, err := http.Get(t.name); err != nil {
		t.home.leave(t)
	}
}

func (s *station) leave(t *train) {
	s.mu.Lock()
	delete(s.trains, t.name)
	s.mu.Unlock()
}

func (s *station) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.trains)
}

// A goroutine that who makes the object starts goes on when everybody has it.
func watched(url string) *station {
	s := &station{trains: make(map[string]*train)}
	go func() {
		time.Sleep(time.Minute)
		s.mu.Lock()
		http.Get(url) // want "warning: .*s.mu is held while http.Get waits on the network"
		s.mu.Unlock()
	}()
	return s
}
