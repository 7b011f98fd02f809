// Package grpc stands in for the library of the same path.
package grpc

type ServerStream interface {
	SetTrailer(map[string][]string)
	SendMsg(m any) error
	RecvMsg(m any) error
}
