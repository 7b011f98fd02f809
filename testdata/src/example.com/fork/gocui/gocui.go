// Package gocui stands in for a fork of the library whose path ends alike: what it has
// added changes no contract.
package gocui

type Key uint16

type Modifier int

type View struct{}

type Gui struct{}

type Manager interface{ Layout(*Gui) error }

func (g *Gui) SetKeybinding(view string, key any, mod Modifier, handler func(*Gui, *View) error) error {
	return nil
}

func (g *Gui) Update(f func(*Gui) error)              {}
func (g *Gui) SetManagerFunc(layout func(*Gui) error) {}
func (g *Gui) UpdateAsync(f func(*Gui) error)         {}
