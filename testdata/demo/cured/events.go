package cured

import (
	"context"
	"log"
	"runtime"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"example.com/thumbs/picture"
)

// Listen makes a thumbnail of each picture that the broker sends, and uploads it.
//
// The client calls the handler from its one loop, so the handler only hands
// over. Computing and uploading have workers of their own, as many as each needs.
func Listen(ctx context.Context, client mqtt.Client, store *picture.Store) error {
	made := make(chan item)
	arrived := make(chan item, 100)
	for range runtime.GOMAXPROCS(0) {
		go shrink(ctx, arrived, made)
	}
	for range store.Limit {
		go upload(ctx, store, made)
	}
	token := client.Subscribe("pictures/+", 1, func(_ mqtt.Client, m mqtt.Message) {
		select {
		case arrived <- item{m.Topic(), m.Payload()}:
		default:
			log.Printf("%s: too many pictures, left out", m.Topic())
		}
	})
	token.Wait()
	return token.Error()
}

// An item is a picture or its thumbnail.
type item struct {
	name string
	data []byte
}

// shrink makes thumbnails until the context ends.
func shrink(ctx context.Context, pictures <-chan item, thumbs chan<- item) {
	for {
		select {
		case <-ctx.Done():
			return
		case it := <-pictures:
			thumb, err := picture.Thumbnail(it.data)
			if err != nil {
				log.Printf("%s: %v", it.name, err)
				continue
			}
			select {
			case thumbs <- item{it.name, thumb}:
			case <-ctx.Done():
				return
			}
		}
	}
}

// upload puts thumbnails into the store until the context ends.
func upload(ctx context.Context, store *picture.Store, thumbs <-chan item) {
	for {
		select {
		case <-ctx.Done():
			return
		case it := <-thumbs:
			if err := store.Put(ctx, it.name, it.data); err != nil {
				log.Printf("%s: %v", it.name, err)
			}
		}
	}
}
