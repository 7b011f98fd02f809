package lockio

import (
	"go/ast"
	"go/types"
	"strings"
	"time"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// shortSleep is how long a sleep may be that few mind.
const shortSleep = 10 * time.Millisecond

// judge collects what is to be observed about an effect under the lock, if that
// is a candidate: a wait that does not give the lock back. Where the function itself
// has given a lock of its caller back, that is not the one which it has taken.
func (c *checker) judge(r *placement.Region, op *effects.Op, e *effects.Effect) (verdict, bool) {
	if e.Is(effects.Released) && !e.Is(effects.Lent) && c.givesBackFor(r, op) || e.Certainty < effects.Rarely {
		return verdict{}, false
	}
	h := held{r, op, e}
	switch e.Kind {
	case effects.Net, effects.Proc, effects.Sleep:
		return verdict{signals: c.observe(h)}, true
	case effects.File:
		// Most names and blocks come from the kernel's cache.
		return verdict{signals: append(c.observe(h), "lockio.disk")}, e.Weight == effects.Costly && e.Certainty >= effects.Missed
	case effects.Wait:
		if onCond(e) && !c.otherCond(r, op) {
			return verdict{}, false
		}
		v := c.judgeWait(h)
		c.runsRegistered(&v, h)
		if e.Is(effects.Witnessed) {
			return v, v.at != nil
		}
		return v, c.ofTasks(&v, h)
	case effects.Chan:
		way := c.passage(r.Func, op, r, maxCalls)
		if way == open {
			return verdict{}, false
		}
		v := c.judgeChan(h, way)
		if e.Is(effects.Witnessed) {
			return v, v.at != nil
		}
		return v, c.ofTasks(&v, h)
	}
	return verdict{}, false
}

// givesBackFor reports whether what an op waits for with a lock of its caller given back is
// waited for without that of r. Which lock something further below gives back is not known.
func (c *checker) givesBackFor(r *placement.Region, op *effects.Op) bool {
	s := c.res.Effects.Summary(op.Callee())
	call, ok := op.Node.(*ast.CallExpr)
	if s == nil || s.Lock == effects.LockNone || !ok {
		return true
	}
	return r.GivenBackBy(c.res.Effects, call, op.Callee())
}

// held is a wait under a lock.
type held struct {
	r  *placement.Region
	op *effects.Op
	e  *effects.Effect
}

// An observation is a signal of this rule that any wait may have, with what makes it
// hit.
type observation struct {
	signal string
	hits   func(*checker, held) bool
}

// ofWait are those that the wait has by itself, whoever holds the lock.
var ofWait = []observation{
	{"lockio.guess", func(_ *checker, h held) bool { return h.e.Is(effects.Hint) }},
	{"lockio.error-path", func(c *checker, h held) bool {
		return h.e.Certainty < effects.Missed && !tellsError(h.e) && !c.takenToWait(h) && !c.punishes(h)
	}},
	{"lockio.short-sleep", func(_ *checker, h held) bool { return h.short(shortSleep) }},
	{"lockio.polls", func(_ *checker, h held) bool { return h.e.Kind == effects.Sleep && polls(h.e) }},
	{"lockio.database", func(_ *checker, h held) bool { return h.e.Label == "db" }},
	{"lockio.request", func(_ *checker, h held) bool { return asksAnew(h.e) }},
	{"lockio.client", func(c *checker, h held) bool {
		return h.e.Kind == effects.Net && h.e.Is(effects.Stream) && !answers(h.e) && c.serves(h.r.Func) && c.incoming(h)
	}},
	{"lockio.one-peer", func(c *checker, h held) bool {
		return h.e.Kind == effects.Net && h.e.Label != "db" && h.e.Is(effects.Stream) && !h.e.Is(effects.Datagram) && !answers(h.e) && c.oneOfKept(h.op)
	}},
	{"lockio.datagram", func(_ *checker, h held) bool { return h.e.Is(effects.Datagram) }},
	{"lockio.buffered", func(_ *checker, h held) bool {
		return h.e.Kind == effects.Chan && h.e.Is(effects.Buffered) && !h.e.Is(effects.Receive)
	}},
	{"lockio.subprocess", func(_ *checker, h held) bool { return h.e.Kind == effects.Proc }},
	{"lockio.sleep", func(_ *checker, h held) bool { return h.e.Kind == effects.Sleep }},
	{"lockio.foreign", func(_ *checker, h held) bool { return h.e.Kind == effects.Chan && h.e.Is(effects.Foreign) }},
	{"lockio.far-inside", func(_ *checker, h held) bool {
		return len(h.e.Chain) > 2 && (h.e.Kind == effects.Chan || h.e.Kind == effects.Wait || h.e.Kind == effects.File) && !h.e.Is(effects.Token)
	}},
}

// ofLock are those that tell of the lock as well: who holds it, what it guards, who wants it.
var ofLock = []observation{
	{"lockio.hands-over", func(c *checker, h held) bool { return c.handsOver(h) }},
	{"lockio.keeps-open", func(c *checker, h held) bool { return c.keepsOpen(h) }},
	// What is waited for.
	{"lockio.stored", func(c *checker, h held) bool {
		return h.e.Kind != effects.File && c.onlyOne(h) && c.stores(h.r, h.op)
	}},
	{"lockio.only-one", func(c *checker, h held) bool {
		return h.e.Kind == effects.Net && c.onlyOne(h)
	}},
	// Who holds the lock, and who wants it.
	{"lockio.serializes", func(c *checker, h held) bool { return c.serializes(h) }},
	// Who serializes has no short work either: that is one observation, not two.
	{"lockio.no-sufferer", func(c *checker, h held) bool {
		return !c.serializes(h) && c.sufferer(h) == nil && !c.cached(h) && !c.meetsItself(h.r)
	}},
	{"lockio.fresh", func(c *checker, h held) bool { return c.fresh(h.r) }},
	{"lockio.snapshot", func(c *checker, h held) bool { return c.publishesSnapshot(h.r) }},
	{"lockio.startup", func(_ *checker, h held) bool { return h.r.Func.Starts() }},
	{"lockio.at-end", func(c *checker, h held) bool { return !quiet(h.r.Func) && (c.ends(h.r) || c.closesOwn(h.r.Func)) }},
	// What names say.
	{"lockio.job-owner", func(_ *checker, h held) bool { return perUse(h.r) }},
	{"lockio.serial-name", func(_ *checker, h held) bool { return h.r.Lock != nil && lexicon.Is(lexicon.Serial, h.r.Lock.Name()) }},
	{"lockio.end-name", func(_ *checker, h held) bool { return quiet(h.r.Func) }},
}

// observe returns the signals that hit.
func (c *checker) observe(h held) []string {
	return append(c.hits(ofWait, h), c.hits(ofLock, h)...)
}

func (c *checker) hits(list []observation, h held) []string {
	var hits []string
	for _, o := range list {
		if o.hits(c, h) {
			hits = append(hits, o.signal)
		}
	}
	return hits
}

// onlyOne reports whether who comes to the lock wants what is waited for: it is not
// one of many, and nobody has taken the way out of the wait away.
func (c *checker) onlyOne(h held) bool {
	return !c.oneOfMany(h.r, h.op) && !c.endlessWait(h.r.Func, h.op)
}

// serializes reports whether the lock is there to let one wait at a time through: most who take
// it wait under it. Who waits for a message with a lock to read lets the others read, and keeps
// out who writes for as long as none comes.
func (c *checker) serializes(h held) bool {
	l := c.locks[h.r.Lock]
	message := h.e.Kind == effects.Net && h.e.Is(effects.Stream) || h.e.Kind == effects.Chan && h.e.Is(effects.Receive)
	return l != nil && !(h.r.Read && message) && l.serializes(h.e.Kind)
}

// tellsError reports whether the effect is a send where something has failed, which is
// there to tell of it: that it is on an error path says nothing more.
func tellsError(e *effects.Effect) bool {
	return e.Kind == effects.Chan && !e.Is(effects.Buffered) && !e.Is(effects.Receive)
}

// asksAnew reports whether the effect is the wait for who has not answered yet: a
// request, a connection that is made, a look-up. On one that is open the two sides talk
// already, and a database is near.
func asksAnew(e *effects.Effect) bool {
	return e.Kind == effects.Net && e.Label != "db" && e.Flags&(effects.Stream|effects.Hint) == 0
}

// short reports whether the wait is a sleep of no more than d.
func (h held) short(d time.Duration) bool { return h.e.Bound == effects.Const && h.e.Duration <= d }

// eachElement reports whether the wait is one for each element of a collection.
func (h held) eachElement() bool {
	l := h.op.Loop
	return l != nil && l.Data() && l.Node.Pos() > h.r.From()
}

// answers reports whether the wait is for who reads the response of a handler,
// most of which the kernel buffers: a method of that, or what is given it.
func answers(e *effects.Effect) bool {
	const response = "http.ResponseWriter"
	call := e.Chain[len(e.Chain)-1].Call
	return strings.HasPrefix(call, response+".") || strings.HasSuffix(call, " on "+response)
}

// replaced reports whether a function other than a constructor sets the field. All
// that are set are noted at once: a large package has hundreds of candidates.
func (c *checker) replaced(field *types.Var) bool {
	if c.set != nil {
		return c.set[field]
	}
	c.set = make(map[*types.Var]bool)
	for _, f := range c.res.Effects.Funcs() {
		if f.Body() == nil || quiet(f) {
			continue
		}
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, l := range a.Lhs {
					if v := c.res.Effects.Variable(l); v != nil && v.IsField() {
						c.set[v] = true
					}
				}
			}
			return true
		})
	}
	return c.set[field]
}

// polls reports whether the sleep is one between looks at a condition that
// others of this program bring about.
func polls(e *effects.Effect) bool {
	for _, f := range e.Chain[:len(e.Chain)-1] {
		name := f.Call[strings.LastIndexByte(f.Call, '.')+1:]
		if lexicon.Is(lexicon.Waits, name) {
			return true
		}
	}
	return false
}

func calleeName(op *effects.Op) string {
	if fn := op.Callee(); fn != nil {
		return fn.Name()
	}
	return ""
}
