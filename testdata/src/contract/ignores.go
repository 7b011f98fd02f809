package contract

import (
	"net/http"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

type store struct {
	mu sync.Mutex
}

func (s *store) line() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = http.Get("http://example.com/") //concurlint:ignore lockio the lock guards this very request
}

func (s *store) above() {
	s.mu.Lock()
	defer s.mu.Unlock()
	//concurlint:ignore lockio the lock guards this very request
	_, _ = http.Get("http://example.com/")
}

func (s *store) block(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	//concurlint:ignore lockio the lock guards these requests
	if on {
		_, _ = http.Get("http://example.com/a")
		_, _ = http.Get("http://example.com/b")
	}
}

//concurlint:ignore lockio the lock guards these requests
func (s *store) function() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = http.Get("http://example.com/a")
	_, _ = http.Get("http://example.com/b")
}

func (s *store) otherLinters() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = http.Get("http://example.com/") //nolint:bodyclose,concurlint // the lock guards this very request
	_ = s                                  //nolint:concurlint // unused, but other tools may have asked for it
}

func (s *store) several() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = http.Get("http://example.com/") //concurlint:ignore fanout,lockio the lock guards this very request
}

// The finding is about the size, and is silenced where the tasks are handed over.
func handedOver(urls []string) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, u := range urls {
		//concurlint:ignore poolfit the far end is this machine
		g.Go(func() error { _, err := http.Get(u); return err })
	}
	return g.Wait()
}

func (s *store) unused() {
	//concurlint:ignore lockio nothing waits here any more // want `warning: .*directive ignore lockio silences nothing, remove it`
	s.mu.Lock()
	s.mu.Unlock()
}

func (s *store) reason() {
	s.mu.Lock()
	defer s.mu.Unlock()
	/* want `directive ignore lockio gives no reason` */ //concurlint:ignore lockio
	_, _ = http.Get("http://example.com/")
}

func malformed() {
	/* want `directive ignore names no rule and no reason` */ //concurlint:ignore
	/* want `directive ignore names the unknown rule "lockoi"` */ //concurlint:ignore lockoi the lock guards it
	/* want `directive without a name` */ //concurlint:
	/* want `unknown directive "ignor"` */ //concurlint:ignor lockio the lock guards it
}
