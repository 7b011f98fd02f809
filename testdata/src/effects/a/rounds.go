package a

import (
	"net"
	"net/http"
)

// Functions that call each other: whichever stands first, they do the same.

type mover struct{ base string }

// Its loop waits for what the function that calls it does.
func (m *mover) All(names []string) error { // want All:"^net\\(usually\\)$"
	for _, n := range names {
		if err := m.One(n); err != nil {
			return err
		}
	}
	return nil
}

func (m *mover) One(name string) error { // want One:"^net\\(usually\\)$"
	if list := m.below(name); len(list) > 0 {
		return m.All(list)
	}
	_, err := http.Post(m.base+name, "", nil)
	return err
}

func (m *mover) below(string) []string { return nil }

// The other way round.
func (m *mover) Get(name string) error { // want Get:"^net\\(usually\\)$"
	if list := m.below(name); len(list) > 0 {
		return m.Each(list)
	}
	_, err := http.Get(m.base + name)
	return err
}

func (m *mover) Each(names []string) error { // want Each:"^net\\(usually\\)$"
	for _, n := range names {
		if err := m.Get(n); err != nil {
			return err
		}
	}
	return nil
}

// Behind an interface, those who call it again stand before and after who does the work.

// A Socket makes a connection.
type Socket interface {
	Open(to string) (net.Conn, error) // want Open:"dns\\(rarely\\)$"
}

type first struct{ next Socket }

func (f *first) Open(to string) (net.Conn, error) { // want Open:"dns\\(rarely\\)$"
	c, err := f.next.Open(to)
	return c, wrapped(err)
}

type socket struct{}

func (socket) Open(to string) (net.Conn, error) { return net.Dial("udp", to) }

type last struct{ next Socket }

func (l *last) Open(to string) (net.Conn, error) { // want Open:"dns\\(rarely\\)$"
	c, err := l.next.Open(to)
	return c, wrapped(err)
}

type broken struct{ cause string }

func (b broken) Error() string { return "line: " + b.cause }

func wrapped(err error) error { return broken{err.Error()} }

// Two decorators alone: what they call makes a connection, as its results tell.

// A Trunk makes a connection.
type Trunk interface {
	Dial(to string) (net.Conn, error) // want Dial:"^net\\(usually\\)$"
}

type counting struct{ next Trunk }

func (c *counting) Dial(to string) (net.Conn, error) { // want Dial:"^net\\(always\\)$"
	return c.next.Dial(to)
}

type naming struct{ next Trunk }

func (n *naming) Dial(to string) (net.Conn, error) { // want Dial:"^net\\(always\\)$"
	return n.next.Dial(to + ".example.com")
}
