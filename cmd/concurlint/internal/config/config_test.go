package config

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

var rules = []string{"blockloop", "lockio"}

// TestMistakes has each mistake told in one line with its place.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"severty: note":                           `f.yaml:1:1: unknown key "severty"; want baseline, confidence, exclude, fail-on, knowledge, rules, severities, severity or tests`,
		"\nseverity: bad":                         `f.yaml:2:11: "bad" is no severity; want note, warning or error`,
		"severity: [note]":                        `f.yaml:1:11: severity is one value`,
		"tests: 3":                                `f.yaml:1:8: want true or false, have "3"`,
		"confidence: 2":                           `f.yaml:1:13: "2" is no probability; want 0 to 1`,
		"rules:\n  lockoi: off":                   `f.yaml:2:3: no rule "lockoi"; want one of blockloop, lockio`,
		"rules:\n  lockio: maybe":                 `f.yaml:2:11: rule lockio is "maybe"; want on or off`,
		"rules: {lockio: off, lockio: on}":        `f.yaml:1:22: rule lockio stands here twice`,
		"rules: [lockio]":                         `f.yaml:1:8: want a rule and on or off on each line, such as lockio: off`,
		"tests: true\ntests: true":                `f.yaml:2:1: key "tests" stands here twice`,
		"exclude:\n  - path: a/...":               `f.yaml:2:5: an entry of exclude needs a reason`,
		"exclude:\n  - reason: x":                 `f.yaml:2:5: an entry needs a path, such as internal/legacy/...`,
		"exclude:\n  - path: a\n    resaon: x":    `f.yaml:3:5: unknown key "resaon" in exclude; want path, reason or rules`,
		"exclude:\n  - path: '[a'\n    reason: x": `f.yaml:2:11: "[a" is no pattern: syntax error in pattern`,
		"exclude: a":                              `f.yaml:1:10: want a list, each entry after a dash`,
		"severities:\n  - path: a":                `f.yaml:2:5: an entry of severities needs at-most: note or warning`,
		"- a":                                     `f.yaml:1:1: want keys and values, such as severity: note`,
		"a: b: c":                                 `f.yaml: mapping values are not allowed in this context`,
		"tests: true\n---\ntests: true":           `f.yaml: more than one document; the first --- is enough`,
	} {
		_, err := parse("f.yaml", []byte(text), rules)
		if err == nil || err.Error() != want {
			t.Errorf("%q\nhave %v\nwant %s", text, err, want)
		}
	}
}

func TestValues(t *testing.T) {
	c, err := parse("dir/f.yaml", []byte("# c\nrules:\n  lockio: off\n  blockloop: on\nknowledge: a.know\ntests: true\n"), rules)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, v := range c.Values {
		list = append(list, v.Flag+"="+v.Text)
	}
	const want = "enable=blockloop disable=lockio knowledge=dir/a.know tests=true"
	if got := strings.Join(list, " "); got != want {
		t.Errorf("have %s\nwant %s", got, want)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n"} {
		if _, err := parse("f.yaml", []byte(empty), rules); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func TestApply(t *testing.T) {
	c, err := parse("f.yaml", []byte(`
severities:
  - path: old/...
    at-most: note
exclude:
  - path: gen
    rules: [lockio]
    reason: from a program
  - path: "*_x.go"
    reason: experiments
`), rules)
	if err != nil {
		t.Fatal(err)
	}
	c.File = t.TempDir() + "/f.yaml"
	t.Chdir(strings.TrimSuffix(c.File, "/f.yaml"))
	at := func(file, rule string) finding.Finding {
		return finding.Finding{File: file, Rule: rule, Severity: settings.Warning}
	}
	left, out := c.Apply([]finding.Finding{
		at("a.go", "lockio"), at("old/b.go", "lockio"), at("old/in/b.go", "blockloop"), at("older/b.go", "lockio"),
		at("gen/c.go", "lockio"), at("gen/c.go", "blockloop"), at("gen/in/c.go", "lockio"), at("d_x.go", "blockloop"),
	})
	var list []string
	for _, f := range left {
		list = append(list, f.File+":"+f.Rule+":"+f.Severity.String())
	}
	for _, f := range out {
		list = append(list, f.File+":"+f.Silence.Reason)
	}
	const want = "a.go:lockio:warning old/b.go:lockio:note old/in/b.go:blockloop:note older/b.go:lockio:warning " +
		"gen/c.go:blockloop:warning gen/in/c.go:lockio:warning gen/c.go:from a program d_x.go:experiments"
	if got := strings.Join(list, " "); got != want {
		t.Errorf("have %s\nwant %s", got, want)
	}
}
