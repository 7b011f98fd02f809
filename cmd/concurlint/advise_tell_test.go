package main

import (
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// The CPU time of a process that was recorded here belongs to what sampled it, and
// to nothing that unknown processes are part of.
func TestTell(t *testing.T) {
	here := []recording{{names: []string{"cpu", "trace"}, cpu: 10 * time.Second, test: true}, {names: []string{"other cpu"}, cpu: 5 * time.Second}}
	for _, c := range []struct {
		names   string
		format  profile.Format
		sampled time.Duration
		rusage  time.Duration
		test    bool
	}{
		{"cpu", profile.CPUProfile, 9 * time.Second, 10 * time.Second, true},
		{"trace", profile.Trace, 9 * time.Second, 10 * time.Second, true},
		{"other cpu", profile.CPUProfile, 4 * time.Second, 5 * time.Second, false},
		{"cpu,other cpu", profile.CPUProfile, 13 * time.Second, 15 * time.Second, true},
		{"cpu,of a server", profile.CPUProfile, 9 * time.Second, 0, true}, // of which nothing is known
		{"of a server", profile.CPUProfile, time.Second, 0, false},
		{"cpu", profile.CPUProfile, 11 * time.Second, 0, true}, // the system counted less than was sampled
		{"cpu", profile.BlockProfile, 0, 0, true},
	} {
		src := &profile.Source{Names: strings.Split(c.names, ","), Format: c.format, CPU: c.sampled}
		tell(&profile.Evidence{Sources: []*profile.Source{src}}, here)
		if src.Rusage != c.rusage || src.Test != c.test {
			t.Errorf("%s (%s, %v): CPU time %v, test %t; want %v, %t", c.names, c.format, c.sampled, src.Rusage, src.Test, c.rusage, c.test)
		}
	}
}
