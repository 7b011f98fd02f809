package effects

import (
	"slices"
	"strings"
)

// A Summary is what is known of one function.
type Summary struct {
	Effects []Effect // cases of each kind, see cases.go
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
	MarkExits             // does not come back
	markArgs              // in a fact: the sets of parameters follow
	markDoneHere          // of an interface method, see doneHere
)

// LockNet is what a function does to a mutex for its caller: a verb, and of what the
// mutex is.
type LockNet uint8

// LockNone is the net effect of a function that touches no lock of its caller.
const LockNone LockNet = 0

// A LockVerb is what is done to a mutex.
type LockVerb uint8

// The verbs of a LockNet.
const (
	LockAcquires   LockVerb = iota + 1 // returns with the lock held
	LockRLocks                         // returns with the lock held for reading
	LockReleases                       // gives back the lock that its caller took
	LockLends                          // gives it back for a while, and waits only then
	LockParts                          // gives it back on some ways, or for a part of its waits
	LockHandsBack                      // LockAcquires, and returns the function that gives it back
	LockHandsRBack                     // LockRLocks, and returns the function that gives it back
	LockAround                         // holds the lock while it calls the functions that it is given
	LockRAround                        // holds it so for reading
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
	Late      bool // Goes, and there it waits for a place before it is called
	Awaited   bool // Goes, and the function waits for it before it goes on
	Again     bool // where it has failed it is called again after a pause
	Timed     bool // the method is given a context with a timeout
	Local     Args // arguments of the method that are addresses which need no look-up
	Over      int  // Each: the argument that is gone over or counted up to, plus one; 0 if it is none

	whole bool  // goes through all of a stream, block by block
	owner *Func // whose argument, for uses inside function literals
	chain []Frame
	tries tries // what calls it, see again
	start *Op   // Goes: where, in the function at
	at    *Func
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// String lists kinds with certainty, for tests: "net(always) cpu(heavy)".
func (s *Summary) String() string {
	var words []string
	for _, e := range Leading(s.Effects) {
		detail := e.Certainty.String()
		if e.Kind == CPU {
			detail = e.Weight.String()
		}
		if e.Is(Buffered) {
			detail += " buffered"
		}
		words = append(words, e.Name()+"("+detail+")")
	}
	slices.Sort(words)
	for _, u := range s.Uses {
		verb := "calls"
		if u.Goes {
			verb = "goes"
		}
		word := strings.TrimSuffix(verb+" "+argName(u.Arg)+"."+u.Method, ".")
		if u.Again {
			word += " again"
		}
		words = append(words, word)
	}
	if s.Endless {
		words = append(words, "endless")
	}
	if s.Mark&MarkExits != 0 {
		words = append(words, "exits")
	}
	return strings.Join(words, " ")
}

func argName(n int) string {
	if n < 0 {
		return "recv"
	}
	return string(rune('0' + n%10))
}

// Effect returns the leading case of the kind, or nil.
func (s *Summary) Effect(k Kind) *Effect {
	if s == nil {
		return nil
	}
	return leading(s.Effects, k)
}

// Weight is how much the function computes on its main path.
func (s *Summary) Weight() Weight {
	if e := s.Effect(CPU); e != nil && e.Certainty >= Usually {
		return e.Weight
	}
	return Light
}

// CPU is how much the function computes, as far as its class goes by it: a loop where no
// more than that is near, or where a library goes over each of many things once.
func (s *Summary) CPU() string {
	w := s.Weight()
	if s.computes(nearby) < Usually {
		w = min(w, LoopOnce)
	}
	return w.String()
}

// How many frames away nested loops still decide a class. Those of a function are its
// own and those of what it calls. A task is what somebody chose to hand over, often
// in a literal that does no more than call: what is done there is what it is for.
const (
	nearby = 2
	inTask = 6
)

// TaskClass is the class of what a site hands over.
func (s *Summary) TaskClass() string { return s.class(inTask) }

// Class sorts the function into io, cpu, mixed, coordination, light or unknown.
// One pass over data is light, whatever its weight: only what takes long by
// itself, or what the function waits for, gives it a class. What it waits for
// comes before what it computes on some ways only.
func (s *Summary) Class() string { return s.class(nearby) }

func (s *Summary) class(near int) string {
	if s == nil {
		return "light"
	}
	computes := s.computes(near)
	switch {
	case s.does(Missed, Net, Proc, File, Cgo, Sleep) && computes == Always:
		return "mixed"
	case s.does(Missed, Net, Proc, File, Cgo, Sleep):
		return "io"
	case s.guessed() && computes < Always:
		return "io"
	case computes == Usually && s.does(Always, Wait, Chan, Lock):
		return "coordination"
	case computes >= Usually:
		return "cpu"
	case s.does(Missed, Wait, Chan, Lock, Spawn):
		return "coordination"
	case s.does(Missed, Dynamic) || s.hinted() || s.callsReceiver():
		return "unknown"
	}
	return "light"
}

// does reports whether one of the kinds is as certain as that.
func (s *Summary) does(least Certainty, kinds ...Kind) bool {
	return slices.ContainsFunc(kinds, func(k Kind) bool {
		e := s.Effect(k)
		return e != nil && e.Certainty >= least && !e.Is(Hint)
	})
}

// guessed reports whether a method that is known by its signature alone is most
// likely a request.
func (s *Summary) guessed() bool {
	e := s.Effect(Net)
	return e != nil && e.Certainty >= Missed
}

// computes returns how certain it is that the function computes for long: what
// is known to be costly at any depth, nested loops unless they are farther below,
// where they are no more than a part of the work.
func (s *Summary) computes(near int) Certainty {
	most := Never
	for i := range s.Effects {
		if e := &s.Effects[i]; e.Kind == CPU && (e.Weight == Costly || e.Weight >= Heavy && !e.Is(Linear) && e.near(near)) {
			most = max(most, e.Certainty)
		}
	}
	return most
}

// Works reports whether many calls of the function are worth dividing among
// goroutines: it waits for something outside or goes over data.
func (s *Summary) Works() bool {
	return s != nil && (s.does(Missed, Net, Proc, File, Cgo, Sleep) || s.Weight() >= LoopOnce)
}

// near reports whether loops are near enough to decide a class: so many frames
// away, or one call farther if that is made for each of the data.
func (e *Effect) near(frames int) bool {
	return len(e.Chain) <= frames || e.Is(Looped) && len(e.Chain) <= frames+1
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
		if e := &s.Effects[i]; e.Is(Hint) && e.Certainty >= Missed {
			return true
		}
	}
	return false
}

// silent reports whether a call of the function means nothing to its caller.
func (s *Summary) silent() bool { return len(s.Effects) == 0 && len(s.Uses) == 0 }
