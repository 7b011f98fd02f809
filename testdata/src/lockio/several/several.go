package several

import (
	"net/http"
	"sync"
)

// The other side takes a lock of the same field, and of another value.

type shelf struct {
	mu    sync.Mutex
	books map[string]string
}

func newShelf(books map[string]string) *shelf { return &shelf{books: books} }

// What has just been made is another one.
func (s *shelf) split(hosts []string) *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fillNew(hosts) // want "note: lockio: s.mu is held while fillNew waits for other goroutines, so all who want the lock wait too"
}

func fillNew(hosts []string) (made *shelf) {
	made = &shelf{books: make(map[string]string)}
	var wg sync.WaitGroup
	for _, h := range hosts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			made.mu.Lock()
			defer made.mu.Unlock()
			made.books[h] = h
		}()
	}
	wg.Wait()
	return made
}

// By an interface it may be one or the other, where there are several.
type library interface{ drop(name string) }

type reading struct{ old, recent library }

func opened() *reading {
	return &reading{newShelf(nil), newShelf(map[string]string{})}
}

func (r *reading) close(name string) { r.recent.drop(name) }

func (s *shelf) drop(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.books, name)
}

func (s *shelf) clear(r *reading, names chan string, count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var wg sync.WaitGroup
	for range count {
		wg.Go(func() {
			for name := range names {
				r.close(name)
				http.Get(name)
			}
		})
	}
	wg.Wait() // want "warning: lockio: s.mu is held while .*WaitGroup..Wait waits on the network, so all who want the lock wait too"
}
