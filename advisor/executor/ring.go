package executor

import "sync/atomic"

// ring is a bounded queue for any number of goroutines on both sides, without a
// lock: each place has a turn that says whose it is (D. Vyukov's bounded queue).
// Those who put meet only each other, in tail, and so do those who take, in head;
// the two sides meet in the places.
type ring struct {
	places []place
	_      [cacheLine - 24]byte
	head   atomic.Uint64 // taken
	_      [cacheLine - 8]byte
	tail   atomic.Uint64 // put
	_      [cacheLine - 8]byte
}

// cacheLine is what cores exchange: what different sides write lies in different
// ones.
const cacheLine = 64

// place is position n of the queue when turn is n (free) or n+1 (full).
type place struct {
	turn atomic.Uint64
	task func() error
}

// newRing returns a queue with room for at least so many.
func newRing(room int) *ring {
	n := 1
	for n < room {
		n *= 2
	}
	r := &ring{places: make([]place, n)}
	for i := range r.places {
		r.places[i].turn.Store(uint64(i))
	}
	return r
}

func (r *ring) at(n uint64) *place { return &r.places[n&uint64(len(r.places)-1)] }

// put appends a task, unless the queue is full.
func (r *ring) put(task func() error) bool {
	for {
		n := r.tail.Load()
		p := r.at(n)
		switch turn := p.turn.Load(); {
		case turn == n:
			if r.tail.CompareAndSwap(n, n+1) {
				p.task = task
				p.turn.Store(n + 1)
				return true
			}
		case turn < n: // still full since the last round
			return false
		}
	}
}

// take returns the first task, or nil if there is none.
func (r *ring) take() func() error {
	for {
		n := r.head.Load()
		p := r.at(n)
		switch turn := p.turn.Load(); {
		case turn == n+1:
			if r.head.CompareAndSwap(n, n+1) {
				task := p.task
				p.task = nil
				p.turn.Store(n + uint64(len(r.places)))
				return task
			}
		case turn <= n: // not put, or not quite
			return nil
		}
	}
}

// empty reports whether take would find nothing.
func (r *ring) empty() bool {
	n := r.head.Load()
	return r.at(n).turn.Load() <= n
}

// len is about how many tasks wait.
func (r *ring) len() int { return int(max(0, int64(r.tail.Load()-r.head.Load()))) }

func (r *ring) half() int { return len(r.places) / 2 }

// count is what was ever put, the latest perhaps not quite yet.
func (r *ring) count() uint64 { return r.tail.Load() }
