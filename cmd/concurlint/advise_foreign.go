package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
)

// leaveForeign drops recordings that show nothing of the module where others do:
// what two programs have in common would dilute all shares. Where none does, the
// module may have had another name.
func leaveForeign(ev *profile.Evidence, lint *advisor.Lint) {
	if lint.Module.Path == "" {
		return
	}
	ours := ownFrames(ev, lint)
	foreign := func(s *profile.Source) bool {
		return !slices.ContainsFunc(s.Stacks, func(st profile.Stack) bool {
			return slices.ContainsFunc(st.Frames, func(id profile.FrameID) bool { return ours[id] })
		})
	}
	var own, others []*profile.Source
	for _, s := range ev.Sources {
		if len(s.Stacks) > 0 && foreign(s) {
			others = append(others, s)
		} else {
			own = append(own, s)
		}
	}
	if !slices.ContainsFunc(own, func(s *profile.Source) bool { return len(s.Stacks) > 0 }) {
		return
	}
	ev.Sources = own
	for _, s := range others {
		ev.Notes = append(ev.Notes, fmt.Sprintf("%s: nothing of %s is in it; left out", strings.Join(s.Names, ", "), lint.Module.Path))
	}
}

// ownFrames tells which frames are of the module. Functions of package main are
// known by their file as well: each program has some, and a main.main.
func ownFrames(ev *profile.Evidence, lint *advisor.Lint) []bool {
	type place struct{ file, function string }
	mains := make(map[place]bool)
	for _, f := range lint.Functions {
		mains[place{path.Base(f.File), f.Function}] = true
	}
	ours := make([]bool, len(ev.Frames))
	for i, f := range ev.Frames {
		n := profile.ParseName(f.Func)
		switch {
		case n.Package == "main":
			ours[i] = n.Func != "main" && mains[place{path.Base(f.File), n.Func}]
		default:
			ours[i] = strings.HasPrefix(n.Package+"/", lint.Module.Path+"/")
		}
	}
	return ours
}
