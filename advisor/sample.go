package advisor

import (
	"slices"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A sample is a stack with what the source says of it.
type sample struct {
	*profile.Stack
	rec  *recording
	path []spot // of the program's own frames that were found, leaf first
	leaf bool   // the first of them is the leaf itself
	// inside: the leaf is in a system call or C code; call: in one that may compute for
	// all of the time; sync: in one that waits for a disk
	inside, call, sync bool
	served             bool // a library started the goroutine
	// operation is how long the benchmark's operation takes that it is part of, 0 if
	// it is part of none, or of one of which that is not known
	operation time.Duration
	account   account // what its CPU samples stand for
	waits     [profile.NumKinds]profile.Wait
	raw       profile.Kind // most of the waits before the source was asked; NumKinds without any
}

// sample is a stack before it is joined with the source.
func (a *analysis) sample(st *profile.Stack, rec *recording) sample {
	return sample{Stack: st, rec: rec, waits: st.Waits, raw: mostOf(&st.Waits), account: a.accounts.at(rec, st)}
}

// most is the kind with most time, NumKinds without any.
func (s *sample) most() profile.Kind { return mostOf(&s.waits) }

func mostOf(waits *[profile.NumKinds]profile.Wait) profile.Kind {
	best := profile.NumKinds
	for k := range profile.NumKinds {
		if w := waits[k]; w.Time > 0 && (best == profile.NumKinds || w.Time > waits[best].Time) {
			best = k
		}
	}
	return best
}

// share is how much of a recording's own weight was found.
type share struct{ own, found, dated, same float64 }

func (s share) matched() float64 { return ratio(s.found, s.own) }

// ratio is a ÷ b, 0 for nothing of nothing.
func ratio(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

// follow fills in the path and returns the leaf-most frame of the program's own.
func (a *analysis) follow(s *sample) (first spot) {
	first.fn = foreign
	for i, id := range s.Frames {
		at := a.join.spots[id]
		if at.fn != foreign && first.fn == foreign {
			first = at
			s.leaf = i == 0
		}
		if at.fn >= 0 {
			s.path = append(s.path, at)
		}
	}
	return first
}

func (sh *share) add(first spot, st *profile.Stack) {
	if first.fn == foreign {
		return
	}
	w := total(&st.Weights)
	sh.own += w
	if first.fn < 0 {
		return
	}
	sh.found += w
	if first.dated {
		sh.dated += w
	}
	if first.same {
		sh.same += w
	}
}

// resolve says what was waited for, by the source's word at the line: the
// runtime's reason for the wait of an HTTP request is "select".
func (a *analysis) resolve(s *sample) {
	if s.raw == profile.NumKinds {
		return
	}
	leaf := s.path[0]
	at := fileLine{a.lint.Functions[leaf.fn].File, int(leaf.line)}
	if slices.ContainsFunc(s.path, func(p spot) bool { return a.sites.submits[p.key()] != nil }) {
		s.move(profile.Submit, profile.Chan, profile.Join)
		return
	}
	if a.sites.receives[at] {
		s.move(profile.Idle, profile.Chan, profile.Join)
		return
	}
	switch kind, idle := a.word(at); {
	case idle:
		s.move(profile.Idle, profile.Chan, profile.Syscall, profile.Net, profile.Sleep, profile.Join)
	case kind < profile.NumKinds:
		s.move(kind, profile.Chan, profile.Syscall)
	}
}

// move counts waits of the other kinds as waits of kind to.
func (s *sample) move(to profile.Kind, from ...profile.Kind) {
	for _, k := range from {
		if k == to {
			continue
		}
		s.waits[to].Time += s.waits[k].Time
		s.waits[to].Count += s.waits[k].Count
		s.waits[k] = profile.Wait{}
	}
}

// kindOf are the kinds of the analyzers' words. "db" and "dns" are net.
var kindOf = map[string]profile.Kind{
	"net": profile.Net, "db": profile.Net, "dns": profile.Net, "file": profile.File, "proc": profile.Proc, "cgo": profile.Cgo,
	"sleep": profile.Sleep, "chan": profile.Chan, "wait": profile.Join, "lock": profile.Lock,
}

// word is what the source says of a line, NumKinds if nothing or several
// things. It is idle only if nothing else is waited for there: a select of work
// and ctx.Done waits for work.
func (a *analysis) word(at fileLine) (kind profile.Kind, idle bool) {
	kind = profile.NumKinds
	for i, w := range a.index.waits[at] {
		k, ok := kindOf[w.Kind]
		if !ok {
			k = profile.NumKinds
		}
		switch {
		case i == 0:
			kind, idle = k, w.Idle != ""
		case k != kind:
			kind = profile.NumKinds
		}
		idle = idle && w.Idle != ""
	}
	return kind, idle
}
