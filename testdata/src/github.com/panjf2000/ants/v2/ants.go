// Package ants stands in for the library of the same path.
package ants

type Option func()

type Pool struct{}

func NewPool(size int, options ...Option) (*Pool, error) { return &Pool{}, nil }
func WithNonblocking(b bool) Option                      { return nil }
func (p *Pool) Submit(task func()) error {
	go task()
	return nil
}
