package blockloop

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/panjf2000/gnet/v2"
	"google.golang.org/grpc/balancer"
)

// Through embedding of the library's own type.
type server struct{ gnet.BuiltinEventEngine }

func (s *server) OnTraffic(c gnet.Conn) gnet.Action {
	fetch() // want `warning: .*fetch waits on the network on gnet's loop, use a goroutine and AsyncWrite`
	_ = c.AsyncWrite(nil, func(gnet.Conn, error) error {
		fetch() // want `warning: .*fetch waits on the network on gnet's loop`
		return nil
	})
	go func() { fetch() }()
	return 0
}

// Promoted from a type that does not implement the interface alone.
type opener struct{}

func (opener) OnOpen(gnet.Conn) ([]byte, gnet.Action) {
	fetch() // want `warning: .*fetch waits on the network`
	return nil, 0
}

type composed struct {
	opener
	traffic
}

type traffic struct{}

func (traffic) OnTraffic(gnet.Conn) gnet.Action { return 0 }

// On the loop's own connection it may write.
func (p *picker) answer(c gnet.Conn) { _, _ = c.Write(nil) }

// A value receiver.
type picker struct{}

func (picker) Pick(balancer.PickInfo) (balancer.PickResult, error) {
	time.Sleep(time.Second) // want `warning: .*time.Sleep sleeps on balancer's loop`
	return balancer.PickResult{}, nil
}

// A generic type.
type generic[T any] struct{ items []T }

func (g *generic[T]) Pick(balancer.PickInfo) (balancer.PickResult, error) {
	fetch() // want `warning: .*fetch waits on the network`
	return balancer.PickResult{}, nil
}

// The method's name alone is no contract.
type stranger struct{}

func (stranger) Pick(n int) error {
	fetch()
	return nil
}

type model struct{ body string }

func (m model) Init() tea.Cmd { return load }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg.(type) {
	case string:
		fetch() // want `warning: .*fetch waits on the network on tea's loop, use a tea.Cmd`
	case int:
		return m, load // the program runs a command on a goroutine
	case bool:
		return m, m.reload("x")
	}
	return m, func() tea.Msg {
		fetch()
		return nil
	}
}

// The child may do its work whatever the message is.
type parent struct{ child child }

type child struct{ lines []string }

func (p parent) Init() tea.Cmd { return nil }

func (p parent) View() string { return "" }

func (p parent) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case int:
		p.child.save(msg) // want `warning: .*child.save waits on the network on tea's loop`
	}
	return p, p.child.update(msg) // want `warning: .*child.update waits on the network on tea's loop`
}

func (c child) update(msg tea.Msg) tea.Cmd {
	if _, ok := msg.(bool); ok {
		fetch()
	}
	return nil
}

func (c child) save(record any) { fetch() }

func (m model) View() string { return m.body }

func (m model) reload(string) tea.Cmd {
	return func() tea.Msg {
		fetch()
		return nil
	}
}

func load() tea.Msg {
	fetch()
	return nil
}

// Filtering all documents by nested loops, for each of them, each time that the
// screen is drawn.
type library struct {
	docs   []string
	filter string
}

type reader struct{ lib library }

func (r reader) Init() tea.Cmd { return nil }

func (r reader) Update(tea.Msg) (tea.Model, tea.Cmd) { return r, nil }

func (r reader) View() string {
	return r.lib.best() + r.lib.first() + r.lib.table() // want `note: .*library.best computes heavily on tea's loop, use a tea.Cmd`
}

func (l library) best() string {
	best, most := "", 0
	for _, d := range l.docs {
		if n := score(d, l.filter); n > most {
			best, most = d, n
		}
	}
	return best
}

func (l library) first() string {
	docs := slices.Clone(l.docs)
	slices.SortFunc(docs, func(a, b string) int {
		return score(a, l.filter) - score(b, l.filter) // want `note: .*score computes heavily on slices.s loop, use a key that is worked out before the sort`
	})
	return docs[0]
}

func score(doc, filter string) (n int) {
	for i := range doc {
		for j := range filter {
			if i+j < len(doc) && doc[i+j] == filter[j] {
				n++
			}
		}
	}
	return n
}

// Rows and columns are what a screen has.
func (l library) table() string {
	var out strings.Builder
	for _, d := range l.docs {
		for _, word := range strings.Fields(d) {
			out.WriteString(word)
		}
	}
	return out.String()
}
