package doubt

import (
	"net/http"
	"sync"
)

// A lock is taken under another one, and somebody holds it while he waits: the users
// of the outer lock wait, too.
type agency struct {
	mu    sync.Mutex
	desks map[string]*desk

	linkMu sync.Mutex
	link   string
	web    *http.Client

	readMu sync.RWMutex
	page   string
}

type desk struct {
	mu    sync.Mutex
	state int
}

func (a *agency) size() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.desks)
}

// The holder of the inner lock makes a request for what the lock guards.
func (a *agency) startLink(name string) (string, error) {
	a.linkMu.Lock()
	defer a.linkMu.Unlock()
	resp, err := a.web.Get("http://example.com/" + name) // want "warning: .*a.linkMu is held while .* waits on the network"
	if err != nil {
		return "", err
	}
	a.link = resp.Status
	return a.link, nil
}

func (a *agency) current() string {
	a.linkMu.Lock()
	defer a.linkMu.Unlock()
	return a.link
}

func (a *agency) drop() {
	a.linkMu.Lock()
	a.link = ""
	a.linkMu.Unlock()
}

// Through a function of the package.
func (a *agency) failed(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.desks, name)
	a.drop() // want "note: .*a.mu is held while .*agency..drop waits for a.linkMu, whose holder waits on the network"
}

// In the function itself.
func (a *agency) reset() {
	a.mu.Lock()
	a.desks = nil
	a.linkMu.Lock() // want "note: .*a.mu is held while this waits for a.linkMu, whose holder waits on the network"
	a.link = ""
	a.linkMu.Unlock()
	a.mu.Unlock()
}

// One after the other.
func (a *agency) next() {
	a.mu.Lock()
	a.desks = nil
	a.mu.Unlock()
	a.drop()
}

// On another goroutine.
func (a *agency) later() {
	a.mu.Lock()
	defer a.mu.Unlock()
	go a.drop()
}

// The holders of the inner lock do short work.
func (a *agency) open(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.desks[name].set(1)
}

func (d *desk) set(n int) {
	d.mu.Lock()
	d.state = n
	d.mu.Unlock()
}

// Readers do not wait for each other.
func (a *agency) refresh() error {
	a.readMu.RLock()
	defer a.readMu.RUnlock()
	_, err := a.web.Get(a.page) // want "note: .*a.readMu is held while .* waits on the network"
	return err
}

func (a *agency) shown() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.text()
}

func (a *agency) text() string {
	a.readMu.RLock()
	defer a.readMu.RUnlock()
	return a.page
}

// Whoever holds the inner lock for long holds the outer one, too: no user of that
// waits for him but those who wait anyway.
type bureau struct {
	mu    sync.Mutex
	desks map[string]*window
	web   *http.Client
}

type window struct {
	mu   sync.Mutex
	last string
}

func (b *bureau) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.desks)
}

func (b *bureau) reload(url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.desks {
		c.reload(b.web, url) // want "warning: .*b.mu is held while .*window..reload waits on the network"
	}
}

func (c *window) reload(web *http.Client, url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if resp, err := web.Get(url); err == nil { // want "warning: .*c.mu is held while .* waits on the network"
		c.last = resp.Status
	}
}

func (b *bureau) named(name string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.desks[name].current()
}

func (c *window) current() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}
