package check

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// A Session runs the analyzers over the same packages again and again.
type Session struct {
	driver  *driver.Session
	last    *driver.Result
	private string // a cache that ends with the session
}

// NewSession prepares runs of a request. Whoever wants nothing to be kept
// between runs of the command still wants its rounds to be fast: their cache is
// removed by Close.
func NewSession(req Request) (*Session, error) {
	setMemory(sessionGrowth)
	cfg, err := configure(req)
	if err != nil {
		return nil, err
	}
	s := new(Session)
	if cfg.Cache == "" {
		if s.private, err = os.MkdirTemp("", "concurlint-"); err != nil {
			return nil, err
		}
		cfg.Cache = s.private
	}
	s.driver = driver.NewSession(cfg)
	return s, nil
}

// Close removes what the session alone had use for.
func (s *Session) Close() error {
	if s.private == "" {
		return nil
	}
	return os.RemoveAll(s.private)
}

// Run analyzes the files as they are now. Where they are as they were in the run
// before it returns nil.
func (s *Session) Run(ctx context.Context) (*Result, error) {
	res, err := s.driver.Run(ctx)
	if err == nil && res == s.last {
		return nil, nil
	}
	s.last = res
	return result(ctx, res, err)
}

// SetUnsaved has the next runs read these texts in place of files.
func (s *Session) SetUnsaved(files map[string][]byte) { s.driver.SetUnsaved(files) }

// RunFor analyzes only the packages that hold these files. It returns nil where only
// Run can answer.
func (s *Session) RunFor(ctx context.Context, files []string) (*Result, error) {
	res, err := s.driver.RunFor(ctx, files)
	if err == nil && res == nil {
		return nil, nil
	}
	s.last = nil
	out, err := result(ctx, res, err)
	if out != nil {
		out.Partial = true
	}
	return out, err
}

// Rest gives back the memory of a run: hours may pass before the next one.
func (s *Session) Rest() { debug.FreeOSMemory() }

// Dirs are the directories in which a change may matter.
func (s *Session) Dirs() []string { return s.driver.Dirs() }
