// Package screens registers what it is given with a user interface.
package screens

import (
	"os"
	"os/exec"
	"sort"

	"github.com/rivo/tview"
)

// A Page is part of a wizard.
type Page interface {
	Build(forward, back func())
}

type Hello struct{ form *tview.Form }

func (h *Hello) Build(forward, back func()) {
	h.form.AddButton("Back", back)
	h.form.AddButton("Next", forward)
}

// Dialog asks before it goes on.
func Dialog(form *tview.Form, yes func(), no func()) {
	button(form, "Yes", yes)
	button(form, "No", func() { go no() })
}

func button(form *tview.Form, label string, f func()) { form.AddButton(label, f) }

// A Store keeps what the user writes.
type Store interface {
	Save()
	Base() string
}

type Editor struct {
	store  Store
	onExit func()
}

type Config struct {
	Store  Store
	OnExit func()
}

func NewEditor(app *tview.Application, c Config) *Editor {
	e := &Editor{store: c.Store, onExit: c.OnExit}
	app.SetInputCapture(e.keys)
	return e
}

func (e *Editor) keys(k *tview.EventKey) *tview.EventKey {
	switch k.Rune {
	case 's':
		e.store.Save()
	case 'b':
		_ = e.store.Base()
	case 'q':
		e.leave()
	}
	return k
}

func (e *Editor) leave() {
	if e.onExit != nil {
		e.onExit()
	}
}

// To wait for the loop on the loop is to wait for ever; a goroutine may.
func Watch(app *tview.Application, box *tview.Box, draw func()) {
	box.SetInputCapture(func(k *tview.EventKey) *tview.EventKey {
		app.QueueUpdateDraw(draw) // want `warning: blockloop: tview.\(\*Application\).QueueUpdateDraw waits .* on tview's loop, which has to run it first: deadlock, do it in place`
		app.Draw()                // want `warning: blockloop: tview.\(\*Application\).Draw waits .* on tview's loop, which has to run it first: deadlock, do it in place`
		go app.QueueUpdateDraw(draw)
		return k
	})
}

// A file is mostly there at once, a command takes as long as it likes.
func Touch(box *tview.Box, name string) {
	box.SetInputCapture(func(k *tview.EventKey) *tview.EventKey {
		if _, err := os.Stat(name); err != nil { // want `note: blockloop: os.Stat waits on the file system on tview's loop, use a goroutine and QueueUpdateDraw`
			return k
		}
		_ = exec.Command("touch", name).Run() // want `warning: blockloop: exec.\(\*Cmd\).Run waits for a subprocess on tview's loop, use a goroutine and QueueUpdateDraw`
		return k
	})
}

// One look at a file is short, n log n of them are not.
func BySize(names []string) {
	sort.Slice(names, func(i, j int) bool {
		return size(names[i]) < size(names[j]) // want `warning: blockloop: size waits on the file system on sort's loop, use a key that is worked out before the sort`
	})
}

func size(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.Size()
}
