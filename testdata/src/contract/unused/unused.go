package unused

import "sync"

type store struct {
	mu sync.Mutex //concurlint:ignore lockio behind code // want `warning: contract: directive ignore lockio silences nothing, remove it`
	n  int
}

// add has a sentence above, and nothing is left of the directives.
//
//concurlint:ignore lockio nothing waits here // want `warning: contract: directive ignore lockio silences nothing`
func (s *store) add() {
	s.mu.Lock()
	defer s.mu.Unlock()

	//concurlint:ignore lockio between blank lines // want `warning: contract: directive ignore lockio silences nothing`

	s.n++
}

// get keeps the directive that another tool reads.
//
//concurlint:ignore lockio nothing waits here // want `warning: contract: directive ignore lockio silences nothing`
//go:noinline
func (s *store) get() int {
	//concurlint:ignore lockio one of two // want `warning: contract: directive ignore lockio silences nothing`
	//concurlint:ignore fanout two of two // want `warning: contract: directive ignore fanout silences nothing`
	return s.n
}
