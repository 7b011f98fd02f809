package cured

import (
	"context"
	"io/fs"

	"example.com/thumbs/picture"
)

// Replace puts a new thumbnail into the store and the cache.
//
// The finding is silenced, and the next reader knows why.
func (c *Cache) Replace(ctx context.Context, name string, thumb []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	//concurlint:ignore lockio readers must not see the old thumbnail once the store has the new one
	if err := c.store.Put(ctx, name, thumb); err != nil {
		return err
	}
	c.thumbs[name] = thumb
	return nil
}

// Forget drops a thumbnail.
func (c *Cache) Forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.thumbs, name)
}

// Keep says whether a picture is worth a thumbnail.
//
// It promises not to block: whoever calls it has read the size before.
//
//concurlint:nonblocking
func Keep(info fs.FileInfo) bool {
	return info.Size() > picture.Width
}
