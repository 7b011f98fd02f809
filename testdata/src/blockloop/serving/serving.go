// Package serving has loops that do for many what they ask for.
package serving

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

func ask(path string) {
	resp, err := http.Get("http://example.com/" + path)
	if err == nil {
		resp.Body.Close()
	}
}

// The pump of a bus runs the subscriber's function in place.
type subscriber struct {
	in     chan string
	size   chan chan int
	take   func(string)
	queued []string
}

func (s *subscriber) pump(ctx context.Context) {
	for {
		select {
		case v := <-s.in:
			s.queued = append(s.queued, v)
		case reply := <-s.size:
			reply <- len(s.queued)
		case <-ctx.Done():
			return
		}
		for _, v := range s.queued {
			s.take(v) // want `note: blockloop: s.take, set elsewhere, runs on the loop of subscriber.pump`
		}
	}
}

// The same with a goroutine of its own for what may block.
type patient struct {
	in   chan string
	size chan chan int
	take func(string)
}

func (s *patient) pump(ctx context.Context) {
	for {
		select {
		case v := <-s.in:
			go s.take(v)
		case reply := <-s.size:
			reply <- 0
		case <-ctx.Done():
			return
		}
	}
}

// What is stored for the end runs when the loop serves nobody any more.
type ending struct {
	in   chan string
	size chan chan int
	take func(string)
	end  func(string)
}

func newEnding(ctx context.Context) *ending {
	e := &ending{take: e1, end: e2}
	go e.pump(ctx)
	return e
}

func e1(s string) {
	ask(s) // want `note: blockloop: ask waits on the network on the loop of ending.pump`
}

func e2(s string) { ask(s) }

func (e *ending) pump(ctx context.Context) {
	for {
		select {
		case v := <-e.in:
			e.take(v) // want "note: blockloop: e1 waits on the network while the loop serves none of its 2 channels"
		case reply := <-e.size:
			reply <- 0
		case <-ctx.Done():
			e.end("")
			return
		}
	}
}

// Handlers in a table, filled here.
type server struct{ table map[string]func(string) }

func newServer(c net.Conn) *server {
	s := &server{table: make(map[string]func(string))}
	s.table["info"] = s.info
	s.table["name"] = s.name
	go s.read(c)
	return s
}

func (s *server) read(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		h, ok := s.table[line]
		if !ok {
			continue
		}
		h(line)
	}
}

func (s *server) info(line string) {
	ask(line) // want `note: blockloop: ask waits on the network on the loop of server.read`
}

func (s *server) name(string) {}

// One stream carries all kinds of frames.
type frame struct {
	kind string
	id   int
	body []byte
}

type stream interface{ Recv() (*frame, error) }

type link struct{ data chan []byte }

type agent struct {
	s     stream
	c     net.Conn
	links map[int]*link
}

func (a *agent) serve() error {
	r := bufio.NewReader(a.c)
	for {
		f, err := parse(r)
		if err != nil {
			return err
		}
		switch f.kind {
		case "open":
			conn, err := net.Dial("tcp", string(f.body)) // want `warning: blockloop: net.Dial waits on the network for one message while the loop of agent.serve receives no other`
			if err != nil {
				continue
			}
			conn.Close()
		case "last": // nobody waits for the loop any more
			_, err := net.Dial("tcp", string(f.body))
			return err
		case "data":
			if l := a.links[f.id]; l != nil {
				l.data <- f.body // want `note: blockloop: while one receiver of l.data is slow, the loop of agent.serve receives for none of the others`
			}
		}
	}
}

func parse(r *bufio.Reader) (frame, error) {
	line, err := r.ReadString('\n')
	return frame{kind: line}, err
}

// What reads is an interface: an error ends the loop all the same.
func (a *agent) follow() {
	for {
		f, err := a.s.Recv()
		if err != nil {
			break
		}
		a.handle(f)
	}
}

func (a *agent) handle(f *frame) {
	switch f.kind {
	case "run":
		_ = exec.Command("make").Run() // want `warning: blockloop: exec.\(\*Cmd\).Run waits for a subprocess for one message while the loop of agent.follow receives no other`
	case "wait":
		time.Sleep(time.Second) // want `note: blockloop: time.Sleep sleeps for one message`
	case "note":
		a.links = nil
	}
}

// A branch that leaves makes of what stands behind it an else.
func (a *agent) track() {
	for {
		f, err := a.s.Recv()
		if err != nil {
			break
		}
		a.either(f)
	}
}

func (a *agent) either(f *frame) {
	if f.kind == "run" {
		_ = exec.Command("make").Run() // want `warning: blockloop: exec.\(\*Cmd\).Run waits for a subprocess for one message while the loop of agent.track receives no other`
		return
	}
	a.links = nil
}

