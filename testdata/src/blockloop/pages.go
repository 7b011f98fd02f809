package blockloop

import (
	"net/http"
	"os/exec"

	tea "github.com/charmbracelet/bubbletea"
)

// The switch over the messages stands in functions of their own, one for each page
// of the screen: each wait there is told where it is.
type almanac struct{ open bool }

type openMsg struct{ day string }

type printMsg struct{ day string }

func (a almanac) Init() tea.Cmd { return nil }

func (a almanac) View() string { return "" }

func (a almanac) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if a.open {
		return turnDay(msg, a)
	}
	return turnYear(msg, a)
}

func turnDay(msg tea.Msg, a almanac) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case openMsg:
		http.Get("http://example.com/" + msg.day) // want "warning: .*http.Get waits on the network on tea's loop, use a tea.Cmd"
	case printMsg:
		printDay(msg.day) // want "warning: .*printDay waits for a subprocess on tea's loop, use a tea.Cmd"
	}
	return a, nil
}

func printDay(day string) {
	exec.Command("lp", day).Run()
}

// The command runs off the loop.
func turnYear(msg tea.Msg, a almanac) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case printMsg:
		return a, func() tea.Msg {
			printDay(msg.day)
			return nil
		}
	}
	return a, nil
}

// It gets the message, and does not tell one from the other: the call waits.
type diary struct{}

func (d diary) Init() tea.Cmd { return nil }

func (d diary) View() string { return "" }

func (d diary) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	keep(msg) // want "warning: .*keep waits on the network on tea's loop, use a tea.Cmd"
	return d, nil
}

func keep(tea.Msg) {
	http.Get("http://example.com/keep")
}
