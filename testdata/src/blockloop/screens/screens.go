// Package screens registers what it is given with a user interface.
package screens

import "github.com/rivo/tview"

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
		go app.QueueUpdateDraw(draw)
		return k
	})
}
