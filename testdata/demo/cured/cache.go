package cured

import (
	"context"
	"sync"

	"example.com/thumbs/picture"
)

// A Cache keeps thumbnails of the store in memory.
type Cache struct {
	store *picture.Store

	mu     sync.Mutex
	thumbs map[string][]byte
}

// NewCache returns an empty cache of the store.
func NewCache(store *picture.Store) *Cache {
	return &Cache{store: store, thumbs: make(map[string][]byte)}
}

// Get returns a thumbnail, from the store where the cache has none.
//
// Nobody waits for the lock while the store answers. Two readers may ask the
// store for the same thumbnail, which does no harm.
func (c *Cache) Get(ctx context.Context, name string) ([]byte, error) {
	c.mu.Lock()
	thumb, ok := c.thumbs[name]
	c.mu.Unlock()
	if ok {
		return thumb, nil
	}
	thumb, err := c.store.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.thumbs[name] = thumb
	c.mu.Unlock()
	return thumb, nil
}

// Len returns the number of thumbnails in memory.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.thumbs)
}
