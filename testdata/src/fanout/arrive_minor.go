package fanout

import (
	"encoding/json"
	"net"

	"golang.org/x/sync/errgroup"
)

// Likewise, where something speaks for few. All here that is wrong is a note.

// An error test is one wherever the call stands.
func datagrams(pc net.PacketConn) {
	b := make([]byte, 1<<16)
	for {
		n, _, err := pc.ReadFrom(b)
		if err != nil {
			return
		}
		var o order
		if json.Unmarshal(b[:n], &o) != nil {
			continue
		}
		go fetch(string(o.Args)) // want "warning: .*each of what net.PacketConn.ReadFrom returns and each waits on the network"
	}
}

func datagramsThatParse(pc net.PacketConn) {
	b := make([]byte, 1<<16)
	for {
		n, _, err := pc.ReadFrom(b)
		if err != nil {
			return
		}
		var o order
		if o.Verb = ""; json.Unmarshal(b[:n], &o) == nil && o.Verb != "" {
			go fetch(string(o.Args)) // want "warning: .*each of what net.PacketConn.ReadFrom returns"
		}
	}
}

// A group that is embedded is made in one function and used in others.
type openBatch struct{ *errgroup.Group }

func newOpenBatch() *openBatch {
	g := new(errgroup.Group)
	return &openBatch{Group: g}
}

func (b *openBatch) send(u string) { b.Go(func() error { return fetch(u) }) }

func sendAll(us []string) error {
	b := newOpenBatch()
	for _, u := range us {
		b.send(u) // want "note: .*send starts a goroutine for each of us"
	}
	return b.Wait()
}

// It has a limit, which is set on it or was before.
type smallBatch struct{ *errgroup.Group }

func newSmallBatch() *smallBatch {
	b := &smallBatch{Group: new(errgroup.Group)}
	b.SetLimit(4)
	return b
}

type oldBatch struct{ *errgroup.Group }

func newOldBatch() *oldBatch {
	g := new(errgroup.Group)
	g.SetLimit(4)
	return &oldBatch{g}
}

func (b *smallBatch) send(u string) { b.Go(func() error { return fetch(u) }) }
func (b *oldBatch) send(u string)   { b.Go(func() error { return fetch(u) }) }

func sendSome(us []string) {
	s, o := newSmallBatch(), newOldBatch()
	for _, u := range us {
		s.send(u)
		o.send(u)
	}
}

// What a task sends at its end is no token: it tells who collects that it is done.
func eachCollected(us []string, f func(string)) {
	done := make(chan struct{})
	for _, u := range us {
		go func() { // want "note: .*each of us to run code that is not known here .note: "
			f(u)
			done <- struct{}{}
		}()
	}
	for range us {
		<-done
	}
}
