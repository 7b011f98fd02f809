package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"

	running "github.com/concurlint/concurlint/advisor/run"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
)

// A display shows how a run goes: a bar on a terminal, else JSON events.
type display struct {
	mu       sync.Mutex
	plan     *plan
	w        io.Writer
	bar      bool
	shown    string    // the bar, as it stands on the terminal
	events   io.Writer // nil: none wanted
	file     *os.File  // of events
	lost     error     // first error of writing them
	words    bool      // failures and the report as text
	progress *running.Event
	last     *running.Event
	ended    atomic.Bool // by a second Ctrl-C
	told     int         // failures
}

func newDisplay(p *plan, stderr io.Writer) (*display, error) {
	d := &display{plan: p, w: stderr}
	opts := p.opts
	if f, ok := stderr.(*os.File); ok && isatty.IsTerminal(f.Fd()) && os.Getenv("TERM") != "dumb" {
		d.bar = true
	}
	if opts.run.events != "" {
		f, err := os.Create(opts.run.events)
		if err != nil {
			return nil, fmt.Errorf("cannot write %s (-events): %v", opts.run.events, cause.Of(err))
		}
		d.file, d.events = f, f
	}
	d.words = d.bar || d.file != nil || opts.run.explain || opts.run.plan
	if !d.words {
		d.events = stderr
	}
	return d, nil
}

// stderr is where the harness and the user's function write: through the
// display if they would spoil the bar.
func (d *display) stderr() io.Writer {
	if d.bar {
		return d
	}
	return d.w
}

// Write writes what the user's function prints above the bar.
func (d *display) Write(text []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clear()
	n, err := d.w.Write(text)
	if bytes.HasSuffix(text, []byte("\n")) {
		d.draw()
	}
	return n, err
}

func (d *display) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clear()
	if d.file == nil {
		return
	}
	if err := d.file.Close(); d.lost == nil {
		d.lost = err
	}
	if d.lost != nil {
		fmt.Fprintf(d.w, "concurlint: events are missing from %s (-events): %v\n", relative(d.file.Name()), cause.Of(d.lost))
	}
}

func (d *display) clear() {
	if d.shown != "" {
		fmt.Fprint(d.w, clearEOL)
	}
}

func (d *display) draw() { fmt.Fprint(d.w, d.shown) }

// say prints a line for people.
func (d *display) say(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clear()
	fmt.Fprintf(d.w, "concurlint: %s\n", line)
	d.draw()
}

// event takes an event of the harness.
func (d *display) event(ev running.Event, text []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ev.Event == "done" && d.events != nil {
		text = d.plan.lastEvent(ev)
	}
	if d.events != nil {
		if _, err := d.events.Write(text); d.lost == nil {
			d.lost = err
		}
	}
	switch ev.Event {
	case "failure":
		d.failure(ev.Failure)
	case "progress":
		d.progress = &ev
		if d.bar {
			d.clear()
			d.shown = barText(ev)
			d.draw()
		}
	case "done":
		d.last = &ev
		d.clear()
		d.shown = ""
	}
}

// lastEvent adds to the last event what the harness does not know.
func (p *plan) lastEvent(ev running.Event) []byte {
	text, err := json.Marshal(struct {
		running.Event
		Classes []class `json:"classes"`
		Edit    string  `json:"edit,omitempty"` // the call that does the same in Go
	}{ev, p.classes, p.sourceEdit(&ev)})
	if err != nil {
		return nil // plain values: it cannot be
	}
	return append(text, '\n')
}

// longestInput is how much of an input a message shows.
const longestInput = 60

func (d *display) failure(f *running.Failure) {
	if !d.words || f == nil {
		return
	}
	d.told++
	d.clear()
	input := f.Input
	if f.Bytes != nil {
		input = string(f.Bytes) // %q below shows them as Go does
	}
	if len(input) > longestInput {
		input = input[:longestInput] + "…"
	}
	fmt.Fprintf(d.w, "concurlint: line %d: %s; input %q\n", f.Line, strings.ReplaceAll(f.Error, "\n", "\n\t"), input)
	d.draw()
}

// barText is the bar of a moment.
func barText(ev running.Event) string {
	parts := []string{fmt.Sprintf("%d done", ev.Done)}
	if ev.Total > 0 {
		share := min(1, float64(ev.Bytes)/float64(ev.Total))
		const width = 20
		full := int(share * width)
		parts[0] = fmt.Sprintf("%s%s %3.0f%%  %s", strings.Repeat("█", full), strings.Repeat("░", width-full), 100*share, parts[0])
	}
	parts = append(parts, rateText(ev.Rate))
	if ev.ETA > 0 {
		parts = append(parts, "ETA "+spanText(ev.ETA))
	}
	parts = append(parts, fmt.Sprintf("%d in flight", ev.InFlight))
	if ev.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", ev.Failed))
	}
	if ev.Executor != "" {
		// What was found last comes last, and the terminal may be narrow.
		why := ev.Reason[strings.LastIndex(";"+ev.Reason, ";"):]
		parts = append(parts, fmt.Sprintf("%s ×%d: %s", ev.Executor, ev.Size, strings.TrimSpace(why)))
	}
	line := []rune(strings.Join(parts, "  "))
	if most := width() - 1; len(line) > most {
		line = line[:most]
	}
	return string(line)
}

func rateText(rate float64) string {
	switch {
	case rate >= 1e6:
		return fmt.Sprintf("%.1fM/s", rate/1e6)
	case rate >= 1e4:
		return fmt.Sprintf("%.0fk/s", rate/1e3)
	case rate >= 10:
		return fmt.Sprintf("%.0f/s", rate)
	}
	return fmt.Sprintf("%.1f/s", rate)
}

func spanText(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < 10*time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d < 10*time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}
