package mq

import mqtt "github.com/eclipse/paho.mqtt.golang"

// Mount subscribes all of a table.
func (b *Bus) Mount(table map[string]func([]byte)) {
	for subject, h := range table {
		b.client.Subscribe(subject, 0, func(_ mqtt.Client, m mqtt.Message) { h(m.Payload()) })
	}
}

// Aside subscribes all of a table, with a goroutine for each message.
func (b *Bus) Aside(table map[string]func([]byte)) {
	for subject, h := range table {
		b.client.Subscribe(subject, 0, func(_ mqtt.Client, m mqtt.Message) { go h(m.Payload()) })
	}
}

// A Member hears what is told.
type Member interface{ Hear(data []byte) }

// Join subscribes members.
func (b *Bus) Join(subject string, list []Member) {
	for _, one := range list {
		b.client.Subscribe(subject, 0, func(_ mqtt.Client, m mqtt.Message) { one.Hear(m.Payload()) })
	}
}
