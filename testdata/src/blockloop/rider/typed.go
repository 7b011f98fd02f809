package rider

import (
	"encoding/json"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// A stream of one kind of messages, by an interface of the package.
type stream[T any] interface {
	Each(h func(T))
	Aside(h func(T))
}

type subject[T any] struct {
	client mqtt.Client
	name   string
}

func open[T any](c mqtt.Client, name string) stream[T] { return &subject[T]{c, name} }

func (s *subject[T]) Each(h func(T)) {
	s.client.Subscribe(s.name, 0, func(_ mqtt.Client, m mqtt.Message) {
		var v T
		if json.Unmarshal(m.Payload(), &v) == nil {
			h(v)
		}
	})
}

func (s *subject[T]) Aside(h func(T)) {
	s.client.Subscribe(s.name, 0, func(_ mqtt.Client, m mqtt.Message) {
		var v T
		if json.Unmarshal(m.Payload(), &v) == nil {
			go h(v)
		}
	})
}

func typed(c mqtt.Client) {
	parcels := open[parcel](c, "parcels")
	parcels.Each(func(p parcel) {
		ask(p.name) // want `warning: blockloop: ask waits on the network on mqtt's loop`
	})
	parcels.Aside(func(p parcel) { ask(p.name) }) // each on a goroutine
}
