package doubt

import (
	"net/http"

	tea "github.com/charmbracelet/bubbletea"
)

// A message of another type does not start the child's work.
type parent struct{ child child }

type child struct{ lines []string }

func (p parent) Init() tea.Cmd { return nil }

func (p parent) View() string { return "" }

func (p parent) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case string:
		return p, p.child.update(msg) // want `note: .*child.update waits on the network on tea's loop`
	}
	return p, nil
}

func (c child) update(msg tea.Msg) tea.Cmd {
	if _, ok := msg.(bool); ok {
		http.Get("http://child.example")
	}
	return nil
}
