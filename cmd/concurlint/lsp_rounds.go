package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// While somebody types, the packages that are edited are checked in each pause, and
// all others once the text has been left alone for longer.
const (
	shortPause  = 150 * time.Millisecond
	longPause   = time.Second
	longestWait = time.Second // of one who does not pause
)

// A checker makes the rounds of one folder, one after the other.
type checker struct {
	*folder
	packages *resident
	seen     map[string][]byte // unsaved texts of the last round
	said     map[string]bool   // problems
	begins   chan struct{}     // something was saved
}

// loop checks everything whenever something was saved. What cannot be loaded today
// may be mended by the next save, so only what no save will mend is returned.
func (f *folder) loop() error {
	known, err := newResident(f.opts, append(analyzers.All(), classify.Analyzer), nil)
	if err != nil {
		return err
	}
	defer known.session.Close()
	r := &checker{folder: f, packages: known, said: make(map[string]bool), begins: make(chan struct{}, 1)}
	watched := make(chan error, 1)
	go func() { watched <- r.watch() }()
	for {
		whole := r.check()
		dirs := known.session.Dirs()
		f.mu.Lock()
		f.dirs = dirs
		f.mu.Unlock()
		fresh, err := f.saves.follow(dirs)
		if err != nil && !r.said[err.Error()] {
			r.said[err.Error()] = true
			f.s.log(err.Error()) // what the editor saves it tells
		}
		if fresh && whole {
			continue // something may have been saved there before it was watched
		}
		r.packages.session.Rest()
		if err := r.wait(watched); err != nil {
			return err
		}
	}
}

// watch passes on that something was saved.
func (r *checker) watch() error {
	for {
		if _, err := r.saves.next(r.ctx); err != nil {
			return err
		}
		select {
		case r.begins <- struct{}{}:
		default: // a round is due already
		}
	}
}

// wait answers for packages that are edited, and returns when all are to be checked.
func (r *checker) wait(watched <-chan error) error {
	var pause, longest, settled <-chan time.Time
	for {
		select {
		case <-r.ctx.Done():
			return check.ErrInterrupted
		case err := <-watched:
			return err
		case <-r.begins:
			return nil
		case <-settled:
			return nil
		case <-r.typed:
			if longest == nil {
				longest = time.After(longestWait)
			}
			pause, settled = time.After(shortPause), nil
			continue
		case <-pause:
		case <-longest:
		}
		pause, longest = nil, nil
		if !r.glance() {
			return nil
		}
		settled = time.After(longPause)
	}
}

// check looks at everything, and reports whether it came to an end. Where much is to
// be done the editor's folders take turns, and an edit ends it, also while it waits:
// the edit's answer comes first, and after that everything is due again.
func (r *checker) check() (whole bool) {
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	r.interruptible(cancel)
	defer r.interruptible(nil)
	select {
	case r.s.turn <- struct{}{}:
		defer func() { <-r.s.turn }()
	case <-ctx.Done():
		return false
	}
	texts, versions := r.unsaved()
	r.packages.session.SetUnsaved(texts)
	res, err := r.packages.check(ctx)
	switch {
	case errors.Is(err, check.ErrInterrupted):
		return false
	case err != nil:
		r.s.show(err.Error())
		return true
	}
	r.seen = texts
	if res == nil {
		return true
	}
	if len(texts) == 0 { // what is being written need not compile
		r.explain(res)
	}
	r.publish(res, texts, versions)
	return true
}

func (r *checker) interruptible(cancel context.CancelFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.interrupt = cancel
}

// glance looks at the packages that are edited, and reports whether that was enough
// for now.
func (r *checker) glance() bool {
	texts, versions := r.unsaved()
	edited := make(map[string]bool)
	for _, list := range []map[string][]byte{texts, r.seen} {
		for file := range list {
			old, was := r.seen[file]
			text, is := texts[file]
			if was != is || string(old) != string(text) {
				edited[file] = true
			}
		}
	}
	if len(edited) == 0 {
		return true
	}
	r.packages.session.SetUnsaved(texts)
	res, err := r.packages.checkFor(r.ctx, slices.Sorted(maps.Keys(edited)))
	if err != nil || res == nil {
		return false
	}
	r.seen = texts
	r.publish(res, texts, versions)
	return true
}

// explain says each problem once. Of code that does not compile the editor knows
// already; that nothing at all can be checked is another matter.
func (r *checker) explain(res *check.Result) {
	nothing := len(r.packages.session.Dirs()) == 0
	for _, p := range res.Problems {
		switch {
		case r.said[p.Message]:
		case nothing:
			r.s.show(p.Message)
		default:
			r.s.log(p.Message)
		}
		r.said[p.Message] = true
	}
}

// publish makes an outcome of the findings and shows it.
func (r *checker) publish(res *check.Result, texts map[string][]byte, versions map[string]*int) {
	list, err := functions(res.Diagnostics, true)
	if err != nil {
		r.s.show(err.Error())
		return
	}
	shown, _ := finding.Split(r.packages.findings, r.opts.least)
	before := r.outcome()
	p := &pages{s: r.s, unsaved: texts, versions: versions, texts: make(map[string]*lsp.Text)}
	now := outcome{files: p.checked(shown, res, before), functions: before.with(list, res), packages: before.directories(list, res)}
	r.mu.Lock()
	r.last = now
	r.mu.Unlock()
	if r.ctx.Err() == nil { // the editor has not closed the folder meanwhile
		r.s.refresh()
	}
}
