// Package mqtt stands in for the library of the same path.
package mqtt

type Message interface{ Payload() []byte }

type Token interface{ Wait() bool }

type MessageHandler func(Client, Message)

type Client interface {
	Subscribe(topic string, qos byte, callback MessageHandler) Token
	AddRoute(topic string, callback MessageHandler)
}

type ClientOptions struct {
	DefaultPublishHandler MessageHandler
	OnConnect             func(Client)
}

func (o *ClientOptions) SetDefaultPublishHandler(h MessageHandler) *ClientOptions { return o }
func (o *ClientOptions) SetOrderMatters(order bool) *ClientOptions                { return o }
