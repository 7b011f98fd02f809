// Package terminal gives the terminal to other programs for a while.
package terminal

import (
	"net/http"
	"os/exec"

	"github.com/jesseduffield/gocui"
)

type screen struct {
	g       *gocui.Gui
	entries []*entry
	full    bool
}

// An entry of a menu is run by the handler of a key.
type entry struct {
	name    string
	onPress func() error
}

type binding struct {
	key     any
	handler func(*gocui.Gui, *gocui.View) error
}

func (s *screen) bindings() []*binding {
	return []*binding{
		{'e', s.edit},
		{'p', s.page},
		{'s', s.shell},
		{'m', plain(s.press)},
		{'d', s.open},
	}
}

func plain(f func() error) func(*gocui.Gui, *gocui.View) error {
	return func(*gocui.Gui, *gocui.View) error { return f() }
}

func (s *screen) bind() error {
	for _, b := range s.bindings() {
		if err := s.g.SetKeybinding("", b.key, 0, b.handler); err != nil {
			return err
		}
	}
	return nil
}

// The editor has the terminal, and the loop stands still by intention.
func (s *screen) edit(*gocui.Gui, *gocui.View) error {
	return s.run(exec.Command("vi"))
}

func (s *screen) run(cmd *exec.Cmd) error {
	if err := s.g.Suspend(); err != nil {
		return err
	}
	s.foreground(cmd)
	if err := s.g.Resume(); err != nil {
		return err
	}
	_, err := http.Get("http://example.com/saved") // want "warning: blockloop: http.Get waits on the network on gocui's loop, use a goroutine and Gui.Update"
	return err
}

func (s *screen) foreground(cmd *exec.Cmd) { _ = cmd.Run() }

func (s *screen) page(*gocui.Gui, *gocui.View) error {
	if err := s.g.Suspend(); err != nil {
		return err
	}
	defer s.g.Resume()
	return exec.Command("less").Run()
}

// On one way only.
func (s *screen) shell(*gocui.Gui, *gocui.View) error {
	if s.full {
		s.g.Suspend()
	}
	return exec.Command("sh").Run() // want "warning: blockloop: exec.*Run waits for a subprocess on gocui's loop"
}

func (s *screen) press() error { return s.entries[0].onPress() }

func (s *screen) open(*gocui.Gui, *gocui.View) error {
	s.entries = append(s.entries, &entry{"remove", func() error {
		return remove("image") // want "warning: blockloop: remove waits on the network on gocui's loop"
	}}, &entry{"prune", func() error {
		return s.later(func() error { return remove("all") })
	}})
	return nil
}

func (s *screen) later(f func() error) error {
	go f()
	return nil
}

func remove(name string) error {
	_, err := http.Get("http://example.com/remove?name=" + name)
	return err
}
