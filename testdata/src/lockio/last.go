package lockio

import (
	"net/http"
	"sync"
)

// What is deferred behind the release of a lock runs before it.
type pinboard struct {
	mu    sync.Mutex
	notes map[string]string
}

func (b *pinboard) drop(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.notes, key)
}

func (b *pinboard) dropLast(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.drop(key) // want `warning: .*b.mu is held while \(\*pinboard\).drop takes it again: deadlock`
}

func (b *pinboard) dropEach(keys []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range keys {
		if b.notes[k] == "" {
			defer b.drop(k) // want `warning: .*b.mu is held while \(\*pinboard\).drop takes it again: deadlock`
		}
	}
}

func (b *pinboard) dropInLiteral(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { // want `warning: .*b.mu is held while the function literal takes it again: deadlock`
		b.drop(key)
	}()
}

func (b *pinboard) postLast(url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer http.Get(url) // want `warning: .*b.mu is held while http.Get waits on the network`
	b.notes[url] = url
}

// Deferred before the release, it runs behind that.
func (b *pinboard) dropAfter(key string) {
	defer b.drop(key)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes[key] = key
}

// The release is not deferred, and comes first.
func (b *pinboard) dropBehind(key string) {
	b.mu.Lock()
	defer b.drop(key)
	b.notes[key] = key
	b.mu.Unlock()
}

// The deferred literal gives the lock back before it goes on.
func (b *pinboard) dropReleased(key string) {
	b.mu.Lock()
	defer func() {
		b.mu.Unlock()
		b.drop(key)
	}()
	b.notes[key] = key
}

// It is held on some ways only.
func (b *pinboard) dropSometimes(key string, hold bool) {
	if hold {
		b.mu.Lock()
		defer b.mu.Unlock()
	}
	defer b.drop(key + "!")
}

// Another goroutine has its time.
func (b *pinboard) dropLater(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { go b.drop(key) }()
}

// Given back in place behind it, or perhaps.
func (b *pinboard) dropHandedBack(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.mu.Lock()
	defer b.drop(key)
	b.notes[key] = key
	b.mu.Unlock()
}

func (b *pinboard) dropPerhaps(key string) {
	b.mu.Lock()
	held := true
	defer func() {
		if held {
			b.mu.Unlock()
		}
	}()
	defer b.drop(key)
	held = false
	b.mu.Unlock()
}

// What a deferred literal does when it has told waits for nobody who still holds the lock.
type opened struct {
	mu sync.Mutex
	n  int
}

func (o *opened) drop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.n--
}

func (o *opened) open() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			done <- err
			o.drop()
		}()
		err = o.read()
	}()
	return <-done // want `note: lockio: o.mu is held while this receives from done, so all who want the lock wait too`
}

func (o *opened) openAgain() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			o.drop()
			done <- err
		}()
		err = o.read()
	}()
	return <-done // want `warning: lockio: o.mu is held while this receives from done, and the other side takes it first: deadlock`
}

func (o *opened) read() error { return nil }
