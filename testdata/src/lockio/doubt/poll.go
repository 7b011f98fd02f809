package doubt

import (
	"sync"
	"time"
)

// A short look, time after time, goes on until something else happens.
type queue struct {
	mu    sync.RWMutex
	inner sync.Mutex
	items []int
	tries int
}

func (q *queue) set(items []int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = items
}

func (q *queue) forward() int {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return q.next() // want `note: .*q.mu is held while \(\*queue\).next sleeps`
}

func (q *queue) next() int {
	for {
		q.inner.Lock()
		if len(q.items) > 0 {
			x := q.items[0]
			q.inner.Unlock()
			return x
		}
		q.inner.Unlock()
		time.Sleep(5 * time.Millisecond)
	}
}

// A few of them are short still.
func (q *queue) again() {
	q.mu.RLock()
	defer q.mu.RUnlock()
	q.thrice()
}

func (q *queue) thrice() {
	for range 3 {
		q.tries++
		time.Sleep(time.Millisecond)
	}
}
