package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds who suffers from a lock that is held too long.

// A lock is what all regions of one mutex say together.
type lock struct {
	regions []*placement.Region
	short   []*placement.Region            // those of calls that are served all the time and wait for nothing, or need not
	users   map[*effects.Func]work         // functions that take it, with what they do under it
	waiting int                            // how many of the users wait for a far end
	reading int                            // how many use files
	slow    []*slow                        // see waitsUnder
	asked   bool                           // whether that is worked out
	closers map[*types.Var][]*effects.Func // by channel, see closersUnder
}

// work is what a function waits for under a lock.
type work struct{ far, files bool }

// serializes reports whether most who take the lock wait for a far end under it, or
// for files if that is what the wait is for: it is there to let one operation at a
// time through.
func (l *lock) serializes(k effects.Kind) bool {
	n := l.waiting
	if k == effects.File {
		n = l.reading
	}
	return n >= 2 && 2*n > len(l.users)
}

// survey finds for each lock the regions that do not wait: without one, the lock
// exists to serialize the waiting itself. What makes or ends the thing
// does not count: it has to keep away from the waiting, whatever the lock is for,
// and happens once.
func (c *checker) survey() {
	for _, r := range c.res.Regions {
		c.acquired[r.Acquire] = r
		for _, o := range r.Outer {
			c.under[o] = append(c.under[o], r)
		}
		if r.Lock == nil || !c.reporter.Wanted(r.Acquire.Node.Pos()) {
			continue
		}
		l := c.locks[r.Lock]
		if l == nil {
			l = &lock{users: make(map[*effects.Func]work), closers: make(map[*types.Var][]*effects.Func)}
			c.locks[r.Lock] = l
		}
		if r.Lends {
			continue // its callers are the users
		}
		l.regions = append(l.regions, r)
		spares := c.spares(r)
		if f := r.Func.Outer(); !quiet(f) && !c.fresh(r) {
			w := l.users[f]
			w.far = w.far || !spares && waitsFor(r, effects.Net, effects.Proc, effects.Sleep)
			w.files = w.files || !spares && waitsFor(r, effects.File)
			l.users[f] = w
		}
		seldom := r.Acquire.Certainty < effects.Missed // where something has failed
		if !r.Kept && !seldom && r.Lent == nil && (!waits(r) || spares) && !quiet(r.Func) && !lexicon.Is(lexicon.Sets, declared(r.Func)) && !c.closes(r.Func) && !fluent(r.Func) && !c.comesOnce(r) {
			l.short = append(l.short, r)
		}
	}
	for _, l := range c.locks {
		slices.SortStableFunc(l.short, shorter)
		for _, w := range l.users {
			if w.far {
				l.waiting++
			}
			if w.files {
				l.reading++
			}
		}
	}
}

