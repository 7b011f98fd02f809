package provider

import (
	"context"
	"sync"

	"lockio/provider/token"
)

type credentials struct {
	mu     sync.Mutex
	tokens token.Provider
	store  token.Store
	last   string
}

func (c *credentials) current() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

func (c *credentials) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = ""
}

func (c *credentials) set(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = token
}

func (c *credentials) renew(ctx context.Context) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, err = c.tokens.Token(context.Background()) // want `warning: .*c.mu is held while token.Provider.Token waits on the network`
	return err
}

// There is but one token: whoever comes wants it, and the caller can cancel.
func (c *credentials) renewUntil(ctx context.Context) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, err = c.tokens.Token(ctx) // want "note: lockio: c.mu is held while token.Provider.Token waits on the network"
	return err
}

// One implementation is in memory.
func (c *credentials) stored(ctx context.Context) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, err = c.store.Get(ctx, "k") // want "note: lockio: c.mu is held while token.Store.Get waits on the network"
	return err
}
