package advisor

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor/profile"
)

// What the recorded process may have is the cap, less what it has beside the tasks, and
// the advice says who says so. Where nobody does, that is what is not known.
func TestRooms(t *testing.T) {
	traced := func() *recorded { return tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc) }
	heap := func(inUse int64) *recorded {
		return traced().source(profile.HeapProfile, 0).stack(cpuAt, profile.Weights{InUse: inUse})
	}
	allocated := func(bytes int64) *recorded {
		return traced().source(profile.HeapProfile, 0).with(func(s *profile.Source) { s.Test = true }).stack(cpuAt, profile.Weights{Bytes: bytes})
	}
	for name, c := range map[string]struct {
		rec           *recorded
		files, memory profile.Room
		opts          Options
		caps          []Cap  // Why is a part of it
		says, mute    string // in because and unknown
	}{
		"files": {traced(), profile.Room{Max: 120, By: "the system"}, profile.Room{}, Options{},
			[]Cap{{"descriptors", 96, "may open 120 files (the system)"}}, "", "how many files"},
		"files, some of them open": {traced(), profile.Room{Max: 120, Held: 28, By: "the system"}, profile.Room{}, Options{},
			[]Cap{{"descriptors", 80, "may open 120 files, had 28 (the system)"}}, "", "how many files"}, // 20 beside the 8 of the tasks
		"files by the flag": {traced(), profile.Room{Max: 120, By: "the system"}, profile.Room{}, Options{Descriptors: 50},
			[]Cap{{"descriptors", 40, "may open 50 files (-descriptors)"}}, "", "the system"},
		"more files than are open": {traced(), profile.Room{Max: 10, Held: 40, By: "the system"}, profile.Room{}, Options{},
			[]Cap{{"descriptors", 1, "had 40"}}, "", ""},
		"memory": {heap(82e6), profile.Room{}, profile.Room{Max: 1000e6, By: "GOMEMLIMIT"}, Options{},
			[]Cap{{"memory", 50, "holds 10 MB at most: what its code allocated and is in use yet; the process may have 1000 MB (GOMEMLIMIT)"}}, "", "how much memory"},
		"memory, some of it taken": {heap(82e6), profile.Room{}, profile.Room{Max: 1000e6, Held: 282e6, By: "the control group"}, Options{},
			[]Cap{{"memory", 40, "had 282 MB (the control group)"}}, "", "how much memory"},
		"memory by the flag": {heap(82e6), profile.Room{}, profile.Room{Max: 1000e6, By: "GOMEMLIMIT"}, Options{Memory: 200e6},
			[]Cap{{"memory", 20, "in use yet"}}, "", "GOMEMLIMIT"},
		"no limit of memory":           {heap(82e6), profile.Room{}, profile.Room{}, Options{}, nil, "how much memory there is: a task in flight holds 10 MB at most; -memory SIZE", ""},
		"no heap profile":              {traced(), profile.Room{}, profile.Room{Max: 1e9}, Options{}, nil, "how much memory a task in flight holds: a heap profile taken under load", ""},
		"less than a sample is in use": {heap(0), profile.Room{}, profile.Room{Max: 1e9}, Options{}, nil, "", "memory"},
		"a benchmark allocates little": {allocated(4000e6), profile.Room{}, profile.Room{Max: 1e9}, Options{}, nil, "memory is no cap: a task allocates 1 MB in all, and 500 MB", ""},
		"a benchmark allocates much":   {allocated(40000e6), profile.Room{}, profile.Room{Max: 1e9}, Options{}, nil, "whether memory is the cap: a task allocates 10 MB in all", "no cap"},
		"allocations without a limit":  {allocated(4000e6), profile.Room{}, profile.Room{}, Options{}, nil, "whether memory is the cap: a task allocates 1 MB in all", "no cap"},
	} {
		t.Run(name, func(t *testing.T) {
			l := program()
			l.Sites = []Site{group(constant(8))}
			ev := c.rec.evidence()
			ev.Limits = profile.Limits{Files: c.files, Memory: c.memory}
			a := Advise(l, ev, c.opts).Advice[0]
			if len(a.Caps) != len(c.caps) {
				t.Fatalf("caps %v, want %v", a.Caps, c.caps)
			}
			for i, k := range a.Caps {
				if want := c.caps[i]; k.What != want.What || k.Size != want.Size || !strings.Contains(k.Why, want.Why) {
					t.Errorf("cap %v, want %v", k, want)
				}
			}
			text := strings.Join(append(a.Because, a.Unknown...), "\n")
			if !strings.Contains(text, c.says) || c.mute != "" && strings.Contains(text, c.mute) {
				t.Errorf("want %q and not %q:\n%s", c.says, c.mute, text)
			}
		})
	}
}
