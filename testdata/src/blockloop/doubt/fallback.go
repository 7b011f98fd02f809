package doubt

import (
	"os"
	"os/exec"
	"strings"

	"github.com/rivo/tview"
)

// A program says which version it is where nothing is on record.
type program struct{ path, status string }

func (p *program) recorded() string {
	data, _ := os.ReadFile(p.path + ".version")
	return string(data)
}

func (p *program) run(arg string) string {
	out, err := exec.Command(p.path, arg).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func (p *program) version() string {
	if v := p.recorded(); v != "" {
		return v
	}
	return p.run("--version")
}

func (p *program) versionOf() (string, error) {
	v := p.recorded()
	if len(v) > 0 {
		return v, nil
	}
	out, err := exec.Command(p.path, "--version").Output()
	return string(out), err
}

func (p *program) lines() []string { return strings.Fields(p.recorded()) }

func (p *program) features() []string {
	if list := p.lines(); len(list) != 0 {
		return list
	} else {
		return strings.Fields(p.run("--features"))
	}
}

func (p *program) limits() []string {
	if list := p.lines(); len(list) == 0 {
		return strings.Fields(p.run("--limits"))
	} else {
		return list
	}
}

func buttons(form *tview.Form, p *program) {
	form.AddButton("Version", func() { p.status = p.version() })      // want `note: .*version waits for a subprocess on tview's loop`
	form.AddButton("Again", func() { p.status, _ = p.versionOf() })   // want `note: .*versionOf waits for a subprocess on tview's loop`
	form.AddButton("Features", func() { p.status = p.features()[0] }) // want `note: .*features waits for a subprocess on tview's loop`
	form.AddButton("Limits", func() { p.status = p.limits()[0] })     // want `note: .*limits waits for a subprocess on tview's loop`
}
