package blockloop

import (
	"cmp"
	"strings"
	"time"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// breach is the severity of a certain breach of a contract.
func breach(l *knowledge.Loop) evidence.Severity {
	level := evidence.Error
	if l.Severity != "" {
		_ = level.Set(l.Severity) // checked where the line is read
	}
	return level
}

// shortSleep is how long a sleep may be that few notice.
const shortSleep = time.Millisecond

// A verdict is what the rule has observed about an effect on a loop.
type verdict struct {
	kind    effects.Kind
	most    evidence.Severity // if the loop does stop
	signals []string
}

// worse compares what is told of two effects of one op. Of two that weigh the same the
// stronger kind is told: a request, rather than the pause before it is made again.
func (v verdict) worse(w verdict) bool {
	a, b := evidence.Judge("blockloop", v.signals), evidence.Judge("blockloop", w.signals)
	return cmp.Or(cmp.Compare(a.Severity(v.most), b.Severity(w.most)), cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(w.kind, v.kind)) > 0
}

// worst returns the effect of which the most is to be told, and what, or nil if none is a
// candidate.
func worst(list []effects.Effect, judge func(*effects.Effect) (verdict, bool)) (*effects.Effect, verdict) {
	var found *effects.Effect
	var v verdict
	for i := range list {
		if w, ok := judge(&list[i]); ok && (found == nil || w.worse(v)) {
			found, v = &list[i], w
		}
	}
	return found, v
}

// judge collects what is to be observed about an effect on a loop, if that is a
// candidate. The answers are the places where others wait for what the loop alone gives.
func (c *checker) judge(e *effects.Effect, l *knowledge.Loop, answers []string) (verdict, bool) {
	if e.Certainty < effects.Missed || e.Is(effects.Witnessed) || contracts.Allows(l, e) {
		return verdict{}, false
	}
	v := verdict{kind: e.Kind, most: breach(l)}
	if c.waitsForItself(e, answers) {
		v.signals, v.most = forAnswer(e), evidence.Warning
		return v, true
	}
	if l.Each {
		return verdict{}, false
	}
	if l.Own {
		v.signals = observe(moduleLoop, e, l)
		return v, e.Kind <= effects.Chan && e.Kind != effects.File && e.Kind != effects.Cgo
	}
	switch e.Kind {
	case effects.Net, effects.Proc, effects.Wait, effects.Sleep:
	case effects.File, effects.Chan:
		v.most = min(v.most, evidence.Warning)
	case effects.CPU:
		v.most = min(v.most, evidence.Warning)
		if e.Weight < effects.Costly {
			v.signals = []string{"blockloop.swells"}
			return v, swells(e, l)
		}
	default:
		return verdict{}, false
	}
	v.signals = observe(library, e, l)
	return v, true
}

// An observation is a signal with what makes it hit.
type observation struct {
	signal string
	hits   func(*effects.Effect, *knowledge.Loop) bool
}

func observe(list []observation, e *effects.Effect, l *knowledge.Loop) []string {
	var hits []string
	for _, o := range list {
		if o.hits(e, l) {
			hits = append(hits, o.signal)
		}
	}
	return hits
}

// library are the signals of an effect on the loop of a library.
var library = []observation{
	{"blockloop.guess", func(e *effects.Effect, _ *knowledge.Loop) bool { return e.Is(effects.Hint) }},
	{"blockloop.chosen", func(_ *effects.Effect, l *knowledge.Loop) bool { return l.Chosen }},
	{"blockloop.sometimes", func(e *effects.Effect, _ *knowledge.Loop) bool { return e.Certainty < effects.Usually }},
	{"blockloop.short-sleep", func(e *effects.Effect, _ *knowledge.Loop) bool { return sleeps(e, shortSleep) }},
	// A comparator that looks at two files does so for each comparison.
	{"blockloop.file", func(e *effects.Effect, l *knowledge.Loop) bool { return e.Kind == effects.File && !l.Repeats }},
	{"blockloop.distant", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return (e.Kind == effects.Wait || e.Kind == effects.CPU) && distant(e)
	}},
	{"blockloop.ends", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return (e.Kind == effects.Wait || e.Kind == effects.Chan) && closes(e)
	}},
	{"blockloop.buffered", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return e.Kind == effects.Chan && e.Is(effects.Buffered)
	}},
	{"blockloop.foreign", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return e.Kind == effects.Chan && e.Is(effects.Foreign)
	}},
	{"blockloop.channel-deadline", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return e.Kind == effects.Chan && e.Bound == effects.Deadline
	}},
	{"blockloop.way-out", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return e.Kind == effects.Chan && e.Is(effects.Buffered) && e.Bound == effects.Deadline
	}},
}

// near is how many calls away from a handler a wait may be for the handler's author
// to have known of it. It was chosen by reading one message server and one file
// synchronizer, and is not fitted.
const near = 4

// moduleLoop are the signals of an effect on a loop of the module itself. Its author
// chose what it does, and files, locks and computing are fine there as a rule; what
// waits for others is likely not to have been thought of.
var moduleLoop = []observation{
	// Whoever is kept waiting by a channel that nobody receives from any more: it is for good.
	{"blockloop.module-peer", func(e *effects.Effect, l *knowledge.Loop) bool { return l.Peer && e.Kind != effects.Chan }},
	{"blockloop.module-owner", func(e *effects.Effect, l *knowledge.Loop) bool { return l.Owner && e.Kind != effects.Chan }},
	{"blockloop.module-far", func(e *effects.Effect, _ *knowledge.Loop) bool { return len(e.Chain) > near }},
	{"blockloop.module-sometimes", func(e *effects.Effect, _ *knowledge.Loop) bool { return e.Certainty < effects.Usually }},
	{"blockloop.module-guess", func(e *effects.Effect, _ *knowledge.Loop) bool { return e.Is(effects.Hint) }},
	{"blockloop.module-connection", func(e *effects.Effect, _ *knowledge.Loop) bool { return e.Is(effects.Stream) }},
	{"blockloop.module-ends", func(e *effects.Effect, _ *knowledge.Loop) bool { return closes(e) }},
	{"blockloop.module-bounded", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return (e.Kind == effects.Net || e.Kind == effects.Proc) && (e.Bound != effects.Unbounded || e.Label != "")
	}},
	{"blockloop.module-sleep", func(e *effects.Effect, _ *knowledge.Loop) bool { return sleeps(e, patience-1) }},
	{"blockloop.module-channel", func(e *effects.Effect, _ *knowledge.Loop) bool { return e.Kind == effects.Chan }},
	{"blockloop.module-far-channel", func(e *effects.Effect, _ *knowledge.Loop) bool {
		return e.Kind == effects.Chan && (len(e.Chain) > 1 || e.Is(effects.Buffered))
	}},
	{"blockloop.module-goroutines", func(e *effects.Effect, _ *knowledge.Loop) bool { return e.Kind == effects.Wait }},
}

// sleeps reports whether the effect is a sleep of no more than d.
func sleeps(e *effects.Effect, d time.Duration) bool {
	return e.Kind == effects.Sleep && e.Bound == effects.Const && e.Duration <= d
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
