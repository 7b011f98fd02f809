package lockio

import (
	"net"
	"sync"
)

// A lock that a goroutine gives back, which goes on when the function has returned.
type hostsList struct {
	mu    sync.RWMutex
	names map[string]bool
}

func (r *hostsList) add(name string) {
	r.mu.Lock()
	r.names[name] = true
	r.mu.Unlock()
}

func (r *hostsList) has(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.names[name]
}

// Who does not read to the end keeps the lock for good.
func (r *hostsList) all() <-chan string {
	r.mu.RLock()
	out := make(chan string)
	go func() {
		defer close(out)
		defer r.mu.RUnlock()
		for name := range r.names {
			out <- name // want `note: lockio: r.mu is held while this sends to out, so all who want the lock wait too`
		}
	}()
	return out
}

func (r *hostsList) known() <-chan string {
	r.mu.RLock()
	out := make(chan string)
	go func() {
		defer r.mu.RUnlock()
		for name := range r.names {
			if r.has(name) { // want `warning: lockio: r.mu is held while \(\*hostsList\).has takes it again: deadlock if somebody waits to write in between`
				_, err := net.Dial("tcp", name) // want `warning: lockio: r.mu is held while net.Dial waits on the network, so all who want the lock wait too`
				println(err)
			}
		}
	}()
	return out
}

// It is given back before anything is sent.
func (r *hostsList) copied() <-chan string {
	r.mu.RLock()
	out := make(chan string)
	go func() {
		var list []string
		for name := range r.names {
			list = append(list, name)
		}
		r.mu.RUnlock()
		for _, name := range list {
			out <- name
		}
	}()
	return out
}

// One that takes the lock itself is not given that of the function.
func (r *hostsList) own() <-chan string {
	out := make(chan string)
	r.mu.RLock()
	n := len(r.names)
	r.mu.RUnlock()
	go func() {
		r.mu.RLock()
		n := n + len(r.names)
		r.mu.RUnlock()
		out <- string(rune(n))
	}()
	return out
}

// The goroutine gives back the lock of what it is given, which has the same name there.
func (r *hostsList) others(o *hostsList) {
	o.mu.Lock()
	r.mu.RLock()
	go func(r *hostsList) {
		defer r.mu.Unlock()
		r.names["other"] = true
	}(o)
	_, err := net.Dial("tcp", "r") // want `note: lockio: o.mu is held while net.Dial waits on the network, so all who want the lock wait too`
	println(err)
	r.mu.RUnlock()
}

// A goroutine that gives it back when the function takes too long is none that has it.
func (r *hostsList) watched(late <-chan bool) {
	r.mu.Lock()
	ok := make(chan bool)
	go func() {
		select {
		case <-ok:
		case <-late:
			r.mu.Unlock()
		}
	}()
	r.names["watched"] = true
	close(ok)
	r.mu.Unlock()
}
