package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// These point TestEdited at a program of any size:
//
//	go test ./cmd/concurlint -run TestEdited -v -timeout 0 -checkout DIR [-edits 20] [-seed 1] [-scratch]
var (
	checkout = flag.String("checkout", "../../testdata/demo", "root of the module that TestEdited edits a copy of")
	rounds   = flag.Int("edits", 6, "random edits of it")
	seed     = flag.Uint64("seed", 1, "of the edits")
	scratch  = flag.Bool("scratch", false, "compare with runs whose cache is empty, rather than without results of the module's own packages")
)

// TestEdited checks that the findings are those of go vet -vettool before and
// after a series of edits, and that each run in between says what one says that
// knows no results.
func TestEdited(t *testing.T) {
	t.Setenv("GOFLAGS", "-buildvcs=false")
	dir := filepath.Join(t.TempDir(), "module")
	if err := os.CopyFS(dir, os.DirFS(*checkout)); err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	broken := 0 // packages that do not compile from the start
	for _, state := range []string{"cold", "warm"} {
		broken = sameAsVet(t, state, dir, cache)
	}
	e := newEditor(t, dir, *seed)
	for i := range *rounds {
		problems := sameAsFresh(t, e.edit(t), dir, cache, i)
		if problems > broken {
			e.undo()
			sameAsFresh(t, "taking that back", dir, cache, i)
		}
	}
	sameAsVet(t, "edited", dir, cache)
}

// sameAsFresh compares a run that knows earlier ones with one that does not.
func sameAsFresh(t *testing.T, what, dir, cache string, round int) (problems int) {
	t.Helper()
	cached := drive(t, dir, cache, false, "")
	unknown, options := cache, fmt.Sprintf("%s, round %d", what, round)
	if *scratch {
		unknown, options = t.TempDir(), ""
	}
	fresh := drive(t, dir, unknown, false, options)
	t.Logf("%s: %d of %d packages analyzed, %d findings, %d problems", what, cached.Stats.Analyzed, fresh.Stats.Packages, len(fresh.Diagnostics), len(fresh.Problems))
	if have, want := shownOf(t, cached), shownOf(t, fresh); have != want {
		t.Fatalf("after %s, with the cache%s", what, difference(have, want))
	}
	return len(fresh.Problems)
}

func shownOf(t *testing.T, res *driver.Result) string {
	t.Helper()
	text := sorted(t, asVet(res))
	for _, p := range res.Problems {
		text += fmt.Sprintf("\n%+v", p)
	}
	return text
}

func sameAsVet(t *testing.T, state, dir, cache string) (problems int) {
	t.Helper()
	res := drive(t, dir, cache, false, "")
	want := byVet(t, dir, false, len(res.Problems) > 0)
	t.Logf("%s: %d findings, %d packages analyzed, %d outside", state, len(res.Diagnostics), res.Stats.Analyzed, res.Stats.Pulled)
	if have := sorted(t, asVet(res)); have != want {
		t.Fatalf("%s: the driver%s", state, difference(have, want))
	}
	if want == "" {
		t.Error("nothing found, so nothing was compared")
	}
	return len(res.Problems)
}

// difference shows what one of two lists of lines has and the other has not.
func difference(have, want string) string {
	var b strings.Builder
	for _, side := range []struct{ name, lines, others string }{{"has", have, want}, {"lacks", want, have}} {
		others := "\n" + side.others + "\n"
		for line := range strings.SplitSeq(side.lines, "\n") {
			if !strings.Contains(others, "\n"+line+"\n") {
				fmt.Fprintf(&b, "\n%s %s", side.name, line)
			}
		}
	}
	return b.String()
}
