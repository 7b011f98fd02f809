// Package gocui has nothing but names in common with the library whose path ends alike.
package gocui

type Gui struct{}

type Manager struct{ Layout string }

func (g *Gui) SetKeybinding(view, key string, mod, action int) error { return nil }

func (g *Gui) Update(f func(*Gui) error) {}
