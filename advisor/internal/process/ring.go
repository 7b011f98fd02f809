package process

// A ring is a double-ended queue that grows and never shrinks.
type ring[T any] struct {
	items   []T // length is 0 or a power of two
	head, n int
}

func (r *ring[T]) len() int { return r.n }

func (r *ring[T]) grow() {
	if r.n < len(r.items) {
		return
	}
	larger := make([]T, max(16, 2*len(r.items)))
	k := copy(larger, r.items[r.head:])
	copy(larger[k:], r.items[:r.head])
	r.items, r.head = larger, 0
}

func (r *ring[T]) pushBack(v T) {
	r.grow()
	r.items[(r.head+r.n)&(len(r.items)-1)] = v
	r.n++
}

func (r *ring[T]) pushFront(v T) {
	r.grow()
	r.head = (r.head - 1) & (len(r.items) - 1)
	r.items[r.head] = v
	r.n++
}

// front is the first item, in place. The ring must not be empty.
func (r *ring[T]) front() *T { return &r.items[r.head] }

func (r *ring[T]) popFront() T {
	var zero T
	v := r.items[r.head]
	r.items[r.head] = zero // so that it can be collected
	r.head = (r.head + 1) & (len(r.items) - 1)
	r.n--
	return v
}
