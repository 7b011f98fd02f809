// Package tview stands in for the library of the same path.
package tview

type EventKey struct{ Rune rune }

type Box struct{}

func (b *Box) SetInputCapture(capture func(*EventKey) *EventKey) *Box { return b }

type Form struct{ *Box }

func (f *Form) AddButton(label string, selected func()) *Form { return f }

type Application struct{ updates chan update }

type update struct {
	f    func()
	done chan struct{}
}

func (a *Application) SetInputCapture(capture func(*EventKey) *EventKey) *Application { return a }

// QueueUpdateDraw returns when the loop has run f.
func (a *Application) QueueUpdateDraw(f func()) *Application {
	u := update{f, make(chan struct{})}
	a.updates <- u
	<-u.done
	return a
}

func (a *Application) Stop() {}

// Draw returns when the loop has drawn.
func (a *Application) Draw() *Application { return a.QueueUpdateDraw(func() {}) }
