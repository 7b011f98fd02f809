package lockio

import (
	"sync"

	"google.golang.org/grpc"
)

// What says goodbye does not wait for the far end; what waits for its answer does.
type talks struct {
	mu      sync.Mutex
	conns   map[string]*grpc.ClientConn
	streams map[string]grpc.ClientStream
}

func (t *talks) has(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.streams[name] != nil
}

func (t *talks) add(name string, s grpc.ClientStream) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.streams[name] = s
}

func (t *talks) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.streams)
}

func (t *talks) connect(name string, c *grpc.ClientConn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns[name] = c
}

func (t *talks) connected(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.conns[name] != nil
}

func (t *talks) drop(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.conns, name)
}

func (t *talks) leave(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.streams[name].CloseSend() // the end of the stream is queued
	t.conns[name].Close()       // its own goroutines end at once
	delete(t.streams, name)
}

func (t *talks) leaveAll() {
	t.mu.Lock()
	for name := range t.streams {
		farewell(t.streams[name])
	}
	t.mu.Unlock()
}

func farewell(s grpc.ClientStream) { _ = s.CloseSend() }

func (t *talks) greet(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.streams[name].Header() // want `warning: .*t.mu is held while grpc.ClientStream.Header waits on the network, so all who want the lock wait too`
}

func (t *talks) listen(name string, m any) {
	t.mu.Lock()
	t.streams[name].RecvMsg(m) // want `warning: .*t.mu is held while grpc.ClientStream.RecvMsg waits on the network, so all who want the lock wait too`
	t.mu.Unlock()
}

func (t *talks) say(name string, m any) {
	t.mu.Lock()
	t.streams[name].SendMsg(m) // want `warning: .*t.mu is held while grpc.ClientStream.SendMsg waits on the network, so all who want the lock wait too`
	t.mu.Unlock()
}
