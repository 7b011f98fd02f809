// Package rider gives functions to a bus that it knows by an interface: what the one does
// that it makes is known all the same.
package rider

import (
	"net/http"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"blockloop/bus"
	"blockloop/bus/local"
	"blockloop/bus/mq"
)

func ask(what string) {
	if resp, err := http.Get("http://localhost/" + what); err == nil {
		resp.Body.Close()
	}
}

func start(c mqtt.Client, l *local.Bus) {
	var b bus.Bus = mq.New(c)
	b.Listen("changed", func(data []byte) {
		ask(string(data)) // want `warning: blockloop: ask waits on the network on mqtt's loop`
	})
	b.Listen("asked", func(data []byte) { go ask(string(data)) })
	each(b, func() {
		ask("each") // want `warning: blockloop: ask waits on the network on mqtt's loop`
	})
	var h hearer = l
	h.Hear(func(data []byte) { ask(string(data)) })
}

type hearer interface{ Hear(func([]byte)) }

func each(b bus.Bus, fn func()) {
	b.Listen("added", func([]byte) { fn() })
	b.Listen("removed", func([]byte) { fn() })
}
