// Package shapes hands what blocks to the loops of others, in many ways.
package shapes

import (
	"context"
	"database/sql"
	"net"
	"net/http"
	"os"
	"os/exec"

	"k8s.io/client-go/tools/cache"

	"blockloop/remote"
	"blockloop/shapeslib"
)

type controller struct {
	db  *sql.DB
	api *remote.Client
}

func (c *controller) added(obj any) {
	if name, ok := obj.(string); ok {
		c.store(name)
	}
}

func (c *controller) store(name string) {
	_, _ = c.db.Exec("INSERT INTO names VALUES (?)", name)
}

func (c *controller) removed(obj any) { c.api.Save() } // want `warning: blockloop: remote.\(\*Client\).Save waits on the network on cache.s loop, use a work queue`

func watch(c *controller, add func(cache.ResourceEventHandlerFuncs)) {
	add(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(obj any) { c.added(obj) },    // want `warning: blockloop: \(\*controller\).added waits on a database on cache.s loop`
		UpdateFunc: func(_, obj any) { c.added(obj) }, // want `warning: blockloop: \(\*controller\).added waits on a database on cache.s loop`
		DeleteFunc: c.removed,
	})
}

type order struct{ id string }

func bus() {
	b := shapeslib.New[order]()
	b.Subscribe(func(o order) {
		_ = exec.Command("print", o.id).Run() // want `warning: blockloop: exec.\(\*Cmd\).Run waits for a subprocess on the loop of Bus.loop`
	})
	b.Subscribe(func(o order) { println(o.id) })
}

func routes(r *shapeslib.Router, c *remote.Client) {
	r.On("get", func(s string) { c.Get(s) }) // want `note: blockloop: remote.\(\*Client\).Get waits on the network on the loop of Router.Run`
	r.On("len", func(s string) { println(len(s)) })
}

func changed(name string) {
	_, _ = http.Get("http://example.com/" + name) // want `note: blockloop: http.Get waits on the network on the loop of Watch`
}

func watcher() {
	w := shapeslib.Watch(changed, func(err error) { println(err.Error()) })
	w.Rule("x", func(string) { _, _ = net.Dial("tcp", "example.com:80") }) // want `warning: blockloop: net.Dial waits on the network on the loop of Watch`
}

func menu(m *shapeslib.Menu, c *remote.Client) {
	m.Item("save", c.Save).Item("list", func() { c.Get("list") }).Item("off", func() { go c.Save() }).Build() // want `warning: blockloop: remote.\(\*Client\).Get waits on the network on tview.s loop`
}

type upload struct{ api *remote.Client }

func (u upload) Perform(*shapeslib.Screen) { u.api.Save() } // want `warning: blockloop: remote.\(\*Client\).Save waits on the network on tea.s loop`

type quit struct{}

func (quit) Perform(*shapeslib.Screen) {}

func screen(c *remote.Client) shapeslib.Screen {
	s := shapeslib.NewScreen(func() string { return c.Get("all") }) // want `warning: blockloop: remote.\(\*Client\).Get waits on the network on tea.s loop`
	s.Bind("u", upload{c})
	s.Bind("q", quit{})
	return s
}

// Typed messages on a channel.
type dialIt struct{ addr string }
type hangUp struct{}

func actor(in chan any, done context.Context) {
	var conns []net.Conn
	for {
		select {
		case m := <-in:
			switch m := m.(type) {
			case dialIt:
				c, err := net.Dial("tcp", m.addr) // want `note: blockloop: net.Dial waits on the network for one message while the loop of actor receives no other`
				if err == nil {
					conns = append(conns, c)
				}
			case hangUp:
				conns = nil
			}
		case <-done.Done():
			return
		}
	}
}

// If-chains instead of a switch.
type packet struct {
	open, ping bool
	path       string
}

type feed interface {
	Next() (packet, error)
	Pong() error
}

func chain(f feed) error {
	for {
		p, err := f.Next()
		if err != nil {
			return err
		}
		if p.ping {
			if err := f.Pong(); err != nil {
				return err
			}
		} else if p.open {
			if _, err := http.Get(p.path); err != nil { // want `warning: blockloop: http.Get waits on the network for one message while the loop of chain receives no other`
				return err
			}
		}
	}
}

// The read loop of a client in a goroutine, its callback from an option.
type client struct {
	conn  net.Conn
	onMsg func([]byte)
}

type opt func(*client)

func onMsg(f func([]byte)) opt { return func(c *client) { c.onMsg = f } }

func dial(conn net.Conn, opts ...opt) *client {
	c := &client{conn: conn}
	for _, o := range opts {
		o(c)
	}
	go func() {
		buf := make([]byte, 1024)
		for {
			n, err := c.conn.Read(buf)
			if err != nil {
				return
			}
			c.onMsg(buf[:n])
		}
	}()
	return c
}

func start(conn net.Conn) {
	dial(conn, onMsg(func(b []byte) { _ = os.WriteFile("x", b, 0o600) })) // a short wait
	dial(conn, onMsg(func(b []byte) { _, _ = http.Get(string(b)) }))      // want `note: blockloop: http.Get waits on the network on the loop of dial`
}
