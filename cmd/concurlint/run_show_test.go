package main

import (
	"bytes"
	"strings"
	"testing"

	running "github.com/concurlint/concurlint/advisor/run"
)

func TestBarText(t *testing.T) {
	for _, test := range []struct {
		ev   running.Event
		want string
	}{
		{running.Event{Done: 5, Rate: 1.25}, "5 done  1.2/s  0 in flight"},
		{running.Event{Done: 50, Failed: 2, Bytes: 25, Total: 100, Rate: 12345, ETA: 75, InFlight: 8, Executor: "io", Size: 8, Reason: "64 items took 1ms of CPU; growing"},
			"█████░░░░░░░░░░░░░░░  25%  50 done  12k/s  ETA 1m15s  8 in flight  2 failed  io ×8: growing"},
	} {
		// The width is that of no terminal.
		if got := barText(test.ev); !strings.HasPrefix(test.want, got) || len([]rune(got)) < min(79, len([]rune(test.want))) {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

// What the function prints goes above the bar.
func TestDisplay(t *testing.T) {
	var w bytes.Buffer
	d := &display{w: &w, bar: true, words: true}
	d.event(running.Event{Event: "progress", Done: 1}, nil)
	d.Write([]byte("noise\n"))
	d.event(running.Event{Event: "failure", Failure: &running.Failure{Line: 3, Error: "bad", Input: strings.Repeat("x", 100)}}, nil)
	d.event(running.Event{Event: "done", Report: &running.Report{}}, nil)
	d.say("that was it")
	bar := "1 done  0.0/s  0 in flight"
	want := bar + clearEOL + "noise\n" + bar + clearEOL + "concurlint: line 3: bad; input \"" + strings.Repeat("x", 60) + "…\"\n" + bar + clearEOL + "concurlint: that was it\n"
	if w.String() != want {
		t.Errorf("got  %q\nwant %q", &w, want)
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int{"1": 1, "64MiB": 64 << 20, "10k": 10 << 10, "1.5 kB": 1500, "2g": 2 << 30, "7b": 7} {
		if got, err := parseSize(text, 2<<30); got != want || err != nil {
			t.Errorf("%s: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "-1", "x", "1TiB", "3g", "NaN"} {
		if got, err := parseSize(text, 2<<30); err == nil {
			t.Errorf("%s: got %d, want an error", text, got)
		}
	}
}
