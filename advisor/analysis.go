package advisor

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Options are what Advise cannot learn from its input.
type Options struct {
	// Cores is GOMAXPROCS where the program will run, 0 for that of the recordings.
	Cores int
	// Memory is how many bytes tasks in flight may hold together, 0 for what follows
	// from the limits that the evidence has.
	Memory int64
	// Descriptors is how many files the process may open, 0 for what the evidence has.
	Descriptors int
	// Linked are the import paths of the packages that the recorded programs consist
	// of, nil if that is not known.
	Linked map[string]bool
	// Thresholds that are zero have their defaults.
	Thresholds Thresholds
}

// An analysis is what one call of Advise works on.
type analysis struct {
	lint  *Lint
	ev    *profile.Evidence
	opts  Options
	th    Thresholds
	index *index
	join  *join
	basis *basis
	sites *sites
	host  Host

	crowding  crowding
	accounts  *accounts
	shares    []share           // by recording
	functions []weight          // by number, callees included
	self      []weight          // in its own lines alone
	lines     map[place]*weight // callees included
	locks     *locks
	inCalls   float64 // CPU time in system calls and C code, in seconds of the reference
	crowded   bool    // threads in them kept each other from the cores
}

// A place is a line of a function; the line is 0 where it is not known.
type place struct {
	fn, line int32
}

// lineKey is a line within one literal, so that a task's first line is not
// taken for the hand-over that stands on it.
type lineKey struct {
	fn   int32
	lit  int16
	line int32
}

func (s spot) key() lineKey { return lineKey{s.fn, s.lit, s.line} }

func analyze(lint *Lint, ev *profile.Evidence, opts Options) *analysis {
	a := &analysis{
		lint:      lint,
		ev:        ev,
		opts:      opts,
		th:        opts.Thresholds.orDefault(),
		index:     newIndex(lint),
		basis:     newBasis(ev.Sources),
		functions: make([]weight, len(lint.Functions)),
		self:      make([]weight, len(lint.Functions)),
		lines:     map[place]*weight{},
	}
	a.host, a.crowding = a.basis.host(opts.Cores, a.th.Overcommit), a.basis.crowding()
	a.host.Queued = a.basis.queued(ev.Queued)
	a.accounts = newAccounts(a)
	a.join = newJoin(a.index, ev)
	if a.join.beyond(opts.Linked, ev.Frames) {
		a.opts.Linked = nil
	}
	a.sites = newSites(a.index)
	a.locks = newLocks(a.index)
	a.shares = make([]share, len(a.basis.recordings))
	for i, rec := range a.basis.recordings {
		for k := range rec.Stacks {
			a.stack(&rec.Stacks[k], rec, &a.shares[i])
		}
	}
	a.settle()
	for _, rec := range a.basis.recordings {
		for k := range rec.Tasks {
			a.sites.task(&rec.Tasks[k], rec, a.join.spots)
		}
	}
	a.joins()
	return a
}

// stack joins one stack with the source and counts it wherever it belongs. It
// is not kept: a large profile has half a million.
func (a *analysis) stack(st *profile.Stack, rec *recording, sh *share) {
	s := a.sample(st, rec)
	sh.add(a.follow(&s), st)
	if len(s.path) == 0 {
		return
	}
	a.resolve(&s)
	s.operation = a.operation(st)
	s.served = a.served(st)
	s.inside = a.calls(st)
	s.sync = (s.inside || s.raw != profile.NumKinds) && a.waits(st) // else nothing depends on it
	s.call = !s.sync && s.inside
	if s.call && rec.cpu && !rec.run {
		a.inCalls += s.CPU.Seconds() * rec.scale * rec.factor
	}
	for i, p := range s.path {
		if first(s.path, i, func(q spot) bool { return q.fn == p.fn }) {
			a.functions[p.fn].add(&s)
		}
		at := place{p.fn, p.line}
		if p.line > 0 && first(s.path, i, func(q spot) bool { return q.fn == p.fn && q.line == p.line }) {
			w := a.lines[at]
			if w == nil {
				w = &weight{}
				a.lines[at] = w
			}
			w.add(&s)
		}
	}
	if s.leaf {
		a.self[s.path[0].fn].add(&s)
	}
	a.locks.add(&s, s.CPU > 0 && a.contends(st))
	a.sites.add(&s, a.index)
}

