package lockio

import (
	"errors"
	"sync"
)

// Who hears of errors and of figures takes the lock, whatever way they come.
type board struct {
	mu    sync.Mutex
	n     int
	errs  chan error
	stats chan int
	quit  chan struct{}
}

func newBoard() *board {
	b := &board{errs: make(chan error), stats: make(chan int, 10), quit: make(chan struct{})}
	go b.listen()
	go b.count()
	return b
}

func (b *board) listen() {
	for {
		select {
		case <-b.errs:
			b.mu.Lock()
			b.n--
			b.mu.Unlock()
		case <-b.quit:
			return
		}
	}
}

func (b *board) count() {
	for range b.stats {
		b.mu.Lock()
		b.n++
		b.mu.Unlock()
	}
}

// On an error path.
func (b *board) add(n int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n < 0 {
		err := errors.New("negative")
		b.errs <- err // want `warning: .*b.mu is held while this sends to b.errs, and the other side takes it first: deadlock`
		return err
	}
	b.n += n
	return nil
}

// In a select that only the end of the program leaves otherwise.
func (b *board) tell(err error) {
	select {
	case b.errs <- err:
	case <-b.quit:
	}
}

func (b *board) sweep() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tell(errors.New("late")) // want `warning: .*b.mu is held while \(\*board\).tell can block on a channel, and the other side takes it first: deadlock`
}

// Once the buffer is full.
func (b *board) score(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stats <- n // want `warning: .*b.mu is held while this sends to b.stats, and the other side takes it first: deadlock`
}

// After the lock.
func (b *board) fine(err error) {
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
	b.errs <- err
	b.stats <- 1
}

// The send depends on what the reader's owner keeps: it is no word that the reader is
// there.
func (b *board) overdrawn(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.n -= n; b.n < 0 {
		b.errs <- errors.New("overdrawn") // want `warning: .*b.mu is held while this sends to b.errs, and the other side takes it first: deadlock`
	}
}

func (b *board) full() bool { return b.n > 10 }

func (b *board) put() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.full() {
		b.errs <- errors.New("full") // want `warning: .*b.mu is held while this sends to b.errs, and the other side takes it first: deadlock`
	}
}

// For what is sent now and then a buffer has room.
func (b *board) rounds() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.n%100 == 0 {
		b.stats <- b.n
	}
}

// That somebody has set the channel is no word that its reader is there.
type guestBook struct {
	mu      sync.Mutex
	entered map[string]bool
	Told    chan string
}

func (l *guestBook) enter(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entered[key] = true
	if l.Told != nil {
		l.Told <- key // want `warning: .*l.mu is held while this sends to l.Told, so all who want the lock wait too`
	}
}

func (l *guestBook) has(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entered[key]
}

// How full it is tells whether the send waits: there is room for one more, since all who
// send hold the lock.
func (l *guestBook) enterIfRoom(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.Told) < cap(l.Told) {
		l.Told <- key
	}
}

func (l *guestBook) enterOrLeave(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.Told) == cap(l.Told) {
		return false
	}
	l.Told <- key
	return true
}
