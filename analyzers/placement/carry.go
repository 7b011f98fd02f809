package placement

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds locks that a function leaves to a goroutine that it starts, which gives them
// back as it ends.
//
//	r.mu.RLock()
//	out := make(chan host)
//	go func() {
//		defer close(out)
//		defer r.mu.RUnlock()
//		for _, h := range r.hosts { out <- h }
//	}()
//	return out

// carries hands the locks that a goroutine gives back over to it: they are held from its start.
// One that the function gives back as well, be it later, stays its own.
func (l *locker) carries(op *effects.Op, st state) {
	for _, g := range l.p.fx.TaskFuncs(l.f, op, effects.GoCall) {
		if g.Lit == nil {
			continue
		}
		for key, r := range st {
			end := l.p.givesUp(g, r)
			if end == nil || r.released || l.givesLater(op, r) {
				continue
			}
			carried := &Region{
				Func: g, Acquire: r.Acquire, Lock: r.Lock, Among: r.Among, Owner: r.Owner, Key: r.Key, Read: r.Read, Local: r.Local,
				Until: end.Node.End(),
			}
			if end.Deferred {
				carried.Until = g.Body().End()
			}
			for _, o := range g.Ops {
				if o.Spawned == nil && o != end && (end.Deferred || o.Node.Pos() < end.Node.Pos()) && (!o.Deferred || o.Node.Pos() > end.Node.Pos()) {
					carried.Held = append(carried.Held, Held{o})
				}
			}
			r.Until = max(r.Until, op.Node.End())
			delete(st, key)
			l.p.res.Regions = append(l.p.res.Regions, carried)
		}
	}
}

// givesLater reports whether the function itself gives a lock back behind an op.
func (l *locker) givesLater(op *effects.Op, r *Region) bool {
	return slices.ContainsFunc(l.f.Ops, func(o *effects.Op) bool {
		verb, recv := l.p.lockVerb(o)
		return o.Node.Pos() > op.Node.Pos() && recv != nil && strings.HasSuffix(verb, "unlock") && r.Of(types.ExprString(recv))
	})
}

// givesUp returns the op by which a literal gives back a lock that the function around it has
// taken: the first of its own that does, if it takes the lock nowhere.
func (p *placer) givesUp(lit *effects.Func, r *Region) *effects.Op {
	var first *effects.Op
	for _, op := range lit.Ops {
		verb, recv := p.lockVerb(op)
		if recv == nil || op.Spawned != nil || !r.Of(types.ExprString(ast.Unparen(recv))) || lit.HasParam(p.prog.Root(recv)) {
			continue
		}
		if !strings.HasSuffix(verb, "unlock") {
			return nil
		}
		if first == nil {
			first = op
		}
	}
	return first
}
