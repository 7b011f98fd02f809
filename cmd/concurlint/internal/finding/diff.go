package finding

import (
	"os"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// around is how many lines a diff has on either side of a change.
const around = 2

// Diff is what the fix changes, as a unified diff. A file that cannot be read or
// has changed since has none.
func (f Fix) Diff() (diff string, ok bool) {
	var names []string
	for _, e := range f.Edits {
		if !slices.Contains(names, e.File) {
			names = append(names, e.File)
		}
	}
	var b strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", false
		}
		var edits []udiff.Edit
		for _, e := range f.Edits {
			if e.File == name {
				edits = append(edits, udiff.Edit{Start: e.Start, End: e.End, New: e.New})
			}
		}
		part, err := udiff.ToUnified("a/"+name, "b/"+name, string(text), edits, around)
		if err != nil {
			return "", false
		}
		b.WriteString(part)
	}
	return b.String(), b.Len() > 0
}
