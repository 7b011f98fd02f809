package advisor

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestReadLint(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"empty":             {``, "lint output is empty"},
		"not JSON":          {`main.go:3: x`, "not readable"},
		"other JSON":        {`[]`, "not readable"},
		"other version":     {`{"version": 7, "sites": [], "functions": []}`, "version 7, not 1"},
		"without sites":     {`{"version": 1, "findings": []}`, "no sites or no functions"},
		"null for sites":    {`{"version": 1, "sites": null, "functions": []}`, "no sites or no functions"},
		"nothing was found": {`{"version": 1, "findings": [], "sites": [], "functions": []}`, ""},
	} {
		_, err := ReadLint(strings.NewReader(c.in))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) || (c.want == "") != (err == nil) || strings.Contains(got, "\n") {
			t.Errorf("%s: error %q, want %q", name, got, c.want)
		}
	}
}

// What a finding has beyond the named fields comes out again, of a judged one too.
func TestFindingKeepsFields(t *testing.T) {
	const in = `{"version": 1, "sites": [], "functions": [], "findings": [{"rule": "lockio", "severity": "note", "line": 3,
		"confidence": 0.93, "signals": [{"name": "s", "points": 14}], "verdict": "old", "fixes": []}]}`
	l, err := ReadLint(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	j := Judged{Finding: l.Findings[0], Was: "note", Verdict: Confirmed, Because: []string{"b"}, Stake: 1.5}
	j.Severity = "warning"
	data, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"confidence":0.93`, `"points":14`, `"verdict":"confirmed"`, `"severity":"warning"`, `"was":"note"`, `"line":3`, `"fixes":[]`} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	var back Judged
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || !bytes.Equal(data, again) || back.Stake != 1.5 || back.Verdict != Confirmed {
		t.Errorf("%s (%v) became %s", data, err, again)
	}
}

func FuzzReadLint(f *testing.F) {
	f.Add([]byte(`{"version": 1, "sites": [], "functions": [], "findings": [{"rule": "lockio"}]}`))
	f.Add([]byte(`{"version": 1, "sites": [{"file": "a.go", "line": -1, "executor": "group", "task": {"bodies": [{"file": "a.go", "line": 9, "endLine": 2}]}}],
		"functions": [{"file": "a.go", "line": 5, "endLine": 1, "literals": [{"name": "x", "line": 3, "endLine": 2}]}], "findings": [{"rule": "lockio", "file": "a.go", "line": 99999999}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ReadLint(bytes.NewReader(data))
		if err != nil {
			return
		}
		// Whatever the analyzers say, the advice can be written down.
		r := Advise(l, tasked(10*sc, 4000, 8, ms/2, 0, 20*ms, 9*sc).evidence(), Options{})
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	})
}
