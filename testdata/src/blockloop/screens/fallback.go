package screens

import (
	"os/exec"
	"strings"

	"github.com/rivo/tview"
)

// What is returned first is no record of what the program says: a complaint about what
// was asked, after which all that is in order come to the program, or what the caller
// gave.
type asker struct{ path, status string }

func (a *asker) complaint(arg string) string {
	if strings.HasPrefix(arg, "-") {
		return ""
	}
	return arg + " is no option"
}

func (a *asker) run(arg string) string {
	if c := a.complaint(arg); c != "" {
		return c
	}
	_ = exec.Command(a.path, arg).Run()
	return ""
}

func (a *asker) ask(arg string) string {
	if given := strings.TrimSpace(a.status); given != "" {
		return given
	}
	out, _ := exec.Command(a.path, arg).Output()
	return string(out)
}

func (a *asker) told() string {
	for {
		if s := a.complaint(a.status); s != "" {
			return s
		}
		_ = exec.Command(a.path).Run()
	}
	return a.status
}

func questions(form *tview.Form, a *asker) {
	form.AddButton("Run", func() { a.status = a.run("-x") }) // want `warning: .*run waits for a subprocess on tview's loop`
	form.AddButton("Ask", func() { a.status = a.ask("-y") }) // want `warning: .*ask waits for a subprocess on tview's loop`
	form.AddButton("Told", func() { a.status = a.told() })   // want `warning: .*told waits for a subprocess on tview's loop`
}
