package proposal

import (
	"net/http"
	"sync"
)

type store struct {
	mu   sync.Mutex
	base string
	last string
	n    int
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
	_, err := http.Get(url) // want `warning: lockio: s.mu is held while http.Get waits on the network`
	s.mu.Unlock()
	if err != nil {
		s.reset()
	}
}

func (s *store) atTheBeginning(url string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := http.Get(url) // want `warning: lockio: s.mu is held while http.Get waits on the network`
	s.n++
	return err
}

// The field is set elsewhere: the lock guards it.
func (s *store) guarded(url string) {
	s.mu.Lock()
	s.n++
	_, _ = http.Get(url + s.last) // want `warning: lockio: s.mu is held while http.Get waits on the network`
	s.mu.Unlock()
}

func (s *store) set(url string) {
	s.mu.Lock()
	s.last = url
	s.mu.Unlock()
}

// The field is what it was made with.
func (s *store) unguarded(url string) {
	s.mu.Lock()
	s.n++
	_, _ = http.Get(url + s.base) // want `warning: lockio: s.mu is held while http.Get waits on the network`
	s.mu.Unlock()
}

// get may read anything of s.
func (s *store) get(url string) { _, _ = http.Get(url + s.last) }

func (s *store) method(url string) {
	s.mu.Lock()
	s.n++
	s.get(url) // want `warning: lockio: s.mu is held while .*get waits on the network`
	s.mu.Unlock()
}

// outer has a lock of its own, and so has what it holds.
type outer struct{ in *inner }

type inner struct {
	sync.Mutex
	base string
	last string
}

func (i *inner) get(url string) { _, _ = http.Get(url + i.last) }

func (o *outer) embedded(url string) {
	o.in.Lock()
	o.in.last = ""
	o.in.get(url) // want `warning: lockio: o.in is held while .*get waits on the network`
	o.in.Unlock()
}

// What comes before needs the lock, and what comes after, too.
func (s *store) between(url string) {
	s.mu.Lock()
	s.n++
	_, err := http.Get(url) // want `warning: lockio: s.mu is held while http.Get waits on the network`
	if err != nil {
		s.n--
	}
	s.mu.Unlock()
}

// What follows is short work, which most uses of the locks are.

func (s *store) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *store) isEmpty() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n * 0
}

func (s *store) isFull() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n + 9
}

func (s *store) double() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return 2 * s.n
}

func (s *store) half() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n / 2
}

func (s *store) next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n + 1
}

func (s *store) previous() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n - 1
}

func (s *store) square() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n * s.n
}

func (i *inner) name() string {
	i.Lock()
	defer i.Unlock()
	return i.last
}

func (i *inner) other() string {
	i.Lock()
	defer i.Unlock()
	return i.last
}
