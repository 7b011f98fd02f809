package cured

import (
	"io/fs"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"example.com/thumbs/picture"
)

// MaxOpen keeps a disk busy; a program that knows its disk sets another.
var MaxOpen = 32

// Hashes returns the hash of each file below dir, in the order of the walk.
//
// It has at most MaxOpen files open: each holds a descriptor, and each read from
// the disk a thread.
func Hashes(dir string) ([]string, error) {
	paths, err := list(dir)
	if err != nil {
		return nil, err
	}
	sums := make([]string, len(paths))
	var g errgroup.Group
	g.SetLimit(MaxOpen)
	for i, path := range paths {
		g.Go(func() (err error) {
			sums[i], err = picture.HashFile(path)
			return err
		})
	}
	return sums, g.Wait()
}

func list(dir string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	return paths, err
}
