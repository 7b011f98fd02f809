// Package tview stands in for the library of the same path.
package tview

type EventKey struct{ Rune rune }

type Box struct{}

func (b *Box) SetInputCapture(capture func(*EventKey) *EventKey) *Box { return b }

type Form struct{ *Box }

func (f *Form) AddButton(label string, selected func()) *Form { return f }

type Application struct{}

func (a *Application) SetInputCapture(capture func(*EventKey) *EventKey) *Application { return a }
func (a *Application) QueueUpdateDraw(f func()) *Application                          { return a }
func (a *Application) Stop()                                                          {}
