// Package gocui stands in for the library of the same path.
package gocui

type Modifier int

type View struct{}

type Gui struct{}

func (g *Gui) SetKeybinding(view string, key any, mod Modifier, handler func(*Gui, *View) error) error {
	return nil
}

func (g *Gui) Update(f func(*Gui) error) {}

func (g *Gui) Suspend() error { return nil }

func (g *Gui) Resume() error { return nil }
