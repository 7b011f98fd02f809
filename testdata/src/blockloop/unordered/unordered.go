// Package unordered lifts the contract: each message has a goroutine of its own.
package unordered

import (
	"net/http"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

func subscribe(c mqtt.Client, opts *mqtt.ClientOptions) {
	opts.SetOrderMatters(false)
	c.Subscribe("a", 0, func(mqtt.Client, mqtt.Message) {
		_, _ = http.Get("http://example.com/")
	})
}
