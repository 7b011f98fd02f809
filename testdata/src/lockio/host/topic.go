package host

import "sync"

// A Topic calls its readers with each event, under its lock.
type Topic[T any] struct {
	mu      sync.Mutex
	readers []*reader[T]
}

type reader[T any] struct{ read func(T) }

// NewTopic returns a topic without readers.
func NewTopic[T any](name string) *Topic[T] { return &Topic[T]{} }

// Read adds a reader.
func (t *Topic[T]) Read(f func(T)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.readers = append(t.readers, &reader[T]{f})
}

// Publish calls all readers.
func (t *Topic[T]) Publish(event T) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.readers {
		r.read(event) // want "warning: lockio: t.mu is held while r.read runs"
	}
}

// A Light is on or off, and says so.
type Light struct {
	mu      sync.Mutex
	on      bool
	changes *Topic[bool]
}

// NewLight returns one that is off.
func NewLight() *Light { return &Light{changes: NewTopic[bool]("light")} }

// Switch tells the readers of its changes, under its lock too.
func (l *Light) Switch(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on = on
	l.changes.Publish(on)
}

// Changes calls f when it is switched.
func (l *Light) Changes(f func(bool)) { l.changes.Read(f) }
