// Package errgroup stands in for the real one.
package errgroup

import "context"

type Group struct{ sem chan struct{} }

func WithContext(ctx context.Context) (*Group, context.Context) { return &Group{}, ctx }

func (g *Group) Go(f func() error) {
	if g.sem != nil {
		g.sem <- struct{}{}
	}
	go func() {
		f()
		if g.sem != nil {
			<-g.sem
		}
	}()
}

func (g *Group) TryGo(f func() error) bool { return true }
func (g *Group) SetLimit(n int)            { g.sem = make(chan struct{}, n) }
func (g *Group) Wait() error               { return nil }
