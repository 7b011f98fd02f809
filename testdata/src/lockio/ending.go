package lockio

import (
	"net/http"
	"sync"
)

// What comes after a wait need not be the end.
type kiosk struct {
	mu    sync.Mutex
	sold  int
	web   *http.Client
	ready chan struct{}
	next  chan *http.Request
}

func (k *kiosk) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sold
}

func (k *kiosk) add(n int) {
	k.mu.Lock()
	k.sold += n
	k.mu.Unlock()
}

func (k *kiosk) some() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sold > 0
}

func (k *kiosk) halve() {
	k.mu.Lock()
	k.sold /= 2
	k.mu.Unlock()
}

// Each caller waits until it is ready.
func (k *kiosk) sell(req *http.Request) {
	<-k.ready
	k.mu.Lock()
	defer k.mu.Unlock()
	k.web.Do(req) // want "warning: .*waits on the network"
	k.sold++
}

// A loop that tries until it works.
func (k *kiosk) retry(req *http.Request) {
	for {
		if k.count() > 0 {
			break
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.web.Do(req) // want "warning: .*waits on the network"
}

// A goroutine that is waited for.
func (k *kiosk) joined(req *http.Request) {
	done := make(chan struct{})
	go func() { defer close(done); k.count() }()
	<-done
	k.mu.Lock()
	defer k.mu.Unlock()
	k.web.Do(req) // want "warning: .*waits on the network"
}
