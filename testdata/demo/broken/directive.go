package broken

import (
	"context"
	"os"

	"example.com/thumbs/picture"
)

// Replace puts a new thumbnail into the store and the cache.
//
// The finding is silenced, but the next reader cannot know why.
func (c *Cache) Replace(ctx context.Context, name string, thumb []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	//concurlint:ignore lockio
	if err := c.store.Put(ctx, name, thumb); err != nil {
		return err
	}
	c.thumbs[name] = thumb
	return nil
}

// Forget drops a thumbnail.
//
// There is no finding here any more: the directive would silence the next one.
func (c *Cache) Forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	//concurlint:ignore lockio the store is told under the lock
	delete(c.thumbs, name)
}

// Keep says whether a picture is worth a thumbnail.
//
// It promises not to block, and reads a file.
//
//concurlint:nonblocking
func Keep(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > picture.Width
}
