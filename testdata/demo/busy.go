package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/thumbs/broken"
	"example.com/thumbs/cured"
	"example.com/thumbs/load"
	"example.com/thumbs/picture"
)

var (
	busyFor = flag.Duration("load", 0, "work on the same pictures for a `time`, with a store that takes 10ms")
	debug   = flag.String("debug", "", "`address` at which to serve /debug/pprof")
)

// A cache is what the packages have for thumbnails that are read again.
type cache interface {
	Get(ctx context.Context, name string) ([]byte, error)
}

func newCache(store *picture.Store) cache {
	if *bad {
		return broken.NewCache(store)
	}
	return cured.NewCache(store)
}

// busy repeats the work until its time is over: readers ask for thumbnails all
// the while.
func busy(ctx context.Context, dir string, span time.Duration) error {
	url, err := load.Store()
	if err != nil {
		return err
	}
	store := &picture.Store{URL: url, Limit: *limit}
	ctx, stop := context.WithTimeout(ctx, span)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return read(ctx, store) })
	g.Go(func() error {
		for ctx.Err() == nil {
			if err := directory(ctx, dir, store); err != nil {
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// readers share a cache, as the requests of a server do.
const readers = 4

// read asks for thumbnails, most of which are in the cache by then, and begins
// again with an empty cache.
func read(ctx context.Context, store *picture.Store) error {
	for ctx.Err() == nil {
		thumbs := newCache(store)
		g, ctx := errgroup.WithContext(ctx)
		for range readers {
			g.Go(func() error {
				for i := range 64 {
					if _, err := thumbs.Get(ctx, strconv.Itoa(i%16)); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// serveDebug serves the profiles of this process.
func serveDebug(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	log.Printf("profiles at http://%s/debug/pprof/", l.Addr())
	go func() { log.Print(http.Serve(l, mux)) }()
	return nil
}
