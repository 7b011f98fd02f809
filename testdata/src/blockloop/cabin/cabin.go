// Package cabin puts the parts of a program together.
package cabin

import (
	"os/exec"

	"github.com/rivo/tview"

	"blockloop/remote"
	"blockloop/screens"
)

type wizard struct{ app *tview.Application }

func (w *wizard) forward() {
	w.app.QueueUpdateDraw(func() {}) // want `warning: blockloop: tview.\(\*Application\).QueueUpdateDraw waits for other goroutines on tview's loop`
}

func (w *wizard) back() {}

func pages(app *tview.Application, all []screens.Page) {
	w := &wizard{app}
	for _, p := range all {
		p.Build(w.forward, w.back)
	}
}

func run(app *tview.Application, form *tview.Form, c *remote.Client) {
	screens.Dialog(form, c.Save, c.Save)                        // want `warning: blockloop: remote.\(\*Client\).Save waits on the network on tview's loop`
	form.AddButton("Save", c.Save)                              // want `warning: blockloop: remote.\(\*Client\).Save waits on the network on tview's loop, use a goroutine and QueueUpdateDraw`
	form.AddButton("Save", remote.Saver("http://example.com/")) // want `warning: blockloop: what remote.Saver returns waits on the network on tview's loop`
	form.AddButton("Later", remote.Later("http://example.com/"))
	screens.NewEditor(app, screens.Config{
		Store: c, // want `warning: blockloop: remote.\(\*Client\).Save waits on the network on tview's loop`
		OnExit: func() {
			_ = exec.Command("sync").Run() // want `warning: blockloop: exec.\(\*Cmd\).Run waits for a subprocess on tview's loop`
		},
	})
}

type archive struct{ *remote.Client }

type draft struct{ *remote.Client }

// What both have from the client is told once.
func editors(app *tview.Application, c *remote.Client) {
	screens.NewEditor(app, screens.Config{
		Store: archive{c}, // want `warning: blockloop: remote.\(\*Client\).Save waits on the network on tview's loop`
	})
	screens.NewEditor(app, screens.Config{
		Store: draft{c},
	})
}
