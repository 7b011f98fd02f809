package profile

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// noStack is the path of what has none, an empty one. What is counted there is
// in no list.
const noStack StackID = 0

// sites give the stacks of a trace their paths and remember what each path
// means, so that an event costs one look-up.
type sites struct {
	b      *Builder
	stacks *StackSet
	// known are the stacks of one generation: its tables number them, and they
	// must not outlive it, or all tables would stay in memory.
	known map[trace.Stack]StackID
	info  []site // by StackID
	path  []FrameID
	test  bool
}

// A site is what is known of a path.
type site struct {
	// reason is the last one that the runtime gave at this path, kind what it
	// means there. A path has one reason but for rare cases.
	reason string
	kind   Kind
	judged bool
	gc     bool // the collector's work, assists included
	// left out: the runtime's own goroutines, and what records the trace.
	out bool
}

func (s *sites) init(b *Builder) {
	s.b = b
	s.stacks = NewStackSet(1 << 10)
	s.known = map[trace.Stack]StackID{}
	s.intern(nil)
}

// find is the path of a stack.
func (s *sites) find(stack trace.Stack) StackID {
	if stack == trace.NoStack {
		return noStack
	}
	if id, ok := s.known[stack]; ok {
		return id
	}
	s.path = s.path[:0]
	for f := range stack.Frames() {
		if f.Func == "runtime.goexit" {
			break // below the start function, in samples only
		}
		s.path = append(s.path, s.b.Frame(Frame{Func: f.Func, File: f.File, Line: int(f.Line)}))
	}
	id := s.intern(s.path)
	s.known[stack] = id
	return id
}

func (s *sites) intern(path []FrameID) StackID {
	id := s.stacks.Intern(path)
	if int(id) == len(s.info) {
		s.info = append(s.info, s.look(path))
	}
	return id
}

// look says what a new path is by its functions.
func (s *sites) look(path []FrameID) site {
	var is site
	inRuntime := true
	for _, id := range path {
		r := s.b.role(id)
		is.gc = is.gc || r.collector
		is.out = is.out || records(s.b.At(id).Func)
		s.test = s.test || r.test
		inRuntime = inRuntime && r.runtime
	}
	is.out = is.out || inRuntime
	return is
}

// records says whether a function serves the recording itself: the wait of
// /debug/pprof/trace for its seconds is none of the program's. None of these
// calls the program's own code.
func records(name string) bool {
	for _, prefix := range [...]string{"net/http/pprof.", "runtime/trace.Start.func", "runtime/trace.(*traceMultiplexer).", "runtime/pprof.profileWriter"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// kind is what a goroutine waits for that the runtime stopped at a path.
func (s *sites) kind(id StackID, reason string) Kind {
	if id == noStack {
		return Chan // any: it is counted as unknown
	}
	is := &s.info[id]
	if !is.judged || is.reason != reason {
		is.judged, is.reason = true, reason
		is.kind = s.b.kindOf(s.stacks.Path(id), reason)
	}
	return is.kind
}

// waits are sums over all kinds. The unknown ones were under way when the
// recording began, and their stack never came up: a status event has one only
// from Go 1.23 on, and only where the goroutine stays still for a whole
// generation.
func (s *sites) waits() (unknown, all Wait) {
	stacks := s.stacks.Stacks()
	for id := range stacks {
		for _, w := range stacks[id].Waits {
			all.Add(w)
			if StackID(id) == noStack {
				unknown.Add(w)
			}
		}
	}
	return unknown, all
}

// settle ends the account of waits in system calls of a kind. Sampling sees a
// period at one of many calls that take far less, so some paths end below zero
// and others keep too much. The sum is right: what is missing at the former is
// taken off the latter, in proportion.
func (s *sites) settle(k Kind) {
	var over, under time.Duration
	stacks := s.stacks.Stacks()
	for id := range stacks {
		w := &stacks[id].Waits[k]
		if w.Time < 0 {
			under -= w.Time
			w.Time = 0
		} else if s.info[id].reason == inCall {
			over += w.Time
		}
	}
	if under == 0 || over == 0 {
		return
	}
	keep := max(0, 1-float64(under)/float64(over))
	for id := range stacks {
		if s.info[id].reason == inCall {
			w := &stacks[id].Waits[k]
			w.Time = time.Duration(float64(w.Time) * keep)
		}
	}
}

// list is all paths at which something was counted.
func (s *sites) list() []Stack {
	for k := range NumKinds {
		s.settle(k)
	}
	stacks := s.stacks.Stacks()
	kept := make([]Stack, 0, len(stacks))
	for id, st := range stacks {
		if !s.info[id].out && st.Weights != (Weights{}) {
			kept = append(kept, st)
		}
	}
	return slices.Clip(kept)
}
