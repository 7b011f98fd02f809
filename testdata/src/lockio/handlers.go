package lockio

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// The end of a server waits for its handlers, which want the lock.
type gate struct {
	mu     sync.Mutex
	srv    *http.Server
	mux    *http.ServeMux
	open   bool
	guests int
}

func (g *gate) start() {
	g.mux = http.NewServeMux()
	g.mux.HandleFunc("/enter", g.enter)
	g.srv = &http.Server{Handler: g.mux}
	go func() { _ = g.srv.ListenAndServe() }()
}

func (g *gate) enter(w http.ResponseWriter, _ *http.Request) {
	g.mu.Lock()
	g.guests++
	g.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = false
	_ = g.srv.Shutdown(context.Background()) // want "warning: .*g.mu is held while http.*Shutdown waits for other goroutines, and the other side takes it first: deadlock"
}

// Until the time is up.
type window struct {
	mu   sync.Mutex
	srv  http.Server
	seen int
}

func (w *window) start() {
	w.srv = http.Server{Handler: w}
	go func() { _ = w.srv.ListenAndServe() }()
}

func (w *window) ServeHTTP(http.ResponseWriter, *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen++
}

func (w *window) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.srv.Shutdown(ctx) // want "warning: .*w.mu is held while http.*Shutdown waits for other goroutines, and the other side takes it first: both wait until the time is up"
}

// Its handlers want another lock, and it shuts down after the lock.
type door struct {
	mu    sync.Mutex
	count sync.Mutex
	srv   *http.Server
	n     int
}

func (d *door) start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.srv = &http.Server{Handler: http.HandlerFunc(d.knock)}
	go func() { _ = d.srv.ListenAndServe() }()
}

func (d *door) knock(http.ResponseWriter, *http.Request) {
	d.count.Lock()
	defer d.count.Unlock()
	d.n++
}

func (d *door) close() {
	d.count.Lock()
	srv := d.srv
	d.count.Unlock()
	_ = srv.Shutdown(context.Background())
}

// The server has another name where it is made.
type hatch struct {
	mu   sync.Mutex
	srv  *http.Server
	seen int
}

func (h *hatch) start() {
	srv := &http.Server{Handler: h}
	h.srv = srv
	go func() { _ = srv.ListenAndServe() }()
}

func (h *hatch) ServeHTTP(http.ResponseWriter, *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen++
}

func (h *hatch) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.srv.Shutdown(context.Background()) // want "warning: .*h.mu is held while http.*Shutdown waits for other goroutines, and the other side takes it first: deadlock"
}
