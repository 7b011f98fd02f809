// Package hooks reads a connection and calls what others have registered.
package hooks

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"sync"
)

// Events are called by the reader.
type Events struct {
	OnLine func(string)
	OnEnd  func()
	Name   string
}

type Client struct {
	c      net.Conn
	events Events
}

func Dial(c net.Conn, e Events) *Client {
	client := &Client{c: c, events: e}
	go client.read()
	return client
}

func (c *Client) read() {
	lines := bufio.NewScanner(c.c)
	for lines.Scan() {
		c.events.OnLine(lines.Text())
	}
	c.events.OnEnd() // once, after the loop
}

// A Mux has a handler for each command.
type Mux struct {
	mu       sync.RWMutex
	handlers map[string]func(string)
	fallback func(string)
}

type Option func(*Mux)

// WithFallback handles what no command names.
func WithFallback(h func(string)) Option {
	return func(m *Mux) { m.fallback = h }
}

func NewMux(opts ...Option) *Mux {
	m := &Mux{handlers: make(map[string]func(string))}
	for _, o := range opts {
		o(m)
	}
	return m
}

func (m *Mux) Handle(command string, h func(string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.handlers[command] = h
}

func (m *Mux) lookup(command string) func(string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if h, ok := m.handlers[command]; ok {
		return h
	}
	return m.fallback
}

func (m *Mux) Run(c net.Conn) {
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		command, rest, _ := strings.Cut(lines.Text(), " ")
		if h := m.lookup(command); h != nil {
			h(rest) // want `note: blockloop: h, set elsewhere, runs on the loop of Mux.Run, which serves nobody else while it blocks`
		}
	}
}

// A Listener hears of events.
type Listener interface{ Heard(string) }

// A Bus tells all listeners.
type Bus struct {
	events    chan string
	listeners []Listener
}

func (b *Bus) Add(l Listener) { b.listeners = append(b.listeners, l) }

func (b *Bus) Start() { go b.pump() }

func (b *Bus) pump() {
	for e := range b.events {
		for _, l := range b.listeners {
			l.Heard(e) // want `note: blockloop: l.Heard, set elsewhere, runs on the loop of Bus.pump`
		}
	}
}

// A Sessions serves each connection on a goroutine of its own: who is slow waits
// for himself.
type Sessions struct{ handlers map[string]func(string) }

func (s *Sessions) Handle(command string, h func(string)) { s.handlers[command] = h }

func (s *Sessions) Serve(l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go s.session(c)
	}
}

func (s *Sessions) session(c net.Conn) {
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		if h := s.handlers[lines.Text()]; h != nil {
			h(lines.Text())
		}
	}
}

// Off calls what it is given on another goroutine.
type Off struct{ handlers map[string]func(string) }

func (o *Off) Handle(command string, h func(string)) { o.handlers[command] = h }

func (o *Off) Run(c net.Conn) {
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		if h := o.handlers[lines.Text()]; h != nil {
			go h(lines.Text())
		}
	}
}

// A Job is what a worker is there to run.
type Job struct{ Do func() }

type Worker struct{ jobs chan Job }

func (w *Worker) Run() {
	for j := range w.jobs {
		j.Do()
	}
}

func (w *Worker) Submit(j Job) { w.jobs <- j }

// A signal is no work that others wait for: who sends it ends the program.
type Ends struct{ exits []func() }

func (e *Ends) OnExit(f func()) { e.exits = append(e.exits, f) }

func (e *Ends) Wait(signals chan os.Signal) {
	for s := range signals {
		if s == os.Interrupt {
			e.leave()
		}
	}
}

func (e *Ends) leave() {
	for _, f := range e.exits {
		f()
	}
}

// Watch calls changed from a loop that it starts.
func Watch(changes <-chan string, errs <-chan error, changed func(string)) {
	go func() {
		for {
			select {
			case name := <-changes:
				changed(name) // want `note: blockloop: changed, set elsewhere, runs on the loop of Watch, which serves nobody else while it blocks`
			case err := <-errs:
				println(err.Error())
			}
		}
	}()
}

// Tail does so in a function of its own.
func Tail(c net.Conn, line func(string)) {
	go tail(c, line)
}

func tail(c net.Conn, line func(string)) {
	s := bufio.NewScanner(c)
	for s.Scan() {
		line(s.Text())
	}
}

// Follow calls changed from its caller's goroutine: who calls it is the one who waits.
func Follow(changes <-chan string, errs <-chan error, changed func(string)) {
	for {
		select {
		case name := <-changes:
			changed(name)
		case err := <-errs:
			println(err.Error())
		}
	}
}

// A Codec brings messages, from wherever.
type Codec interface {
	Next() (any, error)
}

type decoder struct{ r io.ReadWriter }

func (d *decoder) Next() (any, error) {
	var m map[string]any
	err := json.NewDecoder(d.r).Decode(&m)
	return m, err
}

// Decode reads messages from what need not be a connection.
func Decode(r io.ReadWriter) Codec { return &decoder{r} }

// A Router has a handler for each type of message, and a goroutine that asks for the next
// one until there is none.
type Router struct {
	codec    Codec
	handlers map[reflect.Type]func(any)
}

func NewRouter(c Codec) *Router { return &Router{c, make(map[reflect.Type]func(any))} }

func (r *Router) On(m any, h func(any)) { r.handlers[reflect.TypeOf(m)] = h }

func (r *Router) Start() { go r.read() }

func (r *Router) read() {
	for {
		m, err := r.codec.Next()
		if err != nil {
			return
		}
		if h, ok := r.handlers[reflect.TypeOf(m)]; ok {
			h(m) // want `note: blockloop: h, set elsewhere, runs on the loop of Router.read`
		}
	}
}

// A Remote has pages, and is elsewhere.
type Remote interface {
	Page(token string) (any, error)
}

// A Lister gets one page after the other, and is done when there is no more.
type Lister struct {
	remote Remote
	token  string
	renew  func() error
}

// NewLister lists what a remote has; renew is called where its token has expired.
func NewLister(r Remote, renew func() error) *Lister { return &Lister{remote: r, renew: renew} }

func (l *Lister) All() (all []any, err error) {
	for {
		page, err := l.ask()
		if err != nil {
			return nil, err
		}
		all = append(all, page)
		if page == "last" {
			break
		}
	}
	return all, nil
}

type expired struct{}

func (*expired) Error() string { return "expired" }

func (l *Lister) ask() (any, error) {
	page, err := l.remote.Page(l.token)
	if _, ok := err.(*expired); !ok {
		return page, err
	}
	if l.renew != nil {
		if err := l.renew(); err != nil {
			return nil, err
		}
	}
	return l.ask()
}
