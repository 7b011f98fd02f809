package blockloop

import (
	"strings"
	"time"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// breach is the severity of a certain breach of a contract.
func breach(l *knowledge.Loop) settings.Severity {
	level := settings.Error
	if l.Severity != "" {
		_ = level.Set(l.Severity) // checked where the line is read
	}
	return level
}

const shortSleep = time.Millisecond

// judge returns the severity of an effect on a loop.
func judge(e *effects.Effect, l *knowledge.Loop) (settings.Severity, bool) {
	if e.Certainty < effects.Missed || contracts.Allows(l, e) {
		return 0, false
	}
	level := breach(l)
	if l.Own {
		return own(e, level)
	}
	switch e.Kind {
	case effects.Net, effects.Proc, effects.Wait:
	case effects.File:
		level = min(level, settings.Warning)
	case effects.Sleep:
		if e.Bound == effects.Const && e.Duration <= shortSleep {
			return 0, false
		}
	case effects.Chan:
		if e.Is(effects.Buffered) && e.Bound == effects.Deadline {
			return 0, false // a buffer, and a way out when it is full
		}
		if e.Is(effects.Buffered) || e.Is(effects.Foreign) || e.Bound == effects.Deadline {
			return settings.Note, true
		}
		level = min(level, settings.Warning)
	case effects.CPU:
		if e.Weight < effects.Costly {
			return 0, false // see swells
		}
		level = min(level, settings.Warning)
	default:
		return 0, false
	}
	if e.Is(effects.Hint) || (e.Kind == effects.Wait || e.Kind == effects.CPU) && distant(e) || (e.Kind == effects.Wait || e.Kind == effects.Chan) && closes(e) {
		return settings.Note, true
	}
	if e.Certainty < effects.Usually {
		level = min(level, settings.Warning)
	}
	return level, true
}

// near is how many calls away from a handler a wait may be for the handler's author
// to have known of it. It was chosen by reading one message server and one file
// synchronizer, and is not fitted.
const near = 4

// own returns the severity of an effect on a loop of the module itself. Its author
// chose what it does, and files, locks and computing are fine there as a rule; what
// waits for others is likely not to have been thought of.
func own(e *effects.Effect, level settings.Severity) (settings.Severity, bool) {
	if len(e.Chain) > near || e.Certainty < effects.Usually || e.Is(effects.Hint) || e.Is(effects.Stream) || closes(e) {
		return 0, false
	}
	switch e.Kind {
	case effects.Net, effects.Proc:
		if e.Bound != effects.Unbounded || e.Label != "" {
			level = settings.Note
		}
		return level, true
	case effects.Sleep:
		if e.Bound == effects.Const && e.Duration < patience {
			return 0, false
		}
		return level, true
	case effects.Chan:
		if len(e.Chain) > 1 || e.Is(effects.Buffered) {
			return 0, false
		}
		return settings.Note, true
	case effects.Wait:
		return settings.Note, true
	}
	return 0, false
}

// closes reports whether the wait is for goroutines that the called function has
// told to end.
func closes(e *effects.Effect) bool {
	call := e.Chain[0].Call
	name := call[strings.LastIndexByte(call, '.')+1:]
	return name == "Close" || name == "Stop" || name == "Shutdown"
}

// distant reports whether the effect is seen inside another module, where
// nothing is known of the size of the work or of who is waited for.
func distant(e *effects.Effect) bool {
	last := e.Chain[len(e.Chain)-1]
	return !last.Pos.IsValid() && last.Where == ""
}
