package report

import (
	"go/token"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// Chain turns a witness into steps. Frames of other packages have no position
// here: they are shown at the last call site that has one.
func Chain(at token.Pos, frames []effects.Frame) []Step {
	steps := make([]Step, 0, len(frames))
	for _, f := range frames {
		msg := f.Call
		if f.Pos.IsValid() {
			at = f.Pos
		} else if f.Where != "" {
			msg += " (" + f.Where + ")"
		}
		steps = append(steps, Step{Pos: at, Message: msg})
	}
	return steps
}

// Verb says what an effect is, as in "f waits on the network".
func Verb(e *effects.Effect) string {
	switch e.Kind {
	case effects.Net:
		switch e.Label {
		case "db":
			return "waits on a database"
		case "dns":
			return "waits on DNS"
		}
		return "waits on the network"
	case effects.Proc:
		return "waits for a subprocess"
	case effects.File:
		return "waits on the file system"
	case effects.Cgo:
		return "runs C code"
	case effects.Sleep:
		return "sleeps"
	case effects.Wait:
		return "waits for other goroutines"
	case effects.Chan:
		if e.Is(effects.Receive) {
			return "waits to receive"
		}
		return "can block on a channel"
	case effects.Lock:
		return "waits for a lock"
	case effects.CPU:
		return "computes heavily"
	}
	return "may block"
}

// Subject names what is called at an effect's site: the first frame.
func Subject(e *effects.Effect) string {
	if len(e.Chain) == 0 {
		return "this call"
	}
	call := e.Chain[0].Call
	if strings.Contains(call, ", which ") {
		return call + "," // the clause ends before the verb
	}
	return call
}
