package lockio

import "sync"

// A Cond gives its own lock back while it waits, and no other.
type uploads struct {
	mu     sync.Mutex
	chunks map[int]bool

	countMu sync.Mutex
	count   int
	done    *sync.Cond
}

func newUploads() *uploads {
	u := &uploads{chunks: make(map[int]bool)}
	u.done = sync.NewCond(&u.countMu)
	return u
}

func (u *uploads) upload(i int) {
	u.mu.Lock()
	delete(u.chunks, i)
	u.mu.Unlock()
	u.countMu.Lock()
	u.count--
	u.countMu.Unlock()
	u.done.Broadcast()
}

func (u *uploads) settle() {
	u.countMu.Lock()
	for u.count > 0 {
		u.done.Wait()
	}
	u.countMu.Unlock()
}

func (u *uploads) flush() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.settle() // want `warning: .*u.mu is held while \(\*uploads\).settle waits for other goroutines, and the other side takes it first: deadlock`
}

// The lock of the Cond has no other name.
type idle struct {
	n    int
	cond *sync.Cond
}

func newIdle() *idle { return &idle{cond: sync.NewCond(&sync.Mutex{})} }

func (i *idle) wait() {
	i.cond.L.Lock()
	for i.n > 0 {
		i.cond.Wait()
	}
	i.cond.L.Unlock()
}

func (i *idle) done() {
	i.cond.L.Lock()
	i.n--
	i.cond.Broadcast()
	i.cond.L.Unlock()
}

// The lock of the Cond may be promoted.
type turn struct {
	mu struct {
		sync.Mutex
		cond *sync.Cond
		n    int
	}
}

func newTurn() *turn {
	t := &turn{}
	t.mu.cond = sync.NewCond(&t.mu)
	return t
}

func (t *turn) next() {
	t.mu.Lock()
	t.mu.n++
	t.mu.cond.Signal()
	t.mu.Unlock()
}

func (t *turn) await(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.mu.n < n {
		t.mu.cond.Wait()
	}
}
