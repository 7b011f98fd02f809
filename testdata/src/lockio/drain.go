package lockio

import (
	"database/sql"
	"net/http"
	"sync"
)

// The one reader of a channel makes room no faster than it works, however large the
// buffer is: who sends under a lock waits for that.
type sink struct {
	mu    sync.Mutex
	total int
	lines chan string
	pings chan string
	sizes chan int
	seen  map[int]int
	quit  chan struct{}
	db    *sql.DB
}

func newSink(db *sql.DB) *sink {
	s := &sink{db: db, lines: make(chan string, 200), pings: make(chan string, 200), sizes: make(chan int, 200), seen: make(map[int]int)}
	go s.write()
	go s.serve()
	return s
}

func (s *sink) write() {
	for line := range s.lines {
		s.db.Exec("insert into lines values (?)", line)
	}
}

// Of several sources each has its own case.
func (s *sink) serve() {
	for {
		select {
		case p := <-s.pings:
			s.ping(p)
		case n := <-s.sizes:
			s.seen[n]++
		case <-s.quit:
			return
		}
	}
}

func (s *sink) ping(url string) {
	if resp, err := http.Get(url); err == nil {
		resp.Body.Close()
	}
}

func (s *sink) put(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total++
	s.lines <- line // want "warning: .*s.mu is held while this sends to s.lines, whose reader waits on a database for each, so all who want the lock wait too"
}

func (s *sink) announce(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total++
	s.pings <- url // want "warning: .*s.mu is held while this sends to s.pings, whose reader waits on the network for each"
}

func (s *sink) size(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total += n
	s.sizes <- n // want "warning: .*s.mu is held while this sends to s.sizes, so all who want the lock wait too"
}

func (s *sink) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}
