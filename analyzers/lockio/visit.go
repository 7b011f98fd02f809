package lockio

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/locks"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file tells what a guest does under the locks of its host: it takes one of them again,
// or waits for something outside the program.

// visit checks what a guest does under the locks of its host.
func (c *checker) visit(g guest) {
	under := slices.Clone(g.Under) // the surest first
	slices.SortStableFunc(under, func(a, b locks.Hold) int { return len(c.madeElsewhere(a)) - len(c.madeElsewhere(b)) })
	for _, l := range under {
		if c.reenters(g, l) {
			return
		}
	}
	for _, l := range under {
		if c.keepsWaiting(g, l) {
			return
		}
	}
}

// madeElsewhere returns the signal of a lock whose owner is made by a function that this package
// does not call, or is one of several that may be behind an interface, and this package has
// none such: another one may make it, or nobody.
func (c *checker) madeElsewhere(l locks.Hold) []string {
	if l.Among != "" && !c.handles(l.Among) {
		return []string{"lockio.elsewhere"}
	}
	if !l.Maker || slices.ContainsFunc(c.prog().Callees(), func(fn *types.Func) bool {
		return fn.Pkg() != c.pass.Pkg && effects.DisplayName(fn, nil) == l.By
	}) {
		return nil
	}
	return []string{"lockio.elsewhere"}
}

// handles reports whether this package has to do with a type that is so named: it has an
// expression of it, or calls a function that makes a value of it.
func (c *checker) handles(owner string) bool {
	if c.handled == nil {
		c.handled = make(map[string]bool)
		seen := make(map[types.Type]bool)
		for _, tv := range c.pass.TypesInfo.Types {
			if tv.Type == nil || seen[tv.Type] {
				continue
			}
			seen[tv.Type] = true
			c.handled[locks.TypeName(tv.Type)] = true
			if results, ok := tv.Type.(*types.Tuple); ok {
				for v := range results.Variables() {
					c.handled[locks.TypeName(v.Type())] = true
				}
			}
		}
		for _, fn := range c.prog().Callees() {
			if d := c.hosts.Of(fn); d != nil {
				for _, t := range d.Makes {
					c.handled[t] = true
				}
			}
		}
	}
	return c.handled[owner]
}

// reenters reports a guest that calls what takes the lock again. Of an interface it is not
// known whose lock that is: a value of another type may be behind it.
func (c *checker) reenters(g guest, l locks.Hold) bool {
	if !g.one {
		return false
	}
	op := c.takesOf(g, l, far{f: g.f}, make(map[*effects.Func]bool))
	if op == nil {
		return false
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    evidence.Warning,
		Signals: append(c.madeElsewhere(l), "lockio.stranger-locks"),
		Kind:    effects.Lock.String(),
		Cause:   l.Cause(),
		Message: l.Short() + " is held by " + l.By + ", which runs this, and " + effects.DisplayName(op.Callee(), c.pass.Pkg) + " takes it again: deadlock",
		Related: []report.Step{{Pos: g.at.Pos(), Message: "given to " + g.to + " here"}},
	})
	return true
}

// takesOf returns the op of a side's function, or of what it calls, that takes the lock. Where
// the host has given it back meanwhile, it is there to be taken. Another call of a function may
// do what this one switches off.
func (c *checker) takesOf(g guest, l locks.Hold, s far, seen map[*effects.Func]bool) *effects.Op {
	if seen[s.f] {
		return nil
	}
	seen[s.f] = true
	for _, op := range s.f.Ops {
		if op.Spawned != nil || op.Certainty < effects.Missed || lent(op) {
			continue
		}
		if s.call != nil && c.prog().Unmet(s.call, s.f.Node(), op.Node.Pos()) {
			delete(seen, s.f)
			continue
		}
		if c.givesBack(op) && !op.Deferred {
			return nil
		}
		call, _ := op.Node.(*ast.CallExpr)
		if d := c.hosts.Callee(op); d != nil && slices.ContainsFunc(d.Takes, func(t locks.Taken) bool {
			return l.Excludes(t.Lock) && !c.ofOpened(t, call) && g.owner.Meet(c.takenFrom(t, op.Callee(), call))
		}) {
			return op
		}
		for _, h := range c.res.Effects.Callees(s.f, op) {
			if found := c.takesOf(g, l, far{f: h, call: call}, seen); found != nil {
				return found
			}
		}
	}
	return nil
}

// givesBack reports whether an op gives back a lock that its function has not taken, by a
// method of another package.
func (c *checker) givesBack(op *effects.Op) bool {
	if op.Callee() == nil || op.Callee().Pkg() == c.pass.Pkg {
		return false
	}
	s := c.res.Effects.Summary(op.Callee())
	return s != nil && s.Lock.Verb() == effects.LockReleases
}

// keepsWaiting reports the surest wait of a guest for something outside the program. Where a
// library says that the guest must not wait, rule blockloop tells it.
func (c *checker) keepsWaiting(g guest, l locks.Hold) bool {
	if slices.ContainsFunc(c.contracts.Contexts, func(x *contracts.Context) bool { return x.Func == g.f && !x.Directive && !x.Loop.Own }) {
		return false
	}
	r := &placement.Region{Func: g.f, Key: l.Short(), Read: l.Read}
	var worst held
	var signals []string
	for _, op := range g.f.Ops {
		if op.Spawned != nil || op.Certainty < effects.Missed {
			continue
		}
		for i := range op.Effects {
			e := &op.Effects[i]
			if e.Kind != effects.Net && e.Kind != effects.Proc && e.Kind != effects.Sleep || e.Certainty < effects.Missed || e.Is(effects.Released) {
				continue
			}
			h := held{r, op, e}
			if s := c.away(h, g, l); worst.e == nil || confidence(s) > confidence(signals) {
				worst, signals = h, s
			}
		}
	}
	if worst.e == nil {
		return false
	}
	c.reporter.Report(report.Finding{
		Pos:     worst.op.Node.Pos(),
		End:     worst.op.Node.End(),
		Most:    evidence.Warning,
		Signals: signals,
		Kind:    worst.e.Name(),
		Cause:   l.Cause(),
		Message: l.Short() + " is held by " + l.By + ", which runs this, while " + report.Subject(worst.e) + " " + report.Verb(worst.e),
		Chain:   report.Chain(worst.op.Node.Pos(), worst.e.Chain),
		Related: []report.Step{{Pos: g.at.Pos(), Message: "given to " + g.to + " here"}},
	})
	return true
}

// away returns the signals of a wait under a lock that is out of sight: what the wait
// itself says, and what the host has told of the lock.
func (c *checker) away(h held, g guest, l locks.Hold) []string {
	hits := append(c.hits(ofWait, h), c.madeElsewhere(l)...)
	if !l.Wanted {
		hits = append(hits, "lockio.no-sufferer")
	}
	// A literal stands in whoever has set it up.
	if g.f.Decl != nil && quiet(g.f) || lexicon.Is(lexicon.Ends, l.By[strings.LastIndexByte(l.By, '.')+1:]) {
		hits = append(hits, "lockio.end-name")
	}
	return hits
}

func confidence(signals []string) float64 { return evidence.Judge("lockio", signals).Confidence }
