package doubt

import (
	"net/http"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// A setting says how many messages are handled beside each other, and with 1 each is
// handled on the client's own goroutine: who runs the service has chosen.
type gateway struct{ places chan struct{} }

func (g *gateway) run(limit int, handle func()) {
	if limit <= 1 {
		handle()
		return
	}
	go func() {
		g.places <- struct{}{}
		defer func() { <-g.places }()
		handle()
	}()
}

func (g *gateway) subscribe(c mqtt.Client, limit int) {
	c.Subscribe("orders", 0, func(mqtt.Client, mqtt.Message) {
		g.run(limit, func() {
			_, _ = http.Get("http://orders.example/") // want `note: .*http.Get waits on the network on mqtt's loop`
		})
	})
}

func (g *gateway) named(c mqtt.Client, limit int) {
	ship := func() {
		_, _ = http.Get("http://ships.example/") // want `note: .*http.Get waits on the network on mqtt's loop`
	}
	c.Subscribe("ships", 0, func(mqtt.Client, mqtt.Message) { g.run(limit, ship) })
}
