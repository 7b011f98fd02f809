package broken

import (
	"context"
	"runtime"
	"strconv"

	"golang.org/x/sync/errgroup"

	"example.com/thumbs/picture"
)

// Thumbnails makes a thumbnail of each picture.
//
// Half the cores sounds modest, but on a machine with one core it is none: the
// first call of Go then waits for ever.
func Thumbnails(pictures [][]byte) ([][]byte, error) {
	thumbs := make([][]byte, len(pictures))
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU() / 2)
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
// Uploading is waiting: how many requests the store takes at once has nothing
// to do with the cores of this machine.
func Upload(ctx context.Context, store *picture.Store, thumbs [][]byte) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, thumb := range thumbs {
		g.Go(func() error { return store.Put(ctx, strconv.Itoa(i), thumb) })
	}
	return g.Wait()
}

// Stream makes a thumbnail of each picture that arrives, until pictures is closed.
//
// Two hundred goroutines compute no faster than one for each core. They take
// the cores from everything else and hold two hundred pictures in memory.
func Stream(pictures <-chan []byte, thumbs chan<- []byte) error {
	var g errgroup.Group
	g.SetLimit(200)
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
