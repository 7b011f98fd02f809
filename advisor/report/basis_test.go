package report

import (
	"slices"
	"testing"

	"github.com/concurlint/concurlint/advisor"
)

// What one cause breaks is told once, whatever the places and paths.
func TestCauses(t *testing.T) {
	got := causes([]advisor.Problem{
		{Package: "ex.io/a", Message: "a/a.go:3:8: no required module provides package none.io/x"},
		{Package: "ex.io/b", Message: "b/b.go:5:2: no required module provides package none.io/y"},
		{Package: "ex.io/c", Message: "c/c.go:9:1: undefined: F"},
		{Package: "ex.io/c", Message: "c/d.go:9:1: undefined: G"},
	})
	want := []string{
		"ex.io/a: a/a.go:3:8: no required module provides package none.io/x (and 1 more like it; -format json has them)",
		"ex.io/c: c/c.go:9:1: undefined: F",
		"ex.io/c: c/d.go:9:1: undefined: G",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
