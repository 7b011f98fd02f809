package driver

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// What the cache may hold. A day's work on a large program with all that it
// imports is some 100 MB; go's own build cache trims what was not used for five
// days, too.
const (
	keepFor  = 5 * 24 * time.Hour
	keepSize = 2 << 30
	stamp    = "trimmed" // its time says when
)

// trim removes what was not used for long and, of too much, what was unused for
// longest. It does so once a day; another process that misses a file has a miss,
// no more.
func (s store) trim() {
	if s.dir == "" {
		return
	}
	name := filepath.Join(s.dir, stamp)
	now := time.Now()
	info, err := os.Stat(name)
	if err == nil && now.Sub(info.ModTime()).Abs() < fresh {
		return
	}
	if os.WriteFile(name, nil, 0o666) != nil {
		return // nothing to trim, or nothing that we may
	}
	os.Chtimes(name, now, now)
	s.trimTo(now.Add(-keepFor), keepSize)
}

// A blob is a file of the cache.
type blob struct {
	path string
	size int64
	used time.Time
}

func (s store) trimTo(oldest time.Time, most int64) {
	list := s.blobs()
	slices.SortFunc(list, func(a, b blob) int { return cmp.Or(b.used.Compare(a.used), strings.Compare(a.path, b.path)) })
	var size int64
	for _, b := range list {
		if size += b.size; b.used.Before(oldest) || size > most {
			os.Remove(b.path)
		}
	}
}

// blobs lists the files below directories that have the names of ours: the user
// may have pointed us at a directory with other things in it.
func (s store) blobs() []blob {
	var list []blob
	dirs, _ := filepath.Glob(filepath.Join(s.dir, "[0-9a-f][0-9a-f]"))
	for _, dir := range dirs {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if info, err := e.Info(); err == nil && e.Type() == fs.FileMode(0) && isBlob(e.Name()) {
				list = append(list, blob{filepath.Join(dir, e.Name()), info.Size(), info.ModTime()})
			}
		}
	}
	return list
}

// isBlob tells the names of blobs and of files that are not yet some.
func isBlob(name string) bool {
	return strings.HasPrefix(name, temporary) || len(name) == 2*len(key{})-2 && strings.Trim(name, "0123456789abcdef") == ""
}

// CacheSize returns how many files the cache in dir has, and their bytes.
func CacheSize(dir string) (files int, bytes int64) {
	for _, b := range (store{dir}).blobs() {
		files++
		bytes += b.size
	}
	return files, bytes
}

// CleanCache removes the cache in dir, and nothing else that may be there.
func CleanCache(dir string) error {
	s := store{dir}
	for _, b := range s.blobs() {
		if err := os.Remove(b.path); err != nil {
			return err
		}
		os.Remove(filepath.Dir(b.path)) // succeeds when it is empty
	}
	os.Remove(filepath.Join(dir, stamp))
	os.Remove(dir)
	return nil
}
