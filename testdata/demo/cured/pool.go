package cured

import (
	"context"
	"runtime"
	"strconv"

	"golang.org/x/sync/errgroup"

	"example.com/thumbs/picture"
)

// Thumbnails makes a thumbnail of each picture.
//
// Computing wants as many goroutines as cores; GOMAXPROCS also knows how many
// the container may use, and is never 0.
func Thumbnails(pictures [][]byte) ([][]byte, error) {
	thumbs := make([][]byte, len(pictures))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, data := range pictures {
		g.Go(func() (err error) {
			thumbs[i], err = picture.Thumbnail(data)
			return err
		})
	}
	return thumbs, g.Wait()
}

// Upload sends all thumbnails to the store.
//
// The store says how many requests it takes at once.
func Upload(ctx context.Context, store *picture.Store, thumbs [][]byte) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(store.Limit)
	for i, thumb := range thumbs {
		g.Go(func() error { return store.Put(ctx, strconv.Itoa(i), thumb) })
	}
	return g.Wait()
}

// Stream makes a thumbnail of each picture that arrives, until pictures is closed.
//
// Pictures wait in the channel while all cores compute.
func Stream(pictures <-chan []byte, thumbs chan<- []byte) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for data := range pictures {
		g.Go(func() error {
			thumb, err := picture.Thumbnail(data)
			if err == nil {
				thumbs <- thumb
			}
			return err
		})
	}
	return g.Wait()
}
