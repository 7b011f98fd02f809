package lockio

import "sync"

// A channel that is closed behind the lock, or by a goroutine that the function starts under
// it, is not kept open by the lock.
type chute struct {
	mu    sync.Mutex
	queue chan int
	sent  int
	work  sync.WaitGroup
}

func newChute() *chute { return &chute{queue: make(chan int, 8)} }

func (s *chute) put(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue <- n // want `warning: .*s.mu is held while this sends to s.queue, so all who want the lock wait too`
}

func (s *chute) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

func (s *chute) finish() {
	s.mu.Lock()
	defer close(s.queue)
	s.sent = 0
	s.mu.Unlock()
}

func (s *chute) finishLater() {
	s.mu.Lock()
	go func() {
		s.work.Wait()
		close(s.queue)
	}()
	s.sent = 0
	s.mu.Unlock()
}
