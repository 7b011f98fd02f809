// Package gnet stands in for the library of the same path.
package gnet

type Action int

type Conn interface {
	Next(n int) ([]byte, error)
	Write(p []byte) (int, error)
	AsyncWrite(p []byte, callback AsyncCallback) error
}

type AsyncCallback func(c Conn, err error) error

type EventHandler interface {
	OnOpen(c Conn) (out []byte, action Action)
	OnTraffic(c Conn) Action
}

type BuiltinEventEngine struct{}

func (*BuiltinEventEngine) OnOpen(Conn) ([]byte, Action) { return nil, 0 }
func (*BuiltinEventEngine) OnTraffic(Conn) Action        { return 0 }
