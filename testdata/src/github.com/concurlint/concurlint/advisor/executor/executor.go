// Package executor stands in for the real one.
package executor

import "context"

type Pool struct{}

func NewPool(ctx context.Context, size int) *Pool { return &Pool{} }

func (p *Pool) Go(task func() error) {}
func (p *Pool) Batch() *Batch        { return &Batch{} }
func (p *Pool) Wait() error          { return nil }

type Batch struct{}

func (b *Batch) Go(task func() error) {}
func (b *Batch) Flush()               {}
func (b *Batch) Wait() error          { return nil }

type Group struct{}

func WithContext(ctx context.Context) (*Group, context.Context) { return &Group{}, ctx }

func (g *Group) Go(task func() error)         {}
func (g *Group) TryGo(task func() error) bool { return true }
func (g *Group) SetLimit(n int)               {}
func (g *Group) Wait() error                  { return nil }

type Options struct{ Size int }

func Range(ctx context.Context, n int, do func(i int), list ...Options) error { return nil }

func ForEach[T any](ctx context.Context, in []T, do func(context.Context, T) error, list ...Options) error {
	return nil
}

func Map[T, R any](ctx context.Context, in []T, do func(context.Context, T) (R, error), list ...Options) ([]R, error) {
	return nil, nil
}
