package lexicon

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	for name, want := range map[string][]string{
		"latestStore": {"latest", "store"},
		"entries":     {"entries"},
		"HTTPServer":  {"http", "server"},
		"userIDs":     {"user", "i", "ds"},
		"io_mu2":      {"io", "mu"},
		"hostMap":     {"host"},
		"":            nil,
		"_":           nil,
	} {
		if have := Words(name); !slices.Equal(have, want) {
			t.Errorf("%q: have %q, want %q", name, have, want)
		}
	}
}

// A name that says until when something goes on does not say that it ends it.
func TestUntil(t *testing.T) {
	for name, want := range map[string]bool{"forceClose": true, "flushUntilClose": false, "closeUntilDone": true, "flushUntilCloseThenStop": true} {
		if have := Is(Ends, name); have != want {
			t.Errorf("%s ends: have %v, want %v", name, have, want)
		}
	}
}

// Each word has a name that matches, which its case file holds, and one that does
// not match although the letters are there.
func TestRows(t *testing.T) {
	for role, list := range roles() {
		for _, w := range list {
			one := word{text: w.text, where: w.where}
			if !one.in(Words(w.match)) || !Is(role, w.match) {
				t.Errorf("%s %s: %s does not match", role, w.text, w.match)
			}
			if one.in(Words(w.not)) {
				t.Errorf("%s %s: %s matches", role, w.text, w.not)
			}
			source, err := os.ReadFile(filepath.Join("../../../testdata/src", w.caseFile))
			if err != nil || !regexp.MustCompile(`\b`+w.match+`\b`).Match(source) {
				t.Errorf("%s %s: %s does not hold %s (%v)", role, w.text, w.caseFile, w.match, err)
			}
		}
	}
}
