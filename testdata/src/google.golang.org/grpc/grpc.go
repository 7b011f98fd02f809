// Package grpc stands in for the library of the same path.
package grpc

type ServerStream interface {
	SetTrailer(map[string][]string)
	SendMsg(m any) error
	RecvMsg(m any) error
}

type ClientStream interface {
	Header() (map[string][]string, error)
	CloseSend() error
	SendMsg(m any) error
	RecvMsg(m any) error
}

type ClientConn struct{ done chan struct{} }

// Close waits for goroutines of the connection's own.
func (cc *ClientConn) Close() error {
	<-cc.done
	return nil
}
