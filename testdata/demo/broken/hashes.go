package broken

import (
	"golang.org/x/sync/errgroup"

	"example.com/thumbs/picture"
)

// Hashes returns the hash of each of the files, in the same order.
//
// It opens all files at once: each open file holds a descriptor, and each read
// from the disk a thread.
func Hashes(paths []string) ([]string, error) {
	sums := make([]string, len(paths))
	var g errgroup.Group
	for i, path := range paths {
		g.Go(func() (err error) {
			sums[i], err = picture.HashFile(path)
			return err
		})
	}
	return sums, g.Wait()
}