func (a *agent) trail() {
	for {
		f, err := a.s.Recv()
		if err != nil {
			break
		}
		if f.kind == "note" {
			a.links = nil
			continue
		}
		_ = exec.Command("make").Run() // want `warning: blockloop: exec.\(\*Cmd\).Run waits for a subprocess for one message while the loop of agent.trail receives no other`
	}
}

// Who leaves alone does nothing for the kind: this is all that the loop does.
func (a *agent) only() {
	for {
		f, err := a.s.Recv()
		if err != nil {
			break
		}
		if f.kind == "note" {
			continue
		}
		_ = exec.Command("make").Run()
	}
}

// Cured: what waits has a goroutine of its own.
func (a *agent) spread() {
	for {
		f, err := a.s.Recv()
		if err != nil {
			return
		}
		switch f.kind {
		case "run":
			go func() { _ = exec.Command("make").Run() }()
		case "ask":
			go ask("x")
		}
	}
}

// For each connection a goroutine: who asks waits for his own answer.
func accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			r := bufio.NewReader(c)
			for {
				f, err := parse(r)
				if err != nil {
					return
				}
				switch f.kind {
				case "get":
					ask("get")
				case "put":
					ask("put")
				}
			}
		}()
	}
}

// One kind of work: a worker.
func consume(s stream) {
	for {
		f, err := s.Recv()
		if err != nil {
			return
		}
		ask(f.kind)
	}
}

// A crew of workers.
type crew struct {
	in   chan string
	more chan string
	do   func(string)
}

func (c *crew) start() {
	for range 4 {
		go c.work()
	}
}

func (c *crew) work() {
	for {
		select {
		case v := <-c.in:
			c.do(v)
		case v := <-c.more:
			c.do(v)
		}
	}
}

// What prints is there to tell people, and is no handler.
type printer interface {
	Println(v ...any)
	Printf(format string, v ...any)
}

// Trace is set by the program.
var Trace printer

type chatty struct {
	in    chan string
	size  chan chan int
	seen  int
	Debug func(format string, v ...any)
}

func (c *chatty) pump(ctx context.Context) {
	for {
		select {
		case s := <-c.in:
			Trace.Println("got", s)
			c.seen++
		case reply := <-c.size:
			c.Debug("asked for %d", c.seen)
			reply <- c.seen
		case <-ctx.Done():
			return
		}
	}
}

// A loop that tries again until it has succeeded receives nothing: it makes what others
// will read from.
type caller struct {
	scheme string
	attach func(addr string) error
}

func (c *caller) again() string {
	for {
		peer, _, err := c.try()
		if err == nil {
			return peer
		}
		time.Sleep(time.Second)
	}
}

func (c *caller) try() (peer string, code int, err error) {
	if err := c.attach(c.scheme); err != nil {
		return "", 1, err
	}
	peer, err = join(c.scheme)
	return peer, 0, err
}

func join(scheme string) (string, error) {
	switch scheme {
	case "web":
		ask("web")
		return "w", nil
	case "tcp":
		conn, err := net.Dial("tcp", "peer.example:1883")
		if err != nil {
			return "", err
		}
		return "t", conn.Close()
	}
	return "", nil
}

// A stream that ends with an empty message is served all the same.
type empties struct{ next func() (*string, error) }

func (e *empties) serve() {
	for {
		m, err := e.next()
		if m == nil {
			_ = err
			return
		}
		switch *m {
		case "web":
			ask("web") // want `silent: blockloop: ask`
		case "dns":
			net.LookupHost("peer.example") // want `silent: blockloop: net`
		}
	}
}

// One of many is found by what the message says, a few calls below the loop: that
// tells messages apart without a switch. Who is taken out waits for this one answer.
type exchange struct {
	c       net.Conn
	topics  map[string]chan frame
	answers map[string]chan frame
	calls   sync.Map
	workers []chan frame
	n       int
}

func (x *exchange) listen(topic string) <-chan frame {
	ch := make(chan frame)
	x.topics[topic] = ch
	return ch
}

func (x *exchange) ask(q string) frame {
	ch := make(chan frame, 1)
	x.answers[q] = ch
	return <-ch
}

func (x *exchange) run() error {
	r := bufio.NewReader(x.c)
	for {
		f, err := parse(r)
		if err != nil {
			return err
		}
		x.dispatch(f)
	}
}

func (x *exchange) dispatch(f frame) {
	topic := f.kind
	if ch, ok := x.topics[topic]; ok {
		ch <- f // want `note: blockloop: while one receiver of ch is slow, the loop of exchange.run receives for none of the others`
		return
	}
	if ch, ok := x.answers[topic]; ok {
		delete(x.answers, topic)
		ch <- f
		return
	}
	if ch, ok := x.calls.LoadAndDelete(topic); ok {
		ch.(chan frame) <- f
		return
	}
	x.n++ // whichever is next; when all are busy, the connection is to wait
	x.workers[x.n%len(x.workers)] <- f
}
