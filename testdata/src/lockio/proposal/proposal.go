package proposal

import (
	"net/http"
	"sync"
)

type store struct {
	mu     sync.Mutex
	client *http.Client
	last   string
	n      int
}

// reset has others wait for the lock for short work.
func (s *store) reset() {
	s.mu.Lock()
	s.n = 0
	s.mu.Unlock()
}

// atTheEnd waits last.
func (s *store) atTheEnd(url string) {
	s.mu.Lock()
	s.n++
	_, err := s.client.Get(url) // want `lockio: s.mu is held while http.*Get waits on the network`
	s.mu.Unlock()
	if err != nil {
		s.reset()
	}
}

func (s *store) atTheBeginning(url string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.client.Get(url) // want `lockio: s.mu is held while http.*Get waits on the network`
	s.n++
	return err
}

// The field is set elsewhere: the lock guards it.
func (s *store) guarded() {
	s.mu.Lock()
	s.n++
	_, _ = s.client.Get(s.last) // want `lockio: s.mu is held while http.*Get waits on the network`
	s.mu.Unlock()
}

func (s *store) set(url string) {
	s.mu.Lock()
	s.last = url
	s.mu.Unlock()
}

// The field is what it was made with.
func (s *store) unguarded() {
	s.mu.Lock()
	s.n++
	_, _ = s.client.Get("http://example.com/") // want `lockio: s.mu is held while http.*Get waits on the network`
	s.mu.Unlock()
}

// get may read anything of s.
func (s *store) get() { _, _ = s.client.Get("http://example.com/" + s.last) }

func (s *store) method() {
	s.mu.Lock()
	s.n++
	s.get() // want `lockio: s.mu is held while .*get waits on the network`
	s.mu.Unlock()
}

// What comes before needs the lock, and what comes after, too.
func (s *store) between(url string) {
	s.mu.Lock()
	s.n++
	_, err := s.client.Get(url) // want `lockio: s.mu is held while http.*Get waits on the network`
	if err != nil {
		s.n--
	}
	s.mu.Unlock()
}
