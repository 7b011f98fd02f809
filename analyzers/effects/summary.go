package effects

import (
	"slices"
	"strings"
)

// A Summary is what is known of one function.
type Summary struct {
	Effects []Effect // at most one of each kind
	Uses    []Use    // what it does with function and interface arguments
	Endless bool     // its body is an endless loop: a server, a worker, an actor
	Mark    Marks    // directives on it
	Lock    LockNet  // locks that it leaves held or given back

	NonBlocking Args // parameters whose arguments must not block, by directive
	Offload     Args // parameters whose arguments run elsewhere, by directive
}

// Args is a set of parameter positions; those past the seventh are not told.
type Args uint8

// Has reports whether position n is in the set.
func (a Args) Has(n int) bool { return n >= 0 && a&(1<<n) != 0 }

// Marks are directives that callers respect.
type Marks uint8

// The marks.
const (
	MarkNonBlocking Marks = 1 << iota
	MarkOffload           // runs its function arguments elsewhere
	markArgs              // in a fact: the sets of parameters follow
)

// LockNet is what a function does to a mutex for its caller.
type LockNet uint8

// The net effects on locks of the receiver.
const (
	LockNone     LockNet = iota
	LockAcquires         // returns with the receiver's lock held
	LockRLocks           // returns with the receiver's lock held for reading
	LockReleases         // gives back the lock that its caller took
)

// A Use says that a function calls a function argument, or a method of an
// interface argument.
type Use struct {
	Arg       int    // position, or -1 for the receiver
	Method    string // empty: the argument itself is called
	Certainty Certainty
	Each      bool // within a loop over data
	Goes      bool // on another goroutine
	Limited   bool // Goes, after something that bounds the number of goroutines
	Awaited   bool // Goes, and the function waits for it before it goes on
	Over      int  // Each: the argument that is gone over or counted up to, plus one; 0 if it is none

	owner *Func // whose argument, for uses inside function literals
	chain []Frame
	start *Op // Goes: where, in the function at
	at    *Func
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// String lists kinds with certainty, for tests: "net(always) cpu(heavy)".
func (s *Summary) String() string {
	var words []string
	for i := range s.Effects {
		e := &s.Effects[i]
		detail := e.Certainty.String()
		if e.Kind == CPU {
			detail = e.Weight.String()
		}
		words = append(words, e.Name()+"("+detail+")")
	}
	slices.Sort(words)
	for _, u := range s.Uses {
		verb := "calls"
		if u.Goes {
			verb = "goes"
		}
		words = append(words, strings.TrimSuffix(verb+" "+argName(u.Arg)+"."+u.Method, "."))
	}
	if s.Endless {
		words = append(words, "endless")
	}
	return strings.Join(words, " ")
}

func argName(n int) string {
	if n < 0 {
		return "recv"
	}
	return string(rune('0' + n%10))
}

// Effect returns the effect of the kind, or nil.
func (s *Summary) Effect(k Kind) *Effect {
	if s == nil {
		return nil
	}
	for i := range s.Effects {
		if s.Effects[i].Kind == k {
			return &s.Effects[i]
		}
	}
	return nil
}

// Weight is how much the function computes on its main path.
func (s *Summary) Weight() Weight {
	if e := s.Effect(CPU); e != nil && e.Certainty >= Usually {
		return e.Weight
	}
	return Light
}

// nearby is how many frames away nested loops still decide a function's class.
const nearby = 3

// Class sorts the function into io, cpu, mixed, coordination, light or unknown.
func (s *Summary) Class() string {
	if s == nil {
		return "light"
	}
	has := func(kinds ...Kind) bool {
		for _, k := range kinds {
			if e := s.Effect(k); e != nil && e.Certainty >= Missed && !e.Is(Hint) {
				return true
			}
		}
		return false
	}
	w := s.Weight()
	if w == Heavy && len(s.Effect(CPU).Chain) > nearby {
		w = Light // loops far below are no more than a part of the work
	}
	switch {
	case has(Net, Proc, File, Cgo, Sleep) && w >= Heavy:
		return "mixed"
	case has(Net, Proc, File, Cgo, Sleep):
		return "io"
	case w >= Heavy:
		return "cpu"
	case has(Wait, Chan):
		return "coordination"
	case w >= LoopOnce:
		return "cpu"
	case has(Lock, Spawn):
		return "coordination"
	case has(Dynamic) || s.hinted() || s.callsReceiver():
		return "unknown"
	}
	return "light"
}

// Strongest names the strongest kind of effect on the main path, or "none".
func (s *Summary) Strongest() string {
	best := Spawn
	for i := range s.Effects {
		if e := &s.Effects[i]; e.Certainty >= Missed && !e.Is(Hint) {
			best = min(best, e.Kind)
		}
	}
	if best == Spawn {
		return "none"
	}
	return best.String()
}

// callsReceiver reports whether the function is the method of a function value
// that calls it, as http.HandlerFunc.ServeHTTP.
func (s *Summary) callsReceiver() bool {
	return slices.ContainsFunc(s.Uses, func(u Use) bool { return u.Arg < 0 && u.Method == "" && !u.Goes })
}

func (s *Summary) hinted() bool {
	for i := range s.Effects {
		if s.Effects[i].Is(Hint) {
			return true
		}
	}
	return false
}

// silent reports whether a call of the function means nothing to its caller.
func (s *Summary) silent() bool { return len(s.Effects) == 0 && len(s.Uses) == 0 }
