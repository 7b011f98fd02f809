package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/edit"
	"github.com/concurlint/concurlint/advisor/verify"
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

// A second edit of a file rests on the source as it was before the first: it is not
// written, which is told and is no failure while another edit was.
func TestApplyTwice(t *testing.T) {
	const was = "package p // 1 2\n"
	proof := func(name, from, to string) proved {
		after := strings.Replace(was, from, to, 1)
		e := &edit.Edit{Files: map[string]edit.File{name: {Before: []byte(was), After: []byte(after)}}}
		v := advisor.Verified{Claim: verify.Faster}
		return proved{name + ":1", &advisor.Advice{Verified: &v}, &verify.Proof{Verified: v, Edit: e}}
	}
	unproved := proof("b.go", "1", "9")
	unproved.proof.Verified.Claim = verify.Unclear
	for _, c := range []struct {
		name    string
		list    []proved
		written string // files and their edits
		notes   string
		fails   bool
	}{
		{"one", []proved{proof("a.go", "1", "9")}, "a.go:1", "", false},
		{"two files", []proved{proof("a.go", "1", "9"), proof("b.go", "2", "9")}, "a.go:1 b.go:1", "", false},
		{"one file twice", []proved{proof("a.go", "1", "9"), proof("a.go", "2", "9")}, "a.go:1",
			"a.go:1 was not written: a.go has changed since it was verified: verify again", false},
		{"nothing", []proved{unproved}, "", `b.go:1 was not written: nothing to apply: the claim is "unclear", which proves no gain`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, name := range []string{"a.go", "b.go"} {
				if err := os.WriteFile(name, []byte(was), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			var rep advisor.Report
			var stderr bytes.Buffer
			err := apply(c.list, &rep, &stderr)
			if got := strings.Join(rep.Notes, "\n"); got != c.notes || (err != nil) != c.fails {
				t.Errorf("%v, notes %q, want %q", err, got, c.notes)
			}
			var written []string
			for i, p := range c.list {
				if p.about.Verified.Written {
					written = append(written, p.at)
				}
				name, _, _ := strings.Cut(p.at, ":")
				want := was
				if p.about.Verified.Written {
					want = string(p.proof.Edit.Files[name].After)
				} else if i > 0 {
					continue // holds the first edit
				}
				if text, _ := os.ReadFile(name); string(text) != want {
					t.Errorf("%s holds %q, want %q", name, text, want)
				}
			}
			if got := strings.Join(written, " "); got != c.written || strings.Count(stderr.String(), ": written\n") != len(written) {
				t.Errorf("written %q, want %q; said %q", got, c.written, stderr.String())
			}
		})
	}
}
