package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"
)

// A progress line tells a waiting person on the terminal that work goes on. A
// run of under two seconds needs none.
type progress struct {
	begin time.Time
	text  atomic.Pointer[func() string]
	done  chan struct{}
	wg    sync.WaitGroup
}

const (
	quietFor = 2 * time.Second
	clearEOL = "\r\x1b[K"
)

// startProgress shows progress if w is a terminal.
func startProgress(w io.Writer) *progress {
	p := &progress{begin: time.Now(), done: make(chan struct{})}
	p.update(0)
	f, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) || os.Getenv("TERM") == "dumb" {
		return p
	}
	p.wg.Go(func() { p.draw(f) })
	return p
}

// update says how many packages have been checked.
func (p *progress) update(packages int) { p.say(fmt.Sprintf("packages checked: %d", packages)) }

// reading says how much of a recording has been read.
func (p *progress) reading(name string, bytes int64) {
	p.say(fmt.Sprintf("reading %s: %d MB", filepath.Base(name), bytes/1e6))
}

// say shows a text, with the time since the start.
func (p *progress) say(text string) {
	p.show(func() string { return fmt.Sprintf("%s, %ds", text, int(time.Since(p.begin).Seconds())) })
}

// show asks for the text each time that it is drawn.
func (p *progress) show(text func() string) { p.text.Store(&text) }

// stop removes the line.
func (p *progress) stop() {
	close(p.done)
	p.wg.Wait()
}

func (p *progress) draw(w io.Writer) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	shown := false
	for n := 0; ; n++ {
		select {
		case <-p.done:
			if shown {
				fmt.Fprint(w, clearEOL)
			}
			return
		case <-tick.C:
		}
		if time.Since(p.begin) < quietFor {
			continue
		}
		shown = true
		line := []rune(fmt.Sprintf("%c %s", `|/-\`[n%4], (*p.text.Load())()))
		fmt.Fprint(w, clearEOL, string(line[:min(len(line), width()-1)])) // a second line would stay
	}
}
