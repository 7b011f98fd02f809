// Package store keeps thumbnails on disk.
package store

import (
	"os"
	"path/filepath"
	"sync"
)

// A Store writes one file for each thumbnail.
type Store struct {
	mu    sync.Mutex
	dir   string
	sizes map[string]int
}

// Put writes a thumbnail so that it survives a crash.
func (s *Store) Put(name string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := os.Create(filepath.Join(s.dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	s.sizes[name] = len(data)
	return nil
}

// Warm reads what is there once, before the service opens.
func (s *Store) Warm(names []string) error {
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			return err
		}
		s.sizes[name] = len(data)
	}
	return nil
}