// syncs are the functions that wait for a disk whatever else they do: computing
// in them says nothing of how much of their time is computing.
var syncs = map[string]bool{
	"syscall.Fsync": true, "syscall.Fdatasync": true, "internal/poll.(*FD).Fsync": true, "os.(*File).Sync": true,
	"golang.org/x/sys/unix.Fsync": true, "golang.org/x/sys/unix.Fdatasync": true,
}

// waits reports whether a stack is in one of syncs.
func (a *analysis) waits(st *profile.Stack) bool {
	return slices.ContainsFunc(st.Frames, func(id profile.FrameID) bool {
		n := a.join.names[a.ev.Frames[id].Func]
		return syncs[n.Package+"."+n.Func]
	})
}

// operation is how long an operation takes of the benchmark that a stack is part of.
func (a *analysis) operation(st *profile.Stack) time.Duration {
	if len(a.ev.Operations) == 0 || st.CPU == 0 {
		return 0
	}
	for _, id := range slices.Backward(st.Frames) { // it stands near the root
		name, _, _ := strings.Cut(a.join.names[a.ev.Frames[id].Func].Func, ".")
		if d := a.ev.Operations[name]; d > 0 {
			return d
		}
	}
	return 0
}

// mostFrames is from how many frames on a stack may lack its outermost ones: the
// runtime keeps 64 of a CPU sample, 128 since Go 1.23.
const mostFrames = 64

// served reports whether a library started the goroutine of a stack, as servers do
// for each connection: the program calls it once and has as many of them as there
// are clients.
func (a *analysis) served(st *profile.Stack) bool {
	if len(st.Frames) >= mostFrames {
		return false
	}
	root := a.join.names[a.ev.Frames[st.Frames[len(st.Frames)-1]].Func]
	if _, own := a.join.pkg(root.Package); own || root.Package == "" {
		return false
	}
	return root.Package != "runtime" && root.Package != "testing"
}

// calls reports whether a stack ends in the kernel or in C code, where it may
// compute for all of the time.
func (a *analysis) calls(st *profile.Stack) bool {
	leaf := a.join.names[a.ev.Frames[st.Frames[0]].Func]
	switch leaf.Package {
	case "syscall", "internal/runtime/syscall", "internal/runtime/syscall/linux", "runtime/internal/syscall", "golang.org/x/sys/unix":
		return true
	case "runtime":
		return leaf.Func == "cgocall" || leaf.Func == "asmcgocall"
	}
	return false
}

// settle corrects all weights for a host that was not the program's own, and for
// threads in system calls that kept each other from the cores: the scheduler, which
// limits who runs Go code, does not limit those.
func (a *analysis) settle() {
	o, most := 1.0, a.crowding.longest(a.th.Overcommit)
	if a.late() {
		o = a.crowding.ratio
	}
	a.crowded = a.host.Cores > 0 && a.inCalls > a.th.Crowded*float64(a.host.Cores)*a.basis.seconds
	if a.crowded {
		o, most = math.Inf(1), math.Inf(1)
	}
	for i := range a.functions {
		a.functions[i].settle(o, most)
		a.self[i].settle(o, most)
	}
	for _, w := range a.lines {
		w.settle(o, most)
	}
	for _, l := range a.locks.list {
		l.under.settle(o, most)
		l.users.settle(o, most)
	}
	for _, s := range a.sites.list {
		s.tasks.settle(o, most)
		for _, w := range s.outer {
			w.settle(o, most)
		}
	}
}

// first reports whether no spot before i is alike: recursion counts once.
func first(path []spot, i int, alike func(spot) bool) bool {
	for _, q := range path[:i] {
		if alike(q) {
			return false
		}
	}
	return true
}

// at is the weight of a line of a file.
func (a *analysis) at(file string, line int) weight {
	if fn := a.index.enclosing(file, line); fn >= 0 {
		if w := a.lines[place{fn, int32(line)}]; w != nil {
			return *w
		}
	}
	return weight{}
}
