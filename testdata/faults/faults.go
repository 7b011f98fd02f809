// Package faults is for tests that kill programs and damage their files, over and
// over, and hold what is left to what was promised.
package faults

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// A Test hits what it tests until it has done so often enough. Chance decides
// when and where; the log has the seed.
type Test struct {
	*testing.T
	Rand   *rand.Rand
	Rounds int
	notes  map[string]int
	hits   int
	want   int
}

// New returns a test with as many hits as the environment variable
// CONCURLINT_FAULTS says, or else some. It is skipped where tests are to be short.
func New(t *testing.T, some int) *Test {
	want, err := strconv.Atoi(os.Getenv("CONCURLINT_FAULTS"))
	if err != nil {
		want = some
		if testing.Short() {
			t.Skip("takes seconds")
		}
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return &Test{T: t, Rand: rand.New(rand.NewPCG(seed, 1)), notes: make(map[string]int), want: want}
}

// Repeat runs rounds until there were enough hits.
func (t *Test) Repeat(round func()) {
	for t.hits < t.want {
		t.Rounds++
		round()
	}
	t.Logf("%d rounds, %d hits, %v", t.Rounds, t.hits, t.notes)
}

// Hit counts a hit of something.
func (t *Test) Hit(what string) {
	t.hits++
	t.Note(what)
}

// Note counts what is no hit, for the log.
func (t *Test) Note(what string) { t.notes[what]++ }

// Chance reports true once in n times.
func (t *Test) Chance(n int) bool { return t.Rand.IntN(n) == 0 }

// Pick returns one of the files that match the pattern, "" if there is none.
func (t *Test) Pick(pattern string) string {
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		return ""
	}
	return files[t.Rand.IntN(len(files))]
}

// Damage deletes a file, cuts it, or flips one of its bits. Folders, and what is
// gone already, stay as they are.
func (t *Test) Damage(name string) {
	text, err := os.ReadFile(name)
	switch {
	case err != nil:
		return
	case len(text) == 0 || t.Chance(3):
		os.Remove(name)
		t.Note("deleted")
	case t.Chance(2):
		os.Truncate(name, t.Rand.Int64N(int64(len(text))))
		t.Note("cut")
	default:
		text[t.Rand.IntN(len(text))] ^= 1 << t.Rand.IntN(8)
		os.WriteFile(name, text, 0o666)
		t.Note("flipped")
	}
}
