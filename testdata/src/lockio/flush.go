package lockio

import (
	"net/http"
	"runtime"
	"sync"
)

// A buffer is flushed without its lock, which the flush takes and gives back on
// several ways.
type buffer struct {
	mu       sync.Mutex
	pending  []string
	flushing bool
	failed   bool
}

func (b *buffer) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.pending)
}

// Lock is held on entry and on return.
func (b *buffer) flush() bool {
	if b.flushing {
		b.mu.Unlock()
		runtime.Gosched()
		b.mu.Lock()
		return false
	}
	b.flushing = true
	list := b.pending
	b.mu.Unlock()
	for _, url := range list {
		if url == "" {
			b.mu.Lock()
			b.failed = true
			return false
		}
		http.Get(url)
	}
	b.mu.Lock()
	b.flushing = false
	return true
}

// Lock is held on entry.
func (b *buffer) add(url string, now bool) {
	b.pending = append(b.pending, url)
	if !(now && b.flush()) {
		b.flushing = false
	}
}

func (b *buffer) later(url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.add(url, false)
}

func (b *buffer) sooner(url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.add(url, true)
}

// A branch that leaves with the lock given back says nothing of what follows.
func (b *buffer) leaves(url string) {
	if b.failed {
		b.mu.Unlock()
		return
	}
	http.Get(url)
	b.mu.Unlock()
}

func (b *buffer) held(url string) {
	b.mu.Lock()
	b.leaves(url) // want `b.mu is held while \(\*buffer\).leaves waits on the network`
}

// What a boolean parameter switches on happens only where it is switched on.
type catalog struct {
	mu    sync.Mutex
	names map[string]string
}

func (r *catalog) get(k string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.names[k]
}

func (r *catalog) has(k string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.names[k]
	return ok
}

func (r *catalog) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.names)
}

func (r *catalog) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.names)
}

func (r *catalog) put(k string, publish bool) {
	r.names[k] = k
	if publish {
		http.Get("http://registry.example/" + k)
	}
}

func (r *catalog) drop(k string, quietly bool) {
	delete(r.names, k)
	if quietly {
		return
	}
	http.Get("http://registry.example/" + k)
}

func (r *catalog) through(k string, loud bool) { r.drop(k, !loud) }

func (r *catalog) guards(k string, publish bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(k, false)
	r.drop(k, true)
	r.through(k, false)
}

func (r *catalog) published(k string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(k, true) // want `r.mu is held while \(\*catalog\).put waits on the network`
}

func (r *catalog) told(k string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.through(k, true) // want `r.mu is held while \(\*catalog\).through waits on the network`
}

func (r *catalog) asked(k string, publish bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(k, publish) // want `r.mu is held while \(\*catalog\).put waits on the network`
}

// A parameter that is set again switches nothing.
func (r *catalog) mended(k string, publish bool) {
	if k != "" {
		publish = true
	}
	if publish {
		http.Get("http://registry.example/" + k)
	}
}

func (r *catalog) set(k string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mended(k, false) // want `r.mu is held while \(\*catalog\).mended waits on the network`
}
