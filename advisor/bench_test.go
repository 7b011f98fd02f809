package advisor

import (
	"fmt"
	"testing"

	"github.com/concurlint/concurlint/advisor/profile"
)

// BenchmarkAdvise is a program of 5000 functions with 500 sites and a profile
// of 200,000 stacks, 20 frames deep.
func BenchmarkAdvise(b *testing.B) {
	l := &Lint{Version: 1, Module: Module{Path: "ex.io/app"}}
	r := record().source(profile.CPUProfile, 60*sc)
	for i := range 5000 {
		name := fmt.Sprintf("f%d", i)
		l.Functions = append(l.Functions, Function{Package: "ex.io/app", Function: name, File: name + ".go", Line: 10, EndLine: 90, Class: "cpu"})
		if i%10 == 0 {
			l.Sites = append(l.Sites, Site{Package: "ex.io/app", Function: name, Place: at(name+".go", 20), EndLine: 30, Executor: "serial", Via: "for",
				Task: Task{Class: "cpu", Bodies: []Body{{"ex.io/app", name, name + ".go", 20, 30, false}}}})
		}
	}
	ids := make([]profile.FrameID, 20000)
	for i := range ids {
		ids[i] = r.frame(fmt.Sprintf("app.f%d@f%d.go:%d/10", i%5000, i%5000, 11+i%79))
	}
	s := r.last()
	for i := range 200_000 {
		path := make([]profile.FrameID, 20)
		for k := range path {
			path[k] = ids[(i*7+k*k*31)%len(ids)]
		}
		s.Stacks = append(s.Stacks, profile.Stack{Frames: path, Weights: cpu(10 * ms)})
	}
	ev := r.evidence()
	b.ReportAllocs()
	for b.Loop() {
		Advise(l, ev, Options{})
	}
}
