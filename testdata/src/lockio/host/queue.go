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
	consume(q.list) // a note: what runs is not known here
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
