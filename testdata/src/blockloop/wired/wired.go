// Package wired hands functions to the loops of other packages of its module.
package wired

import (
	"net"
	"net/http"

	"blockloop/hooks"
	"blockloop/remote"
)

func post(line string) {
	resp, err := http.Post("http://example.com/", "text/plain", nil)
	if err == nil {
		resp.Body.Close()
	}
}

func connect(c net.Conn, api *remote.Client) {
	work := make(chan string)
	hooks.Dial(c, hooks.Events{
		OnLine: func(line string) {
			post(line) // want `note: blockloop: post waits on the network on the loop of Client.read, hand it to a goroutine`
		},
		OnEnd: func() { post("end") },
	})
	var e hooks.Events
	e.OnLine = func(line string) {
		work <- line // want `note: blockloop: the loop of Client.read sends to work`
	}
	hooks.Dial(c, e)
}

// Through a method, an option, a table and a helper.
type service struct{ api *remote.Client }

func (s *service) list(string) {
	s.api.Get("list") // want `note: blockloop: remote.\(\*Client\).Get waits on the network on the loop of Mux.Run`
}

func (s *service) put(string) {
	post("put") // want `note: blockloop: post waits on the network on the loop of Mux.Run`
}

func (s *service) name(string) { _ = s.api.Base() }

func other(string) {
	post("other") // want `note: blockloop: post waits on the network on the loop of Mux.Run`
}

func serve(c net.Conn, s *service) {
	m := hooks.NewMux(hooks.WithFallback(other))
	m.Handle("list", s.list)
	for command, h := range map[string]func(string){"put": s.put, "name": s.name} {
		register(m, command, h)
	}
	m.Run(c)
}

func register(m *hooks.Mux, command string, h func(string)) {
	m.Handle(command, func(rest string) { h(rest) })
}

// An implementation that is handed to a bus.
type audit struct{ api *remote.Client }

func (a *audit) Heard(string) {
	a.api.Save() // want `warning: blockloop: remote.\(\*Client\).Save waits on the network on the loop of Bus.pump`
}

type counter struct{ n int }

func (c *counter) Heard(string) { c.n++ }

func listen(b *hooks.Bus, api *remote.Client) {
	b.Add(&audit{api})
	b.Add(new(counter))
}

// One goroutine for each connection, or for each call.
func sessions(s *hooks.Sessions, o *hooks.Off) {
	s.Handle("post", func(line string) { post(line) })
	o.Handle("post", func(line string) { post(line) })
}

func work(w *hooks.Worker) {
	w.Submit(hooks.Job{Do: func() { post("job") }})
}

// A function that is given to what runs it in a loop of its own.
func watch(c net.Conn, changes chan string, errs chan error) {
	hooks.Watch(changes, errs, func(name string) {
		post(name) // want `note: blockloop: post waits on the network on the loop of Watch`
	})
	hooks.Follow(changes, errs, func(name string) { post(name) })
	hooks.Tail(c, line)
}

func line(text string) {
	post(text) // want `note: blockloop: post waits on the network on the loop of tail`
}

func route(r *hooks.Router) {
	r.On(0, func(any) { post("zero") })          // want `note: blockloop: post waits on the network on the loop of Router.read`
	r.On("", func(any) { go post("of a text") }) // nobody waits
}

func list(r hooks.Remote) *hooks.Lister {
	return hooks.NewLister(r, func() error { post("token"); return nil })
}
