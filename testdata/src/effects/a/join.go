package a

import (
	"context"
	"net"
	"net/http"
	"os"
	"time"
)

// What a field may hold beside code that is not in sight: each value counts.

type hook func() error

type Hooks struct {
	first, now hook
	wrappers   []Wrapper
}

// A Wrapper comes from anywhere.
type Wrapper interface{ Wrap(hook) hook }

func NewHooks() *Hooks {
	h := &Hooks{first: get}
	h.now = h.first
	return h
}

func (h *Hooks) Add(w Wrapper) { // want Add:"^calls 0.Wrap$"
	h.wrappers = append(h.wrappers, w)
	h.now = w.Wrap(h.now)
}

// The default and what wraps it.
func (h *Hooks) Run() error { // want Run:"^net\\(usually\\)$"
	return h.now()
}

// One value waits, another computes nothing but has something to do: that happens
// sometimes.
type Either struct{ act func() }

func (e *Either) Near() { e.act = func() { note(time.Now()) } }
func (e *Either) Far()  { e.act = func() { _ = get() } }

func (e *Either) Set(f func()) { e.act = f }

func (e *Either) Act() { // want Act:"^net\\(rarely\\)$"
	e.act()
}

var seen []time.Time

func note(t time.Time) { seen = append(seen, t) }

// A default that does nothing is there to be replaced.
type Optional struct{ act func() error }

func (o *Optional) Init() {
	o.act = func() error { return nil }
}

func (o *Optional) Use(open func() error) {
	o.act = open
	o.act = func() error { _, err := os.ReadFile("x"); return err }
}

func (o *Optional) Act() error { // want Act:"^file\\(usually\\)$"
	return o.act()
}

// Exported, so that other packages may set it: the default still counts.
type Options struct{ Fetch func() error }

func (o *Options) Defaults() {
	if o.Fetch == nil {
		o.Fetch = get
	}
}

func (o *Options) Load() error { // want Load:"^net\\(usually\\)$"
	return o.Fetch()
}

// Nothing is known of the only value.
type Blind struct{ Fetch func() error }

func (b *Blind) Load() error {
	return b.Fetch()
}

// Which of many commands it is, is not known.
type command struct{ run func() error }

func (c *command) Run() error {
	return c.run()
}

var commands = []command{
	{get}, {other}, {other}, {other}, {other}, {other}, {other}, {other}, {get}, {other}, {other},
	{given(nil)},
}

func other() error { return nil }

func given(f func() error) func() error { return f }

// A named type of function that makes connections is one, too.
type Dial func(ctx context.Context, network, addr string) (net.Conn, error)

type Dialer struct{ Dial Dial }

func (d *Dialer) Open(ctx context.Context) error { // want Open:"^net\\(always\\)$"
	_, err := d.Dial(ctx, "tcp", "example.com:80")
	return err
}

// The field of another package's struct holds what others set.
func Serve(c *http.Transport) error { // want Serve:"^net\\(always\\)$"
	c.Dial = net.Dial
	_, err := c.Dial("tcp", "example.com:80")
	return err
}
