package doubt

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// A whole file is read under the lock that look-ups need.
type settings struct {
	mu     sync.Mutex
	path   string
	values map[string]string
	raw    []byte
}

func (s *settings) get(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key]
}

func (s *settings) reload() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	raw, err := os.ReadFile(s.path) // want `note: .*s.mu is held while os.ReadFile waits on the file system, so all who want the lock wait too`
	s.raw = raw
	return err
}

// A tree is walked, a few calls down.
type catalogue struct {
	mu    sync.RWMutex
	files map[string]int64
}

func (x *catalogue) size(name string) int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.files[name]
}

func (x *catalogue) has(name string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	_, ok := x.files[name]
	return ok
}

func (x *catalogue) len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.files)
}

func (x *catalogue) rebuild(root string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	clear(x.files)
	return x.scan(root) // want `note: .*x.mu is held while \(\*catalogue\).scan waits on the file system`
}

func (x *catalogue) scan(root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			x.files[name] = 0
		}
		return err
	})
}

// One name for each element.
func (x *catalogue) measure(names []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, name := range names {
		if info, err := os.Stat(name); err == nil { // want `note: .*x.mu is held while os.Stat waits on the file system`
			x.files[name] = info.Size()
		}
	}
}

// The disk has to confirm.
type counter struct {
	mu   sync.Mutex
	n    int
	file *os.File
}

func (c *counter) add() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

func (c *counter) get() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func (c *counter) twice() {
	c.mu.Lock()
	c.n *= 2
	c.mu.Unlock()
}

func (c *counter) save() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.file.Sync() // want `note: .*c.mu is held while os.\(\*File\).Sync waits on the file system`
}

// A stream is read to its end.
func (c *counter) load() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return io.ReadAll(c.file) // want `note: .*c.mu is held while io.ReadAll on \*os.File waits on the file system`
}