// shorter puts what never waits before what need not.
func shorter(a, b *placement.Region) int {
	switch x, y := waits(a), waits(b); {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// waits reports whether the region may wait for anything.
func waits(r *placement.Region) bool {
	for _, h := range r.Held {
		for i := range h.Op.Effects {
			if e := &h.Op.Effects[i]; e.Kind.Blocks() && e.Kind != effects.File && !e.Is(effects.Released) {
				return true
			}
		}
	}
	return false
}

// spares reports whether calls that do what they are there for may leave the region
// without a wait: all its waits are behind a condition, as of a buffer that is written
// when it is full. What is made once, all of them need, and a loop is taken to turn. A
// function that cannot fail does what it is there for on each of its ways.
func (c *checker) spares(r *placement.Region) bool {
	var all []ast.Node
	unclear := r.Acquire.Certainty != effects.Always
	for _, h := range r.Held {
		for i := range h.Op.Effects {
			e := &h.Op.Effects[i]
			if !e.Kind.Blocks() || e.Certainty < effects.Missed || e.Is(effects.Released) {
				continue
			}
			if h.Op.Loop != r.Acquire.Loop || h.Op.Certainty < effects.Usually {
				return false
			}
			all = append(all, h.Op.Node)
			unclear = unclear || h.Op.Certainty != effects.Usually
		}
	}
	switch {
	case len(all) == 0:
		return false
	case unclear:
		return !c.mayFail(r.Func) && c.prog().Flow(r.Func.Body()).Leaves(r.Acquire.Node, all)
	}
	return true
}

// takenToWait reports whether the lock itself is taken on an error path, and whoever takes it
// there comes to the wait, as who connects anew.
func (c *checker) takenToWait(h held) bool {
	return h.r.Acquire.Certainty < effects.Missed && !c.prog().Flow(h.r.Func.Body()).Leaves(h.r.Acquire.Node, []ast.Node{h.op.Node})
}

// mayFail reports whether the function returns an error.
func (c *checker) mayFail(f *effects.Func) bool {
	results := f.Type().Results
	return results != nil && slices.ContainsFunc(results.List, func(r *ast.Field) bool { return fails(c.pass.TypesInfo.TypeOf(r.Type)) })
}

// waitsFor reports whether the region waits for something of the kinds on other
// than error paths.
func waitsFor(r *placement.Region, kinds ...effects.Kind) bool {
	for _, h := range r.Held {
		for _, k := range kinds {
			if e := h.Op.Effect(k); e != nil && e.Certainty >= effects.Missed && e.Flags&(effects.Released|effects.Hint) == 0 {
				return true
			}
		}
	}
	return false
}

// fluent reports whether f returns its receiver, as the methods of a builder do:
// what is being built has one user.
func fluent(f *effects.Func) bool {
	if f.Decl == nil || f.Decl.Recv == nil || len(f.Decl.Recv.List[0].Names) == 0 || len(f.Decl.Body.List) == 0 {
		return false
	}
	r, ok := f.Decl.Body.List[len(f.Decl.Body.List)-1].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	id, ok := ast.Unparen(r.Results[0]).(*ast.Ident)
	return ok && id.Name == f.Decl.Recv.List[0].Names[0].Name
}

// closes reports whether f closes a channel of its object, so that it can run
// but once.
func (c *checker) closes(f *effects.Func) bool {
	return c.closing(f, func(*ast.SelectorExpr) bool { return true })
}

// closesOwn reports the same of the object whose method f is.
func (c *checker) closesOwn(f *effects.Func) bool {
	obj := f.Outer().Obj
	if obj == nil || obj.Signature().Recv() == nil {
		return false
	}
	return c.closing(f, func(s *ast.SelectorExpr) bool {
		id, ok := ast.Unparen(s.X).(*ast.Ident)
		return ok && c.pass.TypesInfo.Uses[id] == obj.Signature().Recv()
	})
}

func (c *checker) closing(f *effects.Func, of func(*ast.SelectorExpr) bool) bool {
	found := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok && c.isClose(call) {
			s, field := ast.Unparen(call.Args[0]).(*ast.SelectorExpr)
			found = found || field && of(s)
		}
		return !found
	})
	return found
}

// sufferer returns short work that waits while the lock is held, or nil. Readers do
// not wait for each other, nor does who does the slow work itself. Who uses files
// expects to wait for files.
func (c *checker) sufferer(h held) *placement.Region {
	r := h.r
	l := c.locks[r.Lock]
	if l == nil {
		return nil
	}
	for _, s := range l.short {
		if r.Read && s.Read || h.e.Kind == effects.File && waitsFor(s, effects.File) || c.refuses(s, h) {
			continue
		}
		if s.Func.Outer() != r.Func.Outer() && !c.res.Effects.Pays(s.Func, r.Func) || served(s, r) {
			return s
		}
	}
	return nil
}

// comesOnce reports whether a region is entered once for each owner of the lock: as the
// program starts, or as the owner sets off a goroutine of its own.
func (c *checker) comesOnce(r *placement.Region) bool {
	return r.Acquire.Loop == nil && (c.res.Effects.RunsOnce(r.Func) || c.ofReceiver(r) && c.res.Effects.SetsOff(r.Func.Outer()))
}

// served reports whether some calls of the function of r need no more than what s
// looks up before: those that find it. To leave with an error is no service, and
// makes nothing less certain.
func served(s, r *placement.Region) bool {
	return s.Func == r.Func && s.From() < r.From() && r.Acquire.Certainty < s.Acquire.Certainty
}

// cached reports whether other calls of the function find under the lock what they want
// in a map, and wait for the one that has to make its own:
//
//	if s, ok := sessions[token]; ok { return s, nil }
//	sessions[token] = login(token)
func (c *checker) cached(h held) bool {
	return h.op.Certainty >= effects.Missed && h.op.Certainty < effects.Always && h.r.Acquire.Certainty == effects.Always && c.keyed(h.r, h.op) && c.looksUp(h)
}

// looksUp reports whether the function looks under the lock, and before the wait, into a
// collection into which it puts something behind it.
func (c *checker) looksUp(h held) bool {
	k := c.prog().Keyed(h.r.Func.Body())
	return slices.ContainsFunc(k.Looks, func(look program.KeyUse) bool {
		return h.r.From() < look.Pos && look.End <= h.op.Node.Pos() && slices.ContainsFunc(k.Puts, func(put program.KeyUse) bool {
			return put.In == look.In && h.op.Node.Pos() <= put.End
		})
	})
}
