package lockio

import (
	"net/http"
	"sync"
	"testing"
)

// A server of the program, one of whose methods is for its tests: the file is none.
type embedded struct {
	mu   sync.Mutex
	urls map[string]bool
}

func (e *embedded) check(url string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, err := http.Get(url) // want "warning: .*e.mu is held while http.Get waits on the network"
	e.urls[url] = err == nil
	return err
}

func (e *embedded) add(url string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.urls[url] = true
}

func (e *embedded) known(url string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.urls[url]
}

func (e *embedded) size() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.urls)
}

func (e *embedded) empty() bool { return e.size() == 0 }

func (e *embedded) startForTest(tb testing.TB) {
	tb.Helper()
	e.urls = make(map[string]bool)
}
