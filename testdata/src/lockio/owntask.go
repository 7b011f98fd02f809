package lockio

import (
	"context"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

// A wait for a goroutine of its own takes as long as what that does.
type ledgers struct {
	mu   sync.RWMutex
	rows []int
	urls []string
	sum  int
	done <-chan error
}

func (s *ledgers) put(rows []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = rows
}

func (s *ledgers) add() (n int) {
	for _, r := range s.rows {
		n += r
	}
	return n
}

func (s *ledgers) fetched(ctx context.Context) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	done := make(chan int, 1)
	go func() {
		_, _ = http.Get(s.urls[0])
		done <- s.add()
	}()
	select { // want "note: .*s.mu is held while this waits in select"
	case n := <-done:
		return n
	case <-ctx.Done():
		return 0
	}
}

// Those that compute are there at once.
func (s *ledgers) counted(ctx context.Context) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	done := make(chan int, 1)
	go func() { done <- s.add() }()
	select {
	case n := <-done:
		return n
	case <-ctx.Done():
		return 0
	}
}

func (s *ledgers) halves() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var both sync.WaitGroup
	for range 2 {
		both.Add(1)
		go func() {
			defer both.Done()
			_ = s.add()
		}()
	}
	both.Wait()
}

func (s *ledgers) closed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	done := make(chan struct{})
	go s.work(done)
	<-done
}

func (s *ledgers) work(done chan struct{}) {
	defer close(done)
	s.sum = s.add()
}

// One that wants the lock never ends.
func (s *ledgers) locked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.put(nil)
	}()
	<-done // want "warning: .*s.mu is held while this receives from done, and the other side takes it first: deadlock"
}

// One that gives up after a while does not keep the other one from being there at once, nor
// does a lock that everybody has for a moment.
func (s *ledgers) atMost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows sync.Mutex
	done, late := make(chan struct{}), make(chan struct{})
	go func() {
		rows.Lock()
		s.sum = s.add()
		rows.Unlock()
		close(done)
	}()
	go func() {
		time.Sleep(time.Second)
		close(late)
	}()
	select {
	case <-done:
	case <-late:
	}
}

// In a loop each of the cases may be the one that is waited for.
func (s *ledgers) gathered(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	here, there := make(chan int), make(chan int)
	go func() { here <- s.add() }()
	go func() {
		http.Get(url)
		there <- 1
	}()
	for range 2 {
		select { // want "note: .*s.mu is held while this waits in select"
		case <-here:
		case <-there:
		}
	}
}

// So does a function that waits for its own goroutine, whatever else may end the wait.
func (s *ledgers) exported() {
	s.mu.Lock()
	defer s.mu.Unlock()
	export(s.urls[0]) // want "note: .*s.mu is held while export waits on the network"
}

func export(url string) (err error) {
	done := make(chan struct{})
	go func() {
		_, err = http.Get(url)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
	}
	return err
}

// One that lets it go on does not.
func (s *ledgers) launched(cmd *exec.Cmd) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = sendOff(cmd) // want "note: lockio: s.mu is held while sendOff waits to receive"
}

func sendOff(cmd *exec.Cmd) <-chan error {
	started, done := make(chan struct{}), make(chan error, 1)
	go func() {
		close(started)
		done <- cmd.Wait()
	}()
	<-started
	return done
}
