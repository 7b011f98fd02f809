// Package witness has the cases of who is said to wait for the lock: work that is short.
package witness

import (
	"net/http"
	"sync"

	"lockio/witness/fault"
)

type engine struct {
	mu   sync.Mutex
	runs bool
	name string
	all  []string
}

// start waits for a far end itself, each time that it does what it is there for.
func (e *engine) start() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runs {
		return fault.New("it runs")
	}
	resp, err := http.Get("http://far.example/start") // want "e.mu is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	e.runs = true
	return resp.Body.Close()
}

func (e *engine) ping() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	resp, err := http.Get("http://far.example/ping") // want "e.mu is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// push waits only when there is much: it is shorter than that, and title is the shortest.
func (e *engine) push(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, name)
	if len(e.all) > 100 {
		_, _ = http.Get("http://far.example/" + e.all[0]) // want "e.mu is held while http.Get waits on the network"
		e.all = nil
	}
}

func (e *engine) title() string {
	e.mu.Lock() // short
	defer e.mu.Unlock()
	return e.name
}

// Without such work, nothing is said of it.
type motor struct {
	mu   sync.Mutex
	runs bool
}

func (m *motor) start() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.runs {
		return fault.New("it runs")
	}
	resp, err := http.Get("http://far.example/start") // want "m.mu is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	m.runs = true
	return resp.Body.Close()
}

func (m *motor) ping() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	resp, err := http.Get("http://far.example/ping") // want "m.mu is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
