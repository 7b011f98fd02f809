package history

import (
	"path"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Wants are the functions of the module that the weight of a recording falls
// on: for each stack, the innermost frame of the module that was written by hand:
// what the compiler or cgo made counts for its caller. Weight is CPU time in
// seconds, or where a recording has none, the number of observations.
func Wants(src *profile.Source, frames []profile.Frame, module string) []Want {
	own := make([]int8, len(frames)) // by FrameID: 0 not looked at, 1 own, -1 not
	at := map[profile.Frame]int{}
	var want []Want
	for i := range src.Stacks {
		s := &src.Stacks[i]
		weight := observed(&s.Weights)
		if weight == 0 {
			continue
		}
		for _, id := range s.Frames {
			f := frames[id]
			if own[id] == 0 {
				own[id] = -1
				if Own(f, module) && comparable(profile.ParseName(f.Func), path.Base(slashed(f.File))) {
					own[id] = 1
				}
			}
			if own[id] < 0 {
				continue
			}
			f.Line, f.Inlined = 0, false // one want a function
			n, ok := at[f]
			if !ok {
				n = len(want)
				at[f] = n
				want = append(want, Want{Func: f.Func, File: f.File, StartLine: f.StartLine})
			}
			want[n].Weight += weight
			break
		}
	}
	return want
}

func observed(w *profile.Weights) float64 {
	if w.CPU > 0 {
		return w.CPU.Seconds()
	}
	n := w.Goroutines + w.Held.Count + w.Objects
	for _, wait := range w.Waits {
		n += wait.Count
	}
	return float64(n)
}

// Own says whether a frame is of the module with the given path, whatever major
// version either has. A command's package is main, which is nobody else's.
func Own(f profile.Frame, module string) bool {
	pkg := profile.ParseName(f.Func).Package
	if pkg == "main" || pkg == "main_test" {
		return true
	}
	if module == "" {
		return false
	}
	module, pkg = unversioned(module), unversioned(pkg)
	rest, ok := strings.CutPrefix(pkg, module)
	return ok && (rest == "" || rest[0] == '/' || rest == "_test")
}

// unversioned removes the element of a major version: example.com/a/v2/b is
// example.com/a/b.
func unversioned(path string) string {
	parts := strings.Split(path, "/")
	kept := parts[:0]
	for i, p := range parts {
		if i >= 2 && len(p) >= 2 && p[0] == 'v' && strings.Trim(p[1:], "0123456789") == "" {
			continue
		}
		kept = append(kept, p)
	}
	return strings.Join(kept, "/")
}
