package history

import (
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// TestWants: what cgo and the compiler made counts for the function that calls it.
func TestWants(t *testing.T) {
	frames := []profile.Frame{
		{Func: "example.com/m/a._Cfunc_x", File: "_cgo_gotypes.go", StartLine: 9},
		{Func: "example.com/m/a.F.gowrap1", File: recordedAs, StartLine: 3},
		{Func: "example.com/m/a.F", File: recordedAs, StartLine: 2},
		{Func: "strings.Map", File: "/go/src/strings/strings.go", StartLine: 5},
	}
	src := &profile.Source{Stacks: []profile.Stack{{Frames: []profile.FrameID{0, 2}}, {Frames: []profile.FrameID{3, 1, 2}}, {Frames: []profile.FrameID{3}}}}
	for i := range src.Stacks {
		src.Stacks[i].CPU = time.Second
	}
	got := Wants(src, frames, "example.com/m")
	if len(got) != 1 || got[0] != (Want{"example.com/m/a.F", recordedAs, 2, 2}) {
		t.Errorf("%+v", got)
	}
}
