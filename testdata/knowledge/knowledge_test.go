// Package knowledge checks the third-party lines of analyzers/knowledge/data
// against the real packages: a symbol that does not exist, or an argument that
// is not what the line says, fails the test.
//
// It is a module of its own so that the libraries never reach the linter's
// dependencies. Packages are checked one by one from source, without function
// bodies and without what they import: the modules need not build together.
package knowledge

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// unpinned are packages that go.mod cannot name, and why. Their lines were
// read against the sources by hand.
var unpinned = map[string]string{
	"github.com/Jeffail/tunny":       "no version to be had from the module proxy",
	"github.com/neilotoole/errgroup": "no version to be had from the module proxy",
	"github.com/go-playground/pool":  "published as gopkg.in/go-playground/pool.v3 only",
	"github.com/destel/rill":         "no version to be had from the module proxy",
	"github.com/marusama/semaphore":  "no version to be had from the module proxy",
}

func TestSymbols(t *testing.T) {
	lib, err := openLibrary()
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	lines := readLines(t)
	for _, l := range lines {
		if path := unpinnedPath(l.symbol); path != "" {
			used[path] = true
			continue
		}
		if err := lib.check(l); err != nil {
			t.Errorf("%s: %s %s: %v", l.pos, l.verb, l.symbol, err)
		}
	}
	for path := range unpinned {
		if !used[path] {
			t.Errorf("no line is about %s, which is listed as not pinned", path)
		}
	}
	t.Logf("%d lines, %d packages", len(lines), len(lib.packages))
}

func unpinnedPath(symbol string) string {
	for path := range unpinned {
		if _, ok := below(symbol, path); ok {
			return path
		}
	}
	return ""
}

// A line is one knowledge line about a package outside the standard library.
type line struct {
	pos, verb, symbol string
	words             []string
}

func readLines(t *testing.T) []line {
	files, err := filepath.Glob("../../analyzers/knowledge/data/*.know")
	if err != nil || len(files) == 0 {
		t.Fatalf("no data files: %v", err)
	}
	var lines []line
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range strings.Split(string(data), "\n") {
			text, _, _ = strings.Cut(text, "|")
			words := strings.Fields(text)
			if len(words) < 2 || words[0][0] == '#' {
				continue
			}
			host, _, hasSlash := strings.Cut(words[1], "/")
			if hasSlash && strings.Contains(host, ".") {
				pos := filepath.Base(name) + ":" + strconv.Itoa(i+1)
				lines = append(lines, line{pos, words[0], words[1], words[2:]})
			}
		}
	}
	return lines
}
