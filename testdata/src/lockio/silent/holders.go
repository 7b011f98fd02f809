package silent

import (
	"os"
	"sync"
)

// Who has a place gives it back himself, and wants the lock before he takes it, if at all.
var opened = make(chan struct{}, 128)

func exists(name string) bool {
	opened <- struct{}{}
	_, err := os.Stat(name)
	<-opened
	return err == nil
}

type index struct {
	mu    sync.Mutex
	known map[string]bool
	files files
}

type files struct{ open chan struct{} }

func newIndex() *index {
	return &index{known: make(map[string]bool), files: files{make(chan struct{}, 16)}}
}

func (i *index) has(name string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if ok, found := i.known[name]; found {
		return ok
	}
	i.known[name] = exists(name) // want "silent: .*so all who want the lock wait for a place too$"
	return i.known[name]
}

func (i *index) size(name string) int64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.files.size(name) // want "silent: .*so all who want the lock wait for a place too$"
}

func (f files) size(name string) (n int64) {
	f.open <- struct{}{}
	if info, err := os.Stat(name); err == nil {
		n = info.Size()
	}
	<-f.open
	return n
}

func (i *index) reset() {
	i.mu.Lock()
	defer i.mu.Unlock()
	clear(i.known)
}

// What is given back under the lock is there to be taken out again, whoever waits for a place
// with the lock held.
func (i *index) refresh(name string) {
	opened <- struct{}{}
	_, err := os.Stat(name)
	i.mu.Lock()
	i.known[name] = err == nil
	<-opened // want "silent: .*i.mu is held while this receives from opened, so all who want the lock wait for a place too$"
	i.mu.Unlock()
}
