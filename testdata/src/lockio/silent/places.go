// Package silent holds candidates that nobody is told of: of a hundred such places that
// were judged, none was worth it.
package silent

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
	mu  sync.Mutex
	buf []byte
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
	<-disk // want "silent: .*b.mu is held while this receives from disk, so all who want the lock wait for a place too$"
	_, _ = os.Stat(name)
	disk <- struct{}{} // want "silent: .*b.mu is held while this sends to disk, so all who want the lock wait for a place too$"
}

func (b *block) loads(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf = read(name) // want "silent: .*b.mu is held while read waits to receive, so all who want the lock wait for a place too$"
}

func read(name string) []byte {
	<-disk
	defer func() { disk <- struct{}{} }()
	_, _ = os.Stat(name)
	return nil
}
