package broken

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
// The lock is held while the store answers: one slow answer stops all readers,
// also those whose thumbnail is in the cache.
func (c *Cache) Get(ctx context.Context, name string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if thumb, ok := c.thumbs[name]; ok {
		return thumb, nil
	}
	thumb, err := c.store.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	c.thumbs[name] = thumb
	return thumb, nil
}

// Len returns the number of thumbnails in memory.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.thumbs)
}
