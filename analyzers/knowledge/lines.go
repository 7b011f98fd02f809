package knowledge

import (
	"fmt"
	"strconv"
	"strings"
)

// Recv is the argument index that stands for the receiver.
const Recv = -1

// An Effect is a decoded effect line.
type Effect struct {
	Kinds    []string // net db dns file proc cgo sleep chan wait lock
	CPU      string   // "", loop or heavy
	Cost     string   // for people: 45ms, 2.1ns/B
	Usually  bool
	Rarely   bool
	Ctx      bool   // bounded by the context argument
	Deadline bool   // bounded by itself
	Const    int    // argument that holds the duration, or None
	Stream   bool   // on an open connection
	Datagram bool   // sends one packet, which waits for no peer
	Fsync    bool   // waits for the disk
	Buffers  bool   // what is short waits for nobody
	Whole    bool   // goes through a whole file, tree or stream
	Endless  bool   // serves until it is told to stop
	Exits    bool   // does not come back
	IO       []int  // arguments read or written, Recv for what the receiver wraps
	Gives    string // kind of reading or writing what it returns, empty if its type tells
	Wraps    []int  // arguments that the result reads or writes later
	Unless   int    // argument that is read instead where it is not nil, or None
	Needs    int    // argument without which nothing counts, or None
	Network  int    // argument that names the network to connect to, or None
	Addr     int    // argument that is looked up unless it needs no look-up, or None
	Calls    []Call
}

// None is the argument index for "no argument".
const None = -2

// A Call says what a function does with function argument Arg.
type Call struct {
	Arg   int
	Each  bool // once per element
	Maybe bool // at most once, or on error
	Goes  bool // on another goroutine
}

// Effect returns what is known of the function s, or nil.
func (b *Base) Effect(s Symbol) *Effect {
	return decoded(b, "effect", s, parseEffect)
}

// decoded returns the line for a verb and a symbol, or nil.
func decoded[T any](b *Base, verb string, s Symbol, parse func(attrs string) (*T, error)) *T {
	l, ok := b.find(verb, s)
	if !ok {
		return nil
	}
	x, err := parse(l.attrs)
	if err != nil {
		return nil // With and a test have decoded every line
	}
	return x
}

// Quiet reports whether calls of s never count.
func (b *Base) Quiet(s Symbol) bool {
	_, ok := b.find("quiet", s)
	return ok
}

func parseEffect(attrs string) (*Effect, error) {
	e := &Effect{Const: None, Unless: None, Needs: None, Network: None, Addr: None}
	for word := range strings.FieldsSeq(attrs) {
		name, value, hasValue := strings.Cut(word, "=")
		if hasValue && (value == "" || isFlag(name)) {
			return nil, fmt.Errorf("unexpected value in %q", word)
		}
		if isKind(name) {
			e.Kinds = append(e.Kinds, name)
			continue
		}
		var err error
		switch name {
		case "cpu":
			e.CPU = "heavy"
			if hasValue {
				if value != "loop" && value != "heavy" {
					return nil, fmt.Errorf("cpu is loop or heavy, not %q", value)
				}
				e.CPU = value
				continue
			}
		case "cost":
			if e.Cost = value; value == "" {
				return nil, fmt.Errorf("cost without a value")
			}
		case "usually":
			e.Usually = true
		case "rarely":
			e.Rarely = true
		case "ctx":
			e.Ctx = true
		case "deadline":
			e.Deadline = true
		case "const":
			e.Const, err = argument(value)
		case "unless":
			e.Unless, err = argument(value)
		case "needs":
			e.Needs, err = argument(value)
		case "network":
			e.Network, err = argument(value)
		case "addr":
			e.Addr, err = argument(value)
		case "stream":
			e.Stream = true
		case "datagram":
			e.Datagram = true
		case "fsync":
			e.Fsync = true
		case "whole":
			e.Whole = true
		case "buffers":
			e.Buffers = true
		case "io":
			e.IO, err = appendArgument(e.IO, value)
		case "gives":
			if e.Gives = value; !isKind(value) {
				return nil, fmt.Errorf("%s: unknown kind %q", word, value)
			}
		case "wraps":
			e.Wraps, err = appendArgument(e.Wraps, value)
		case "calls", "goes":
			c := Call{Goes: name == "goes", Each: strings.HasSuffix(value, "*"), Maybe: strings.HasSuffix(value, "?")}
			c.Arg, err = argument(strings.TrimRight(value, "*?"))
			e.Calls = append(e.Calls, c)
		case "endless":
			e.Endless = true
		case "exits":
			e.Exits = true
		case "none":
		default:
			return nil, fmt.Errorf("unknown word %q", word)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %v", word, err)
		}
	}
	return e, nil
}

