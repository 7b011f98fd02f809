package run

import (
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// A Config says what a harness is to do. The command sends it, as JSON.
type Config struct {
	Stages    []string // names the functions were registered by, in order
	Coding    Coding
	Null      bool     // inputs and results end with a zero byte
	Args      []string // inputs; nil: standard input has them
	Tag       bool
	OutDir    string // absolute; results become files there, and standard output has their paths; empty: none
	Make      bool   // results whose files in OutDir are up to date are not made
	Plan      bool   // say what Make would do, and run nothing
	Unordered bool
	MaxInput  int // bytes
	Window    int // inputs read and not yet written; 0: 4096

	Advice   []executor.Recommendation // one for each stage
	Executor string
	Size     int
	Attempts int
	Soft     time.Duration
	Hard     time.Duration
	Rate     float64 // inputs a second

	Journal      string // absolute; empty: none
	Resume       bool
	ResumeFailed bool
	Force        bool
	Salvage      bool          // leave out what of the journal is damaged
	Function     string        // hash of the function and all it calls
	Cache        string        // absolute; folder of results; empty: none
	CacheSize    int64         // bytes that stay there; 0: any number
	CacheAge     time.Duration // since the last use; 0: any
	Failures     string        // file for what failed; empty: none
	Every        time.Duration // between progress events
}

const (
	defaultWindow = 4096
	windowBytes   = 64 << 20
	defaultEvery  = time.Second
	defaultMax    = 64 << 20
)

func (c *Config) fill() {
	if c.Window <= 0 {
		c.Window = defaultWindow
	}
	if c.Every <= 0 {
		c.Every = defaultEvery
	}
	if c.MaxInput <= 0 {
		c.MaxInput = defaultMax
	}
}
