package cured

import (
	"golang.org/x/sync/errgroup"

	"example.com/thumbs/picture"
)

// MaxOpen keeps a disk busy; a program that knows its disk sets another.
var MaxOpen = 32

// Hashes returns the hash of each of the files, in the same order.
//
// It has at most MaxOpen files open: each holds a descriptor, and each read from
// the disk a thread.
func Hashes(paths []string) ([]string, error) {
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
