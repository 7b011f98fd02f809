package serving

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"time"
)

// peeked waits for the first byte, which a peer may never send.
func peeked(c net.Conn) (byte, error) {
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	var b [1]byte
	_, err := io.ReadFull(c, b[:])
	return b[0], err
}

// Who connects and says nothing keeps all others from being accepted.
func acceptAndPeek(l net.Listener, handle func(byte, net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		kind, err := peeked(c) // want `warning: blockloop: peeked waits on the network for one connection while the loop of acceptAndPeek accepts no other, do it in the goroutine that gets the connection`
		if err != nil {
			c.Close()
			continue
		}
		go handle(kind, c)
	}
}

func acceptAndShake(l net.Listener, cfg *tls.Config, handle func(net.Conn)) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		t := tls.Server(c, cfg)
		if err := t.Handshake(); err != nil { // want `warning: blockloop: tls.\(\*Conn\).Handshake waits on the network for one connection`
			log.Print(err)
			continue
		}
		go handle(t)
	}
}

// The goroutine that gets the connection waits for its peer alone.
func acceptAndGo(l net.Listener, handle func(byte, net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			if kind, err := peeked(c); err == nil {
				handle(kind, c)
			}
		}()
	}
}

// Who is turned away gets no goroutine; the pause after an error is for the system.
func acceptSome(l net.Listener, full func() bool, handle func(net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		if full() {
			fmt.Fprintln(c, "busy")
			c.Close()
			continue
		}
		go handle(c)
	}
}

// One at a time, whoever chose that.
func acceptOne(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		io.Copy(c, c)
		c.Close()
	}
}

// An interface of one's own for what the client library of a transport gives.
type sessions interface {
	AcceptStream() (net.Conn, error)
	Accept() (net.Conn, error)
	Addr() net.Addr
	Close() error
}

func acceptStreams(s sessions, handle func(net.Conn)) {
	for {
		c, err := s.AcceptStream()
		if err != nil {
			return
		}
		ask("who") // want `warning: blockloop: ask waits on the network for one connection`
		go handle(c)
	}
}

// Two listeners get what the first byte says.
func acceptAndSort(l net.Listener, text, other chan net.Conn) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		var first [1]byte
		if _, err := io.ReadFull(c, first[:]); err != nil { // want `warning: blockloop: io.ReadFull on net.Conn waits on the network for one connection`
			c.Close()
			continue
		}
		if first[0] == 'p' {
			text <- c
		} else {
			other <- c
		}
	}
}

// A listener around another one is a turn of the loop that calls it.
type sniffer struct{ net.Listener }

func (s *sniffer) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	r := bufio.NewReader(c)
	if _, err := r.Peek(8); err != nil { // want `warning: blockloop: bufio.\(\*Reader\).Peek on net.Conn waits on the network for one connection while whoever calls sniffer.Accept accepts no other`
		return nil, err
	}
	return &sniffed{c, r}, nil
}

type sniffed struct {
	net.Conn
	r *bufio.Reader
}

func (s *sniffed) Read(p []byte) (int, error) { return s.r.Read(p) }

// What the first read does waits in the goroutine that reads.
type lazily struct{ net.Listener }

func (l *lazily) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &sniffed{c, bufio.NewReader(c)}, nil
}
