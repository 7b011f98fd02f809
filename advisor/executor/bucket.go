package executor

import (
	"sync"
	"sync/atomic"
	"time"
)

// bucket is a token bucket kept as the instant at which the next token is due
// (the generic cell rate algorithm): no goroutine fills it.
type bucket struct {
	closed atomic.Bool // a rate or a delay holds: ask before an attempt

	mu    sync.Mutex
	every time.Duration // between two tokens; 0: no rate
	slack time.Duration // how far the due instant may lie in the past: the burst
	due   time.Time
	until time.Time // nobody starts before it
}

func (b *bucket) limit(rate float64, burst int) {
	if rate <= 0 {
		return
	}
	b.every = time.Duration(float64(time.Second) / rate)
	b.slack = b.every * time.Duration(max(1, burst)-1)
	b.closed.Store(true)
}

// reserve takes a token and returns how long to wait until it is due.
func (b *bucket) reserve(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.every == 0 {
		if !b.until.After(now) {
			b.closed.Store(false)
		}
		return b.until.Sub(now)
	}
	if oldest := now.Add(-b.slack); b.due.Before(oldest) {
		b.due = oldest
	}
	start := b.due
	b.due = b.due.Add(b.every)
	return start.Sub(now)
}

// delay lets nothing start for d.
func (b *bucket) delay(now time.Time, d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	until := now.Add(d)
	if until.After(b.until) {
		b.until = until
	}
	// Tokens handed out already cannot be called back; the ones to come wait.
	if until.After(b.due) {
		b.due = until
	}
	b.closed.Store(true)
}
