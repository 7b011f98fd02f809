package host

import "sync"

// A Queue gives out all that it has, and is known by this interface alone.
type Queue[T any] interface {
	Publish(T)
	Take(func([]T))
	Peek(func(T))
}

type memory[T any] struct {
	mu   sync.Mutex
	list []T
}

func NewQueue[T any]() Queue[T] { return &memory[T]{} }

func (q *memory[T]) Publish(x T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = append(q.list, x)
}

func (q *memory[T]) Take(consume func([]T)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	consume(q.list) // want "note: lockio: q.mu is held while consume runs.*not known here"
	q.list = nil
}

func (q *memory[T]) Peek(look func(T)) {
	q.mu.Lock()
	if len(q.list) == 0 {
		q.mu.Unlock()
		return
	}
	first := q.list[0]
	q.mu.Unlock()
	look(first)
}

// A Sink is another interface with such a method, of one that has no lock.
type Sink interface{ Each(func(string)) }

type plain struct{ list []string }

func NewSink(list []string) Sink { return &plain{list} }

func (p *plain) Each(visit func(string)) {
	for _, s := range p.list {
		visit(s)
	}
}

// Parts are behind an interface, and one may be built of another.
type Parts interface {
	Each(func(string) error) error
	Len() int
}

type Bin struct {
	mu   sync.RWMutex
	list []string
}

func (s *Bin) Add(part string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, part)
}

func (s *Bin) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.list)
}

func (s *Bin) Each(visit func(string) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.list {
		if err := visit(p); err != nil { // want "note: lockio: s.mu is held while visit runs"
			return err
		}
	}
	return nil
}
