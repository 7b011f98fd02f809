package lockio

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// What a field holds is known but for what somebody wraps around it: the default
// makes a request all the same.

type step func(ctx context.Context, url string) error

// A Layer wraps a step in another.
type Layer interface{ Around(step) step }

type layers struct {
	mu     sync.Mutex
	all    []Layer
	inner  step
	now    step
	quiet  step
	failed int
}

func newLayers() *layers {
	l := &layers{inner: fetchStep, quiet: func(context.Context, string) error { return nil }}
	l.now = l.inner
	return l
}

func fetchStep(ctx context.Context, url string) error {
	resp, err := http.Get(url)
	if err == nil {
		resp.Body.Close()
	}
	return err
}

func (l *layers) add(w Layer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, w)
	l.now = w.Around(l.now)
}

func (l *layers) failures() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

func (l *layers) run(ctx context.Context, url string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now(ctx, url) // want "warning: .*l.mu is held while fetchStep waits on the network"
}

// All that it may hold is known, and does nothing.
func (l *layers) rest(ctx context.Context, url string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.quiet(ctx, url)
}

// After the lock.
func (l *layers) free(ctx context.Context, url string) error {
	l.mu.Lock()
	f := l.now
	l.mu.Unlock()
	return f(ctx, url)
}

// A dialFunc makes connections, whoever has set it.
type dialFunc func(ctx context.Context, addr string) (net.Conn, error)

type dialing struct {
	mu   sync.Mutex
	open map[string]net.Conn
	Dial dialFunc
}

func (d *dialing) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open)
}

func (d *dialing) to(ctx context.Context, addr string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	conn, err := d.Dial(ctx, addr) // want "warning: .*d.mu is held while d.Dial, which makes a connection, waits on the network"
	if err == nil {
		d.open[addr] = conn
	}
	return err
}
