package lockio

import (
	"net/http"
	"sync"
)

// A tally takes its lock in functions that are given what to do under it.
type tally struct {
	mu    sync.Mutex
	total int
	reset func()
}

func under(mu *sync.Mutex, f func()) {
	mu.Lock()
	defer mu.Unlock()
	f()
}

func (l *tally) locked(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

func (l *tally) sum() (n int) {
	l.locked(func() { n = l.total })
	return n
}

func (l *tally) fetchUnder(url string) {
	under(&l.mu, func() {
		http.Get(url) // want "warning: .*l.mu is held while http.Get waits on the network"
	})
}

func (l *tally) fetchLocked(url string) {
	l.locked(func() {
		http.Get(url) // want "warning: .*l.mu is held while http.Get waits on the network"
	})
	http.Get(url)
}

// What the function defers runs before it is left.
func (l *tally) fetchLast(url string) {
	l.locked(func() {
		defer http.Get(url) // want "warning: .*l.mu is held while http.Get waits on the network"
		l.total++
	})
}

func (l *tally) clearLast() {
	l.locked(func() {
		defer l.clear() // want `warning: .*l.mu is held while \(\*tally\).clear takes it again: deadlock`
		l.total++
	})
}

// The request is over before the lock is taken, or goes on without it.
func (l *tally) fetchBefore(url string) {
	resp, err := http.Get(url)
	if err != nil {
		return
	}
	under(&l.mu, func() {
		l.total += int(resp.ContentLength)
		go http.Get(url)
	})
}

// Another lock is that of one call.
func fetchAlone(url string) {
	var mu sync.Mutex
	under(&mu, func() { http.Get(url) })
}

func newTally() *tally {
	l := &tally{}
	l.reset = l.clear
	return l
}

func (l *tally) clear() {
	l.mu.Lock()
	l.total = 0
	l.mu.Unlock()
}

func (l *tally) empty() {
	under(&l.mu, l.clear) // want "warning: .*l.mu is held while l.clear runs, which takes it again: deadlock"
}

func (l *tally) restart() {
	under(&l.mu, l.reset) // want "warning: .*l.mu is held while l.reset runs, which takes it again: deadlock"
}

func (l *tally) restartIn() {
	l.locked(func() {
		l.reset() // want "warning: .*l.mu is held while l.reset runs, which takes it again: deadlock"
	})
}

func (l *tally) restartAfter() {
	l.locked(func() { l.total++ })
	l.reset()
}
