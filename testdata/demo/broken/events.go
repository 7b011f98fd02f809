package broken

import (
	"context"
	"log"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"example.com/thumbs/picture"
)

// Listen makes a thumbnail of each picture that the broker sends, and uploads it.
//
// The client calls the handler from its one loop: until the thumbnail is made
// and the store has answered, no other message is received.
func Listen(ctx context.Context, client mqtt.Client, store *picture.Store) error {
	token := client.Subscribe("pictures/+", 1, func(_ mqtt.Client, m mqtt.Message) {
		thumb, err := picture.Thumbnail(m.Payload())
		if err != nil {
			log.Print(err)
			return
		}
		if err := store.Put(ctx, m.Topic(), thumb); err != nil {
			log.Print(err)
		}
	})
	token.Wait()
	return token.Error()
}