func isKind(word string) bool {
	switch word {
	case "net", "db", "dns", "file", "proc", "cgo", "sleep", "chan", "wait", "lock":
		return true
	}
	return false
}

// isFlag reports whether the word of an effect line never has a value.
func isFlag(word string) bool {
	switch word {
	case "usually", "rarely", "ctx", "deadline", "stream", "datagram", "fsync", "whole", "buffers", "endless", "exits", "none":
		return true
	}
	return isKind(word)
}

func appendArgument(list []int, s string) ([]int, error) {
	n, err := argument(s)
	return append(list, n), err
}

func argument(s string) (int, error) {
	if s == "recv" {
		return Recv, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 99 {
		return None, fmt.Errorf("want an argument position or recv, have %q", s)
	}
	return n, nil
}

// A Loop is a decoded loop line.
type Loop struct {
	Allow    []string // effect kinds that the contract permits
	Severity string   // "", warning or note
	Offload  string   // the library's own way to run work elsewhere
	Unless   string   // a function of the library that lifts the contract
	Shape    []string // methods that tell an implementation where the library is not imported
	Repeats  bool     // one task of the loop runs the function many times, as a sort its comparator
	Text     string   // what the library says

	// Own says that it is a loop of the module itself, found by its structure and
	// written in no line: short waits there are its author's choice.
	Own bool
	// Of an own loop: Peer says that it reads from one connection, whose peer alone waits;
	// Owner that it calls the one function that whoever made it has given it.
	Peer, Owner bool
	// Answers are where others wait for what an own loop alone gives: whoever runs on it must
	// not wait there. Each says that each of several objects has such a loop, which may well
	// wait for anything else.
	Answers []string
	Each    bool
	// Chosen says that the handler runs by way of a function that has two ways, and puts it
	// on a goroutine on the other one: somebody decides which.
	Chosen bool
}

func decodeLoop(l line) *Loop {
	loop, err := parseLoop(l.attrs)
	if err != nil {
		return nil
	}
	loop.Text = l.text
	return loop
}

func parseLoop(attrs string) (*Loop, error) {
	loop := &Loop{}
	for word := range strings.FieldsSeq(attrs) {
		name, value, _ := strings.Cut(word, "=")
		switch {
		case name == "allow" && value != "":
			loop.Allow = strings.Split(value, ",")
			for _, kind := range loop.Allow {
				if !isKind(kind) && kind != "cpu" && kind != "stream" {
					return nil, fmt.Errorf("%s: unknown kind %q", word, kind)
				}
			}
		case name == "severity" && (value == "warning" || value == "note"):
			loop.Severity = value
		case name == "offload" && value != "":
			loop.Offload = strings.ReplaceAll(value, "_", " ")
		case name == "unless" && value != "":
			loop.Unless = value
		case name == "shape" && value != "":
			loop.Shape = strings.Split(value, ",")
		case word == "repeats":
			loop.Repeats = true
		default:
			return nil, fmt.Errorf("unknown word %q", word)
		}
	}
	return loop, nil
}

// Limiter returns acquire, release or try for a function that takes or gives
// back a token, and "" for any other.
func (b *Base) Limiter(s Symbol) string {
	l, _ := b.find("limiter", s)
	return l.attrs
}

// Mutex returns lock, unlock, rlock, runlock or trylock for a lock's method,
// and "" for any other.
func (b *Base) Mutex(s Symbol) string {
	l, _ := b.find("mutex", s)
	return l.attrs
}

// Request reports whether a type stands for one request in the handlers of a server.
func (b *Base) Request(s Symbol) bool {
	_, ok := b.find("request", s)
	return ok
}

// Pause returns start or end for a method that stops its library's loop or lets it run
// again, and "" for any other.
func (b *Base) Pause(s Symbol) string {
	l, _ := b.find("pause", s)
	return l.attrs
}
