package silent

import (
	"errors"
	"sync"
)

// What the package does itself is done here: to ask for it is a look into memory.
type Cloakroom interface {
	Hang(coat string) (int, error)
	Take(coat string) (int, error)
}

type hooks struct{ coats map[string]int }

func (h *hooks) Hang(coat string) (int, error) {
	if _, ok := h.coats[coat]; ok {
		return 0, errors.New("hangs there already")
	}
	h.coats[coat] = len(h.coats)
	return h.coats[coat], nil
}

// To leave it to another method is no less.
func (h *hooks) Take(coat string) (int, error) { return h.take(coat, true) }

func (h *hooks) take(coat string, all bool) (int, error) {
	n, ok := h.coats[coat]
	if !ok && all {
		return 0, errors.New("hangs not there")
	}
	delete(h.coats, coat)
	return n, nil
}

type lobby struct {
	mu    sync.Mutex
	room  Cloakroom
	coats int
}

func (l *lobby) hang(coat string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.room.Hang(coat)
	l.coats++
	return err
}

func (l *lobby) take(coat string) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.coats--
	return l.room.Take(coat)
}

func (l *lobby) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.coats
}
