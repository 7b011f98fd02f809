package doubt

import (
	"context"
	"net/http"
	"sync"
)

// A server that takes the lock when it has served: it does so once.
type station struct {
	mu      sync.Mutex
	posts   map[string]*http.Request
	web     *http.Client
	calls   chan string
	stopped chan struct{}
}

func (s *station) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.posts)
}

func (s *station) has(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts[name] != nil
}

func (s *station) add(name string, req *http.Request) {
	s.mu.Lock()
	s.posts[name] = req
	s.mu.Unlock()
}

func (s *station) empty() bool { return s.size() == 0 }

func (s *station) serve() {
	for {
		select {
		case name := <-s.calls:
			s.remove(name)
		case <-s.stopped:
			return
		}
	}
}

func (s *station) remove(name string) {
	s.mu.Lock()
	delete(s.posts, name)
	s.mu.Unlock()
}

// After a call that goes on until it is told to stop.
func (s *station) afterServing() {
	s.serve()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.web.Do(s.posts["x"]) // want "note: .*waits on the network"
}

// After the loop itself.
func (s *station) afterLoop() {
	for {
		if _, ok := <-s.calls; !ok {
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.web.Do(s.posts["x"]) // want "note: .*waits on the network"
}

// After the wait for the end.
func (s *station) afterContext(ctx context.Context) {
	<-ctx.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.web.Do(s.posts["x"]) // want "note: .*waits on the network"
}

func (s *station) afterStop() {
	<-s.stopped
	s.mu.Lock()
	defer s.mu.Unlock()
	s.web.Do(s.posts["x"]) // want "note: .*waits on the network"
}

// Who closes a channel of its own object can do so but once.
func (s *station) shelve() {
	close(s.stopped)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.web.Do(s.posts["x"]) // want "note: .*waits on the network"
}
