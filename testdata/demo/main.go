// Thumbs makes thumbnails of the JPEG pictures in a directory and puts them
// into a store, an HTTP server. With a broker it then does the same for the
// pictures that arrive over MQTT, until it is interrupted.
//
//	go run . -dir pictures
//	go run . -dir pictures -broker tcp://localhost:1883
//	go run . -dir pictures -broken -load 1m -debug localhost:6060
//
// A directory that does not exist is made, with a few pictures to try. Without
// -store, the program serves a store of its own, in the directory thumbs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"example.com/thumbs/broken"
	"example.com/thumbs/cured"
	"example.com/thumbs/load"
	"example.com/thumbs/picture"
)

var (
	dir    = flag.String("dir", "pictures", "`directory` of JPEG pictures")
	broker = flag.String("broker", "", "`address` of an MQTT broker")
	url    = flag.String("store", "", "`URL` of the store")
	limit  = flag.Int("limit", 16, "`requests` that the store takes at once")
	bad    = flag.Bool("broken", false, "run package broken in place of cured")
)

// The two ways to do the work.
var (
	hashes     = cured.Hashes
	thumbnails = cured.Thumbnails
	upload     = cured.Upload
	listen     = cured.Listen
)

func main() {
	load.Serve()
	log.SetFlags(0)
	flag.Parse()
	if *bad {
		hashes, thumbnails, upload, listen = broken.Hashes, broken.Thumbnails, broken.Upload, broken.Listen
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		log.Fatalf("thumbs: %v", err)
	}
}

func run(ctx context.Context) error {
	if *debug != "" {
		if err := serveDebug(*debug); err != nil {
			return err
		}
	}
	if *busyFor > 0 {
		if err := samples(*dir); err != nil {
			return err
		}
		return busy(ctx, *dir, *busyFor)
	}
	store := &picture.Store{URL: *url, Limit: *limit}
	if store.URL == "" {
		address, err := serve("thumbs")
		if err != nil {
			return err
		}
		store.URL = address
	}
	if err := samples(*dir); err != nil {
		return err
	}
	if err := directory(ctx, *dir, store); err != nil || *broker == "" {
		return err
	}
	return events(ctx, *broker, store)
}

// directory works on the pictures in dir.
func directory(ctx context.Context, dir string, store *picture.Store) error {
	start := time.Now()
	paths, err := filepath.Glob(filepath.Join(dir, "*.jpg"))
	if err != nil {
		return err
	}
	pictures := make([][]byte, len(paths))
	for i, path := range paths {
		if pictures[i], err = os.ReadFile(path); err != nil {
			return err
		}
	}
	sums, err := hashes(paths)
	if err != nil {
		return err
	}
	thumbs, err := thumbnails(pictures)
	if err != nil {
		return err
	}
	if err := upload(ctx, store, thumbs); err != nil {
		return err
	}
	fmt.Printf("%d files, %d thumbnails in %v\n", len(sums), len(thumbs), time.Since(start).Round(time.Millisecond))
	return nil
}

// events works on the pictures that the broker sends.
func events(ctx context.Context, broker string, store *picture.Store) error {
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(broker))
	token := client.Connect()
	token.Wait()
	if err := token.Error(); err != nil {
		return err
	}
	defer client.Disconnect(250)
	if err := listen(ctx, client, store); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// samples makes dir with a few pictures, unless it exists.
func samples(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for n := range 12 {
		data, err := picture.Sample(n)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.jpg", n)), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
