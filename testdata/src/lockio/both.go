package lockio

import (
	"net/http"
	"sync"
)

// A copier fetches one page at a time, which its first lock is for. Short work needs
// the second one, and has to wait for the network: of the two that are held on the
// line, that is the one to mend.
type copier struct {
	turn sync.Mutex
	mu   sync.Mutex
	last string
}

func (m *copier) copy(url string) error {
	m.turn.Lock()
	defer m.turn.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = url
	resp, err := http.Get(url) // want "warning: .*m.mu is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (m *copier) again(url string) error {
	m.turn.Lock()
	defer m.turn.Unlock()
	resp, err := http.Get(url) // want "note: lockio: m.turn is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (m *copier) copied() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last
}
