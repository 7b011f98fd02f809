package fanout

import (
	"context"
	"sync"

	"example.com/registry"
)

// A configuration names as much as people like. One service has to bear it all.
type catalogue struct {
	opts   *options
	client *registry.Client
}

func (c *catalogue) refresh(ctx context.Context) { c.describe(ctx, c.opts.Cluster.Accounts) }

func (c *catalogue) describe(ctx context.Context, accounts []string) {
	var wg sync.WaitGroup
	for _, a := range accounts {
		wg.Add(1)
		go func(a string) { // want "each of accounts and each waits on the network"
			defer wg.Done()
			c.client.Describe(ctx, a)
		}(a)
	}
	wg.Wait()
}

func (c *catalogue) describeOwn(ctx context.Context) {
	for _, a := range c.opts.Cluster.Accounts {
		go c.client.Describe(ctx, a) // want "each of c.opts.Cluster.Accounts and each waits on the network"
	}
}
