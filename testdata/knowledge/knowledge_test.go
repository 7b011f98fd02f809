// Package knowledge checks the third-party lines of analyzers/knowledge/data
// against the real packages: a symbol that does not exist, or an argument that
// is not what the line says, fails the test.
//
// It is a module of its own so that the libraries never reach the linter's
// dependencies. Packages are checked one by one from source, without function
// bodies and without what they import: the modules need not build together.
package knowledge

import (
	"errors"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/knowledge/symbolcheck"
)

// unpinned are packages that go.mod cannot name, and why. Their lines were
// read against the sources by hand.
var unpinned = map[string]string{
	"github.com/Jeffail/tunny":          "no version to be had from the module proxy",
	"github.com/neilotoole/errgroup":    "no version to be had from the module proxy",
	"github.com/go-playground/pool":     "published as gopkg.in/go-playground/pool.v3 only",
	"github.com/destel/rill":            "no version to be had from the module proxy",
	"github.com/centrifugal/centrifuge": "no version to be had from the module proxy",
	"github.com/ethereum/go-ethereum":   "24 MB for two lines",
	"github.com/marusama/semaphore":     "no version to be had from the module proxy",
}

func TestSymbols(t *testing.T) {
	lib, err := openLibrary()
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	n := 0
	for _, l := range readLines(t) {
		if !thirdParty(l.Symbol) {
			continue
		}
		n++
		if path := unpinnedPath(l.Symbol); path != "" {
			used[path] = true
		} else if err := lib.check(l); err != nil {
			t.Error(err)
		}
	}
	for path := range unpinned {
		if !used[path] {
			t.Errorf("no line is about %s, which is listed as not pinned", path)
		}
	}
	t.Logf("%d lines, %d packages", n, len(lib.packages))
}

func readLines(t *testing.T) []symbolcheck.Line {
	files, err := filepath.Glob("../../analyzers/knowledge/data/*.know")
	if err != nil || len(files) == 0 {
		t.Fatalf("no data files (%v)", err)
	}
	var lines []symbolcheck.Line
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, symbolcheck.Lines(filepath.Base(file), string(text))...)
	}
	return lines
}

func thirdParty(symbol string) bool {
	host, _, ok := strings.Cut(symbol, "/")
	return ok && strings.Contains(host, ".")
}

func unpinnedPath(symbol string) string {
	for path := range unpinned {
		if rest, ok := strings.CutPrefix(symbol, path); ok && (rest[0] == '/' || rest[0] == '.') {
			return path
		}
	}
	return ""
}

// check reports what is wrong with l. One line speaks of all major versions of
// a library: each of its words must hold in one of them.
func (lib *library) check(l symbolcheck.Line) error {
	words := l.Words
	if len(words) == 0 {
		words = []string{""}
	}
	for _, word := range words {
		l.Words = strings.Fields(word)
		var errs []error
		for major := range lib.majors {
			err := symbolcheck.Check(l, func(path string) *types.Package { return lib.find(path, major) })
			if err == nil {
				err = declared(l, func(path string) *types.Package { return lib.find(path, major) })
			}
			if err == nil {
				errs = nil
				break
			}
			errs = append(errs, err)
		}
		if errs != nil {
			return errors.Join(errs...)
		}
	}
	return nil
}

// declared reports whether the symbol is a method that another type declares:
// look-ups go by the declaring type, so the line would be dead.
func declared(l symbolcheck.Line, find symbolcheck.Finder) error {
	symbol, _, _ := strings.Cut(l.Symbol, "#")
	parts := strings.Split(symbol, ".")
	if len(parts) < 3 {
		return nil
	}
	path, typ, name := strings.Join(parts[:len(parts)-2], "."), parts[len(parts)-2], parts[len(parts)-1]
	pkg := find(path)
	if pkg == nil {
		return nil // a function
	}
	tn, ok := pkg.Scope().Lookup(typ).(*types.TypeName)
	if !ok {
		return fmt.Errorf("%s: no type %s", l.Pos, typ)
	}
	obj, index, _ := types.LookupFieldOrMethod(tn.Type(), true, pkg, name)
	if obj != nil && len(index) > 1 {
		return fmt.Errorf("%s: %s is promoted to %s, not declared there", l.Pos, name, typ)
	}
	if fn, ok := obj.(*types.Func); ok {
		if recv, ok := types.Unalias(fn.Signature().Recv().Type()).(*types.Named); ok && recv.Obj() != tn && types.IsInterface(recv) {
			return fmt.Errorf("%s: %s is declared by %s, not by %s", l.Pos, name, recv.Obj().Name(), typ)
		}
	}
	return nil
}
