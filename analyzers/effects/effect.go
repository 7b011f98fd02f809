package effects

import (
	"go/ast"
	"go/token"
	"time"
)

// A Kind is what a call waits for or spends time on.
type Kind uint8

// The kinds, strongest first.
const (
	Net     Kind = iota // network, database, DNS
	Proc                // subprocess
	File                // file system
	Cgo                 // C code
	Sleep               // time.Sleep and the like
	Wait                // WaitGroup, Cond, errgroup.Wait
	Chan                // blocking channel operation, or select without default
	Lock                // mutual exclusion lock
	CPU                 // computing; see Effect.Weight
	Spawn               // starts a goroutine
	Dynamic             // calls a function that cannot be known
	numKinds
)

var kindNames = [numKinds]string{"net", "proc", "file", "cgo", "sleep", "wait", "chan", "lock", "cpu", "spawn", "dynamic"}

func (k Kind) String() string { return kindNames[k] }

// KindOf returns the kind with the name; db and dns are net.
func KindOf(name string) (Kind, bool) {
	if name == "db" || name == "dns" {
		return Net, true
	}
	for k, n := range kindNames {
		if n == name {
			return Kind(k), true
		}
	}
	return 0, false
}

// IO reports whether the kind waits on something outside the program.
func (k Kind) IO() bool { return k <= Sleep }

// Blocks reports whether the kind parks the goroutine for other than a lock.
func (k Kind) Blocks() bool { return k <= Chan }

// A Certainty says on how many of the paths through a function an effect lies.
type Certainty uint8

// The certainties, from least to most certain. Rarely and Missed are both
// "rarely" to the user; a cache miss is told apart from an error path because
// it is where a lock is often held for too long.
const (
	Never   Certainty = iota
	Rarely            // error path, log-level test, once-only initialization
	Missed            // cache miss, first use
	Usually           // main path
	Always            // every path to a normal return
)

func (c Certainty) String() string {
	switch c {
	case Always:
		return "always"
	case Usually:
		return "usually"
	}
	return "rarely"
}

// A Weight is how much a function computes.
type Weight uint8

// The weights.
const (
	Light    Weight = iota
	LoopOnce        // one loop over data
	Heavy           // nested loops over data, or recursion over data
	Steep           // three loops over data one within the other, or more
	Costly          // a call that is known to be expensive
)

func (w Weight) String() string { return [...]string{"light", "loop", "heavy", "heavy", "heavy"}[w] }

// within is the weight of what runs in so many loops over data.
func (w Weight) within(loops int) Weight {
	if w == Costly {
		return w
	}
	return min(w+Weight(loops), Steep)
}

// A Bound says what limits the time of an effect.
type Bound uint8

// The bounds.
const (
	Unbounded Bound = iota
	Ended           // nothing but the end of the waiter's owner: a channel that is closed to stop it
	Deadline        // a context, timeout or cancellation
	Const           // Effect.Duration
)

// Flags of an effect.
type Flags uint16

// The flags.
const (
	Stream    Flags = 1 << iota // uses a connection that is already open
	Hint                        // guessed from a signature or one implementation: supports a note, never a warning
	Buffered                    // channel send into a buffer
	Deferred                    // happens as the function returns
	Released                    // happens while a lock that the caller holds is given back
	Receive                     // channel receive
	Given                       // runs a function that the caller has given
	Foreign                     // sends to a channel made elsewhere, perhaps with a buffer
	Linear                      // computes what a library does in one pass: in loops, no more than Heavy
	Looped                      // calls what computes in a loop of its own
	Lent                        // Released by the function of the op itself: not the locks that it holds
	Token                       // takes or gives back a place of a semaphore
	Datagram                    // sends one packet: it waits for room in the kernel, not for a peer
	Witnessed                   // waits for goroutines of the function's own, and what these wait for is told beside it
)

// Root says through which value of the function the effect is reached.
type Root int8

// RootNone is an effect on something else than the receiver or a parameter;
// RootRecv one on the receiver or its fields; n ≥ 0 one on parameter n.
const (
	RootNone Root = -2
	RootRecv Root = -1
)

// An Effect is one case of what a function does with time, with its shortest
// witness. A function may have several cases of one kind: see cases.go.
type Effect struct {
	Kind      Kind
	Certainty Certainty
	Weight    Weight // of CPU; Costly File: the disk is at work for long, for a whole file, a tree, many names or a sync
	Bound     Bound
	Flags     Flags
	Guard     Guard
	Root      Root
	Duration  time.Duration // of Const
	Label     string        // db, dns or empty
	Chain     []Frame       // call sites down to the primitive, at most 8
}

// Is reports whether all of the flags are set.
func (e *Effect) Is(f Flags) bool { return e.Flags&f == f }

// Connected reports whether the effect is on a connection that is already open. A
// stream may be a file as well.
func (e *Effect) Connected() bool { return e.Is(Stream) && e.Kind != File }

// Name is the kind as people say it: the label where there is one.
func (e *Effect) Name() string {
	if e.Label != "" {
		return e.Label
	}
	return e.Kind.String()
}

// A Frame is one call site of a witness chain.
type Frame struct {
	Pos   token.Pos // in the analyzed package, otherwise NoPos
	Where string    // base name of the file and line, for frames of other packages
	Call  string    // what is called or done there, such as http.(*Client).Do
}

// In reports whether the call site is within a node.
func (f Frame) In(n ast.Node) bool { return n.Pos() <= f.Pos && f.Pos < n.End() }

const maxChain = 8
