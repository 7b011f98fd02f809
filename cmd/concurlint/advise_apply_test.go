package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
)

// That an edit cannot be written is said before minutes are spent on proving it.
func TestReplaceable(t *testing.T) {
	dir := t.TempDir()
	at := func(file, limit, edit string) []advisor.Advice {
		var a advisor.Advice
		a.Site.File, a.Site.Limit.File, a.Edit = file, limit, edit
		return []advisor.Advice{a}
	}
	here, away := filepath.Join(dir, "x.go"), filepath.Join(dir, "none", "x.go")
	for _, c := range []struct {
		list  []advisor.Advice
		wrong bool
	}{
		{at(here, "", "+"), false},
		{at(away, "", "+"), true},
		{at(here, away, "+"), true},
		{at(away, "", ""), false}, // nothing to write
	} {
		err := replaceable(c.list)
		if (err != nil) != c.wrong || err != nil && !strings.HasPrefix(err.Error(), "cannot write "+away+" (-apply): ") {
			t.Errorf("%s, %s: %v", c.list[0].Site.File, c.list[0].Site.Limit.File, err)
		}
	}
}
