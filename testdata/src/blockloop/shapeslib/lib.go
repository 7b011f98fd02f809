// Package shapeslib has loops that call what other packages have registered.
package shapeslib

import (
	"encoding/json"
	"net"
	"sync"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/rivo/tview"
)

// A Bus is generic.
type Bus[T any] struct {
	mu   sync.Mutex
	in   chan T
	subs map[int]func(T)
}

func New[T any]() *Bus[T] {
	b := &Bus[T]{in: make(chan T), subs: make(map[int]func(T))}
	go b.loop()
	return b
}

func (b *Bus[T]) Subscribe(f func(T)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subs[len(b.subs)] = f
}

func (b *Bus[T]) loop() {
	for v := range b.in {
		b.mu.Lock()
		subs := make([]func(T), 0, len(b.subs))
		for _, f := range b.subs {
			subs = append(subs, f)
		}
		b.mu.Unlock()
		for _, f := range subs {
			f(v) // want `note: blockloop: f, set elsewhere, runs on the loop of Bus.loop`
		}
	}
}

// A Router keeps its handlers in a sync.Map.
type Router struct {
	handlers sync.Map
	conn     net.Conn
}

func (r *Router) On(kind string, h func(string)) { r.handlers.Store(kind, h) }

func (r *Router) Run() error {
	dec := json.NewDecoder(r.conn)
	for {
		var m struct{ Kind, Body string }
		if err := dec.Decode(&m); err != nil {
			return err
		}
		if h, ok := r.handlers.Load(m.Kind); ok {
			h.(func(string))(m.Body) // want `note: blockloop: h.\(func\(string\)\), set elsewhere, runs on the loop of Router.Run`
		}
	}
}

type rule struct {
	match string
	do    func(string)
}

// A Watcher has two callbacks.
type Watcher struct {
	changes chan string
	errs    chan error
	changed func(string)
	failed  func(error)
	rules   []rule
}

func Watch(changed func(string), failed func(error)) *Watcher {
	w := &Watcher{make(chan string), make(chan error), changed, failed, nil}
	go func() {
		for {
			select {
			case c := <-w.changes:
				w.changed(c) // want `note: blockloop: w.changed, set elsewhere, runs on the loop of Watch`
				for _, r := range w.rules {
					if r.match == c {
						r.do(c)
					}
				}
			case err := <-w.errs:
				w.failed(err)
			}
		}
	}()
	return w
}

func (w *Watcher) Rule(match string, do func(string)) { w.rules = append(w.rules, rule{match, do}) }

// A Menu is built at the end.
type Menu struct {
	form  *tview.Form
	items []entry
}

type entry struct {
	label string
	run   func()
}

func (m *Menu) Item(label string, run func()) *Menu {
	m.items = append(m.items, entry{label, run})
	return m
}

func (m *Menu) Build() {
	for _, it := range m.items {
		m.form.AddButton(it.label, it.run)
	}
}

// A Screen reaches a table of actions.
type Screen struct {
	actions map[string]Action
	load    func() string
	text    string
}

type Action interface{ Perform(s *Screen) }

func NewScreen(load func() string) Screen {
	return Screen{actions: map[string]Action{}, load: load}
}

func (s Screen) Bind(key string, a Action) { s.actions[key] = a }

func (s Screen) Init() tea.Cmd { return nil }

func (s Screen) View() string { return s.text }

func (s Screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case string:
		if a, ok := s.actions[msg]; ok {
			a.Perform(&s)
		}
	case int:
		s.text = s.load()
	}
	return s, nil
}
