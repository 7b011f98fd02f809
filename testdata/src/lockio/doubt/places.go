package doubt

import (
	"os"
	"sync"
)

// disk holds a place for each file that may be read at once.
var disk chan struct{}

func init() {
	disk = make(chan struct{}, 8)
	for range 8 {
		disk <- struct{}{}
	}
}

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

// Who gives a place back has nothing to do with the lock.
func (b *block) load(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	<-disk // want "b.mu is held while this receives from disk, so all who want the lock wait for a place too$"
	b.buf, _ = os.ReadFile(name)
	disk <- struct{}{} // want "b.mu is held while this sends to disk, so all who want the lock wait for a place too$"
}

func (b *block) loads(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf = read(name) // want "b.mu is held while read waits to receive, so all who want the lock wait for a place too$"
}

func read(name string) []byte {
	<-disk
	defer func() { disk <- struct{}{} }()
	buf, _ := os.ReadFile(name)
	return buf
}

// The other side does not take the lock.
func (b *block) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	<-b.done // want "b.mu is held while this receives from b.done, so all who want the lock wait too$"
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
	b.wg.Wait() // want "b.mu is held while sync.*Wait waits for other goroutines, so all who want the lock wait too$"
}

// One of two that may answer takes it.
func (b *block) next() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return <-b.full // want "b.mu is held while this receives from b.full, deadlock if the other side wants the lock$"
}

func (b *block) give(n int) { b.full <- n }

func (b *block) giveLen() {
	b.mu.Lock()
	n := len(b.buf)
	b.mu.Unlock()
	b.full <- n
}
