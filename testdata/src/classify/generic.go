package classify

import (
	"cmp"
	"encoding/json"
	"os"
	"sync"
)

// class: light cpu
func sumOf[T ~int | ~float64](xs []T) (total T) {
	for _, x := range xs {
		total += x
	}
	return total
}

// class: light none
func clamp[T cmp.Ordered](x, lo, hi T) T {
	return max(lo, min(x, hi))
}

// class: light none
func ptr[T any](v T) *T { return &v }

// class: io file
func readJSON[T any](path string) (v T, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return v, err
	}
	err = json.Unmarshal(b, &v)
	return v, err
}

type set[T comparable] map[T]struct{}

// class: light none
func (s set[T]) has(v T) bool { _, ok := s[v]; return ok }

// class: light cpu
func (s set[T]) union(t set[T]) set[T] {
	out := make(set[T], len(s)+len(t))
	for v := range s {
		out[v] = struct{}{}
	}
	for v := range t {
		out[v] = struct{}{}
	}
	return out
}

type queue[T any] struct {
	mu    sync.Mutex
	items []T
}

// class: coordination lock
func (q *queue[T]) push(v T) {
	q.mu.Lock()
	q.items = append(q.items, v)
	q.mu.Unlock()
}

type stream[T any] struct{ ch chan T }

// class: coordination chan
func (s *stream[T]) next() (T, bool) {
	v, ok := <-s.ch
	return v, ok
}

// Polymorphic: what it does is what f does.
func apply[T, U any](f func(T) (U, error), v T) (U, error) {
	return f(v)
}

// Polymorphic in f.
func each[T any](xs []T, f func(T) error) error {
	for _, x := range xs {
		if err := f(x); err != nil {
			return err
		}
	}
	return nil
}

// Polymorphic in f.
func retry(n int, f func() error) (err error) {
	for range n {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}

// The parameter of apply is a method value.
// class: io net
func applyFetch(c *client) ([]byte, error) {
	return apply(c.fetch, "/status")
}

// class: light none
func applyParse(s string) (int, error) {
	return apply(parsePort, s)
}

// class: io net
func retryPing(n *namedClient) error {
	return retry(3, n.ping)
}

// class: io file
func removeAll(paths []string) error {
	return each(paths, os.Remove)
}

// class: light cpu
func longestName(us []user) (n int) {
	each(us, func(u user) error {
		n = max(n, len(u.Name))
		return nil
	})
	return n
}
