// Package forked uses a fork of a library with a loop, which keeps the library's contract.
package forked

import (
	"net/http"

	"example.com/fork/gocui"
	sketch "example.com/sketch/gocui"
)

func get() error {
	resp, err := http.Get("http://example.com")
	if err == nil {
		resp.Body.Close()
	}
	return err
}

type layout struct{}

func (layout) Layout(*gocui.Gui) error {
	return get() // want `warning: blockloop: get waits on the network on gocui's loop`
}

func bind(g *gocui.Gui) error {
	g.Update(func(*gocui.Gui) error {
		return get() // want `warning: blockloop: get waits on the network on gocui's loop`
	})
	return g.SetKeybinding("list", gocui.Key(13), 0, reload)
}

func reload(g *gocui.Gui, _ *gocui.View) error {
	go get()
	return get() // want `warning: blockloop: get waits on the network on gocui's loop`
}

// Another library of that name is not known.
func draw(g *sketch.Gui) {
	g.Update(func(*sketch.Gui) error { return get() })
}
