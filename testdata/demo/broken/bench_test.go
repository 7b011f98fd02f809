package broken_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"

	"example.com/thumbs/broken"
	"example.com/thumbs/load"
	"example.com/thumbs/picture"
)

func TestMain(m *testing.M) {
	load.Serve()
	os.Exit(m.Run())
}

func BenchmarkHashes(b *testing.B) {
	dir := b.TempDir()
	if err := load.Write(dir, slices.Repeat(pictures(b, 10), 10)); err != nil {
		b.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := broken.Hashes(paths); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkThumbnails(b *testing.B) {
	data := pictures(b, 16)
	for b.Loop() {
		if _, err := broken.Thumbnails(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStream(b *testing.B) {
	data := pictures(b, 16)
	for b.Loop() {
		in, out := make(chan []byte), make(chan []byte, len(data))
		go func() {
			defer close(in)
			for _, d := range data {
				in <- d
			}
		}()
		if err := broken.Stream(in, out); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpload(b *testing.B) {
	s, thumbs := store(b), slices.Repeat([][]byte{make([]byte, 4096)}, 100)
	for b.Loop() {
		if err := broken.Upload(b.Context(), s, thumbs); err != nil {
			b.Fatal(err)
		}
	}
}

// Eight readers want the same thumbnails: each is fetched once.
func BenchmarkCache(b *testing.B) {
	s := store(b)
	for b.Loop() {
		c := broken.NewCache(s)
		var g errgroup.Group
		for range 8 {
			g.Go(func() error {
				for i := range 16 {
					if _, err := c.Get(b.Context(), strconv.Itoa(i)); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

func store(b *testing.B) *picture.Store {
	b.Helper()
	url, err := load.Store()
	if err != nil {
		b.Fatal(err)
	}
	return &picture.Store{URL: url, Limit: load.AtOnce}
}

func pictures(b *testing.B, n int) [][]byte {
	b.Helper()
	pictures, err := load.Pictures(n)
	if err != nil {
		b.Fatal(err)
	}
	return pictures
}
