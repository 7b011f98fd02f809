package advisor

import (
	"encoding/json"
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Lint is what "concurlint -sites -format json" prints: the analyzers' word on
// the program. Paths are relative to the directory it ran in, with slashes.
type Lint struct {
	Version   int        `json:"version"`
	Module    Module     `json:"module"`
	Findings  []Finding  `json:"findings"`
	Sites     []Site     `json:"sites"`
	Functions []Function `json:"functions"`
	Errors    []Problem  `json:"errors"`
}

// A Module is the main module.
type Module struct {
	Path string `json:"path"`
	Dir  string `json:"dir"` // absolute
}

// A Place is a line of source.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
}

// A Step is a place with a remark.
type Step struct {
	Place
	Message string `json:"message"`
}

// A Finding is what a rule says about a place. Fields that are not named here
// are kept and written again.
type Finding struct {
	Rule        string `json:"rule"`
	Severity    string `json:"severity"`
	Package     string `json:"package"`
	Function    string `json:"function"`
	File        string `json:"file"`
	Line        int    `json:"line"`
	Column      int    `json:"column"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
	Message     string `json:"message"`
	Chain       []Step `json:"chain"`
	Related     []Step `json:"related"`
	Fingerprint string `json:"fingerprint"`

	rest map[string]json.RawMessage
}

// A Site is a place where work is handed to an executor, or a loop whose
// iterations could be: then Executor is "serial".
type Site struct {
	Package  string `json:"package"`
	Function string `json:"function"` // declared function around it: F, (*T).M, (T).M
	Place
	EndLine  int    `json:"endLine"`
	Via      string `json:"via"`      // go, sync.(*WaitGroup).Go, errgroup.(*Group).Go, …; of a serial loop for, range, or the function that has it, as filepath.WalkDir
	Executor string `json:"executor"` // goroutine, group, pool, workers, callback, serial; lock in advice about one
	Limit    Limit  `json:"limit"`
	Trip     string `json:"trip"`    // what the loop around it goes over, "" outside of loops
	Once     bool   `json:"once"`    // not in a loop
	Endless  bool   `json:"endless"` // its task is a worker, server or actor
	Task     Task   `json:"task"`
	Queue    *Queue `json:"queue,omitempty"` // of workers, where it is known

	Iterations string `json:"iterations,omitempty"` // of a serial loop: independent, dependent (one needs what the one before left); "" if neither is shown
	Because    string `json:"because,omitempty"`    // what that rests on
}

// A Limit bounds the tasks in flight. Where it is written and where submitters
// wait for it may be different places.
type Limit struct {
	Class string `json:"class"` // none, const, cores, cores×k, config, semaphore
	Text  string `json:"text"`
	Place
	N     int64   `json:"n,omitempty"`     // of const
	Waits []Place `json:"waits,omitempty"` // lines at which a submitter waits while the limit is reached
}

// A Task is what a site runs.
type Task struct {
	Class   string   `json:"class"`
	Effects []string `json:"effects"`         // kinds, strongest first
	Bodies  []Body   `json:"bodies"`          // the functions or literals that run, and the loop body of a serial site
	Chain   []Step   `json:"chain,omitempty"` // by the source, down to what gives the task its class
}

// computes reports whether computing is what the source shows of the task's work.
// A worker that receives and hands on is of class coordination, whatever it does
// in between: then it computes if nothing there waits outside.
func (t *Task) computes() bool {
	if t.Class != classCoordination {
		return t.Class == classCPU
	}
	outside := func(k profile.Kind) bool { return slices.Contains(t.Effects, k.String()) }
	return slices.Contains(t.Effects, "cpu") && !slices.ContainsFunc(outsideKinds, outside)
}

// A Body is a stretch of source.
type Body struct {
	Package  string `json:"package"`
	Function string `json:"function"` // declared function around it
	File     string `json:"file"`
	Line     int    `json:"line"`
	EndLine  int    `json:"endLine"`
	Part     bool   `json:"part,omitempty"` // a literal or lines of the function, not all of it
}

// A Queue is the channel between submitters and workers.
type Queue struct {
	Receives []Place `json:"receives"` // workers wait here for work: idle
	Sends    []Place `json:"sends"`    // submitters wait here for a worker: the limit binds
}

// A Function is the summary of one declared function.
type Function struct {
	Package  string    `json:"package"`
	Function string    `json:"function"`
	File     string    `json:"file"`
	Line     int       `json:"line"` // of the keyword func: what a profile calls StartLine
	EndLine  int       `json:"endLine"`
	Class    string    `json:"class"`
	CPU      string    `json:"cpu"` // light, loop, heavy
	Effects  []Effect  `json:"effects"`
	Literals []Literal `json:"literals"` // in source order
	Waits    []WaitAt  `json:"waits"`    // what its own lines wait for, literals included
}

// An Effect is one thing a function does with its time.
type Effect struct {
	Kind      string `json:"kind"` // a trailing ? marks a guess
	Certainty string `json:"certainty"`
	Bound     string `json:"bound"`
	Chain     []Step `json:"chain"`
}

// A Literal is a function literal; its name is that of the compiler without the
// package: F.func1, (*T).M.func2.1.
type Literal struct {
	Name    string `json:"name"`
	Line    int    `json:"line"`
	EndLine int    `json:"endLine"`
}

// A WaitAt says what a line waits for.
type WaitAt struct {
	Line  int    `json:"line"`
	Kind  string `json:"kind"`            // as in effects: net, file, proc, cgo, sleep, chan, wait, lock
	Call  string `json:"call"`            // what is called or done there, for people
	Idle  string `json:"idle,omitempty"`  // why the wait is no cost: ctx, ticker, signal, accept, queue
	Of    string `json:"of,omitempty"`    // the lock or channel, as "Type.field" or "package.var"
	Until int    `json:"until,omitempty"` // of a lock: the last line at which the function may hold it
	// Under is what the lines under a lock do with memory: reads, misses (they
	// write unless there is nothing to), numbers (of which alone they write),
	// writes; "" where a call may do anything.
	Under string `json:"under,omitempty"`
}

// A Problem is a reason why something could not be analyzed.
type Problem struct {
	Package string `json:"package"`
	Message string `json:"message"`
}
