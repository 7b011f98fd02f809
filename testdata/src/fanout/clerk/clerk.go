// Package clerk declares the interfaces that it needs: what is behind them, only those
// know who give it.
package clerk

import "sync"

type Sender interface {
	Send(item string)
	Ping()
}

// A Clerk is given its sender by the constructor, one for reports by a field.
type Clerk struct {
	sender Sender
	slow   Slow
	Report interface{ Tell(item string) error }
}

type Slow interface{ Check(item string) }

func New(s Sender, slow Slow) *Clerk { return &Clerk{sender: s, slow: slow} }

func (c *Clerk) SendAll(items []string) {
	for _, item := range items {
		go c.sender.Send(item)
	}
}

func (c *Clerk) CheckAll(items []string) {
	places := make(chan struct{}, 8)
	for _, item := range items {
		places <- struct{}{}
		go func() {
			c.slow.Check(item)
			<-places
		}()
	}
}

func (c *Clerk) TellAll(items []string) {
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() { c.tell(item) })
	}
	wg.Wait()
}

func (c *Clerk) tell(item string) {
	if err := c.Report.Tell(item); err != nil {
		println(err)
	}
}

// A Bell is rung as often as there are items, by who is in its options.
type Options struct{ Sender Sender }

type Bell struct{ o Options }

func NewBell(o Options) *Bell { return &Bell{o} }

func (b *Bell) Ring(items []string) {
	var wg sync.WaitGroup
	for range items {
		wg.Go(b.o.Sender.Ping)
	}
	wg.Wait()
}

// Each needs no constructor.
func Each(items []string, s Sender) {
	for _, item := range items {
		go s.Send(item)
	}
}
