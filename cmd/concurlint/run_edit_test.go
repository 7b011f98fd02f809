package main

import (
	"testing"

	running "github.com/concurlint/concurlint/advisor/run"
)

// The call in Go has a size that was measured, or none: growth may end a run at
// a size that it never saw.
func TestOptionsText(t *testing.T) {
	growing := []running.Trial{{Size: 4, Rate: 190, Inputs: 8}, {Size: 64, Rate: 3000, Inputs: 200}, {Size: 552, Rate: 24_000, Inputs: 900}}
	plateau := []running.Trial{{Size: 16, Rate: 700, Inputs: 90}, {Size: 64, Rate: 990, Inputs: 900}, {Size: 256, Rate: 1000, Inputs: 900}}
	for _, test := range []struct {
		kind    string
		size    int // asked for
		trials  []running.Trial
		options string
		why     string
	}{
		{"io", 0, growing, ", executor.Options{Executor: executor.IO, Size: 552}", " // 24k/s at 552, the most that was measured; whether the far end bears more is not known"},
		{"io", 0, plateau, ", executor.Options{Executor: executor.IO, Size: 64}", " // 990/s, the fewest within 2% of the best; the far end beyond the 256 that were measured is not known"},
		{"io", 0, nil, ", executor.Options{Executor: executor.IO}", ""},
		{"io", 7, plateau, ", executor.Options{Executor: executor.IO, Size: 7}", ""},
		{"cpu", 0, nil, ", executor.Options{Executor: executor.CPU}", ""},
	} {
		p := &plan{config: running.Config{Size: test.size}}
		last := &running.Event{Executor: test.kind, Size: 1526, Report: &running.Report{Trials: test.trials}}
		if options, why := p.optionsText(last.Executor, last.Report.Trials); options != test.options || why != test.why {
			t.Errorf("got  %s%s\nwant %s%s", options, why, test.options, test.why)
		}
	}
}
