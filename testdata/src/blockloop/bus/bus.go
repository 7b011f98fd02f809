// Package bus says what a bus is: others make one.
package bus

// A Handler gets what is told.
type Handler func(data []byte)

type Bus interface {
	Tell(subject string, data []byte) error
	Listen(subject string, h Handler) error
}
