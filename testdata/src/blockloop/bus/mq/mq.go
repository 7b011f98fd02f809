// Package mq is a bus over a message library, which calls one handler after the other.
package mq

import (
	mqtt "github.com/eclipse/paho.mqtt.golang"

	"blockloop/bus"
)

type Bus struct{ client mqtt.Client }

func New(c mqtt.Client) *Bus { return &Bus{c} }

func (b *Bus) Tell(subject string, data []byte) error { return nil }

func (b *Bus) Listen(subject string, h bus.Handler) error {
	safe := func(_ mqtt.Client, m mqtt.Message) {
		defer func() { recover() }()
		h(m.Payload())
	}
	b.client.Subscribe(subject, 0, safe)
	return nil
}
