package lockio

import (
	"net/http"
	"sync"
	"time"
)

// Who makes the ledger leaves a goroutine behind that reports it: by the time it
// does, everybody may want the lock.
type ledger struct {
	mu   sync.Mutex
	open map[string]int
}

func Keep(url string, every time.Duration) *ledger {
	l := &ledger{open: make(map[string]int)}
	l.load(url)
	go func() {
		for range time.Tick(every) {
			l.report(url)
		}
	}()
	return l
}

func (l *ledger) report(url string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name := range l.open {
		if resp, err := http.Get(url + name); err == nil { // want "warning: .*l.mu is held while http.Get waits on the network"
			resp.Body.Close()
		}
	}
}

// Before anybody has seen the ledger.
func (l *ledger) load(url string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	http.Head(url) // want "note: lockio: l.mu is held while http.Head waits on the network"
}

func (l *ledger) Count(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[name]++
}
