package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/concurlint/concurlint/analyzers/driver"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// Saves tells when files are written. It says only that there is something to
// look at, not what: an editor's save is several events, of which some are about
// files that are gone when the last one comes.
type saves struct {
	events *fsnotify.Watcher
	told   chan struct{}
}

func newSaves() (*saves, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, watchError(err, 1)
	}
	return &saves{events, make(chan struct{}, 1)}, nil
}

func (s *saves) close() { s.events.Close() }

// tell says that something was written, for those who know of it: where a file
// system of another machine is used there may be no events.
func (s *saves) tell() {
	select {
	case s.told <- struct{}{}:
	default: // that it was told before is as good
	}
}

// follow watches these directories and no others, and reports whether some of
// them were not watched before. What the system has forgotten, since a directory
// was removed and made again, is not in its list.
func (s *saves) follow(dirs []string) (fresh bool, err error) {
	old := make(map[string]bool)
	for _, dir := range s.events.WatchList() {
		old[dir] = true
	}
	for _, dir := range dirs {
		if old[dir] {
			delete(old, dir)
			continue
		}
		switch err := s.events.Add(dir); {
		case errors.Is(err, fs.ErrNotExist): // the one above tells
		case err != nil:
			return false, watchError(err, len(dirs))
		default:
			fresh = true
		}
	}
	for dir := range old {
		s.events.Remove(dir) // fails where it is gone
	}
	return fresh, nil
}

// A save is over when nothing was written for a while, but nobody waits for ever.
const (
	quietSave   = 30 * time.Millisecond
	longestSave = 500 * time.Millisecond
)

// next waits for a save and returns its beginning.
func (s *saves) next(ctx context.Context) (begin time.Time, err error) {
	var quiet, longest <-chan time.Time
	for {
		written := false
		select {
		case <-ctx.Done():
			return begin, check.ErrInterrupted
		case e := <-s.events.Events:
			written = matters(e)
		case <-s.events.Errors: // events were lost, perhaps
			written = true
		case <-s.told:
			written = true
		case <-quiet:
			return begin, nil
		case <-longest:
			return begin, nil
		}
		switch {
		case !written:
			continue
		case quiet == nil:
			begin, longest = time.Now(), time.After(longestSave)
		}
		quiet = time.After(quietSave)
	}
}

// matters reports whether there may be something to look at. A file that is made
// or removed may be a directory; one that is only written must be a source.
func matters(e fsnotify.Event) bool {
	return e.Has(fsnotify.Create|fsnotify.Remove|fsnotify.Rename) || e.Has(fsnotify.Write) && driver.IsSource(e.Name)
}

// limits say what to do where the system lets nobody watch so much.
var limits = map[error]string{
	syscall.ENOSPC: "raise the limit with sysctl fs.inotify.max_user_watches=1048576",
	syscall.EMFILE: "raise the limit with sysctl fs.inotify.max_user_instances=1024, or ulimit -n where there is no inotify",
}

func watchError(err error, dirs int) error {
	for limit, remedy := range limits {
		if errors.Is(err, limit) {
			return fmt.Errorf("the system does not let so many directories be watched, %d here; %s, or name fewer packages", dirs, remedy)
		}
	}
	return fmt.Errorf("cannot watch %d directories: %v", dirs, err)
}
