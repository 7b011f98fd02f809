package doubt

import "sync"

type block struct {
	mu   sync.Mutex
	buf  []byte
	done chan struct{}
	full chan int
	wg   sync.WaitGroup
}

func (b *block) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.buf)
}

// The other side does not take the lock.
func (b *block) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	<-b.done // want "note: .*b.mu is held while this receives from b.done, so all who want the lock wait too .note: "
}

func (b *block) flushed() { close(b.done) }

func (b *block) join(work func()) {
	b.wg.Add(1)
	go func() {
		defer b.wg.Done()
		work()
	}()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wg.Wait() // want "note: .*b.mu is held while sync.*Wait waits for other goroutines, so all who want the lock wait too .note: "
}

// One of two that may answer takes it.
func (b *block) next() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return <-b.full // want "note: .*b.mu is held while this receives from b.full, deadlock if the other side wants the lock .note: "
}

func (b *block) give(n int) { b.full <- n }

func (b *block) giveLen() {
	b.mu.Lock()
	n := len(b.buf)
	b.mu.Unlock()
	b.full <- n
}
