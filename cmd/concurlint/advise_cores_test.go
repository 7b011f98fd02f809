package main

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

func TestCores(t *testing.T) {
	const minute = time.Minute
	here := runtime.GOMAXPROCS(0)
	many := time.Duration(here + 29)
	for name, c := range map[string]struct {
		source profile.Source
		asked  int
		want   int
		note   string // in the notes, "" for none
	}{
		"more CPU than this machine has": {profile.Source{Format: profile.CPUProfile, Duration: minute, CPU: many * minute * 105 / 100}, 0, int(many), "computed on"},
		"as much as it has":              {profile.Source{Format: profile.CPUProfile, Duration: minute, CPU: time.Duration(here) * minute * 102 / 100}, 0, here, "as here"},
		"no duration":                    {profile.Source{Format: profile.CPUProfile, CPU: many * minute}, 0, here, "as here"},
		"waits side by side":             {profile.Source{Format: profile.WallProfile, Duration: minute, CPU: many * minute}, 0, here, "as here"},
		"the flag says":                  {profile.Source{Format: profile.CPUProfile, Duration: minute, CPU: many * minute}, 3, 3, ""},
		"a trace says":                   {profile.Source{Format: profile.Trace, Cores: 7}, 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			ev := &profile.Evidence{Sources: []*profile.Source{&c.source}}
			got := cores(&adviseOptions{cores: c.asked}, ev)
			if got != c.want {
				t.Errorf("%d cores, want %d", got, c.want)
			}
			if text := strings.Join(ev.Notes, "\n"); !strings.Contains(text, c.note) || c.note == "" && text != "" {
				t.Errorf("notes %q, want %q", text, c.note)
			}
		})
	}
}
