package doubt

import (
	"errors"
	"log/slog"
	"sync"
)

// What does nothing stands in for what is elsewhere, and that may wait: where it is asked
// under a lock, others wait with it. The lock that an early return forgets is held as well.
type Usher interface {
	Open() error
	Seat(guest string, row int) (*ticket, error)
	Dismiss(guest string) (*ticket, error)
}

type ticket struct{ ok bool }

type noUsher struct{ log *slog.Logger }

func (n noUsher) Open() error { return nil }

func (n noUsher) Seat(guest string, row int) (*ticket, error) {
	n.log.Debug("no seat", "guest", guest)
	return &ticket{}, nil
}

func (n noUsher) Dismiss(string) (*ticket, error) { return nil, errors.New("not there") }

type balcony struct {
	mu    sync.Mutex
	seats map[string]bool
}

type opera struct{ usher Usher }

func NoUsher(log *slog.Logger) Usher { return noUsher{log} }

func Opened(u Usher) *opera { return &opera{usher: u} }

func (o *opera) seat(b *balcony, guest string) (*ticket, error) {
	b.mu.Lock()
	if b.seats[guest] {
		b.mu.Unlock()
		return nil, errors.New("seated already")
	}
	t, err := o.usher.Seat(guest, 1) // want "note: .*b.mu is held while o.usher.Seat runs, which may wait, or want the lock"
	if err != nil {
		if t == nil {
			b.mu.Unlock()
			return nil, err
		}
	} else if t.ok {
		b.seats[guest] = true
	}
	b.mu.Unlock()
	return t, nil
}

func (o *opera) dismiss(b *balcony, guest string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err := o.usher.Dismiss(guest) // want "note: .*b.mu is held while o.usher.Dismiss runs, which may wait, or want the lock"
	delete(b.seats, guest)
	return err
}

func (b *balcony) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.seats)
}
