package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells sends and receives under a lock that wait for nobody: the function has
// tested the channel or emptied it, and the lock keeps away all who could undo that.

// A passage is what is known of whether an operation on a channel has to wait.
type passage uint8

const (
	unseen    passage = iota // nothing looks after it
	open                     // it never waits
	contested                // it is looked after, but somebody can come in between
)

// passage judges an op of f, which runs under r: f itself sends or receives, or what it calls
// does nothing else that may wait for a channel. That there was room, or something to take, is
// worth nothing where others who want the same take no lock, or one that lets several in, and
// where there is no buffer.
func (c *checker) passage(f *effects.Func, op *effects.Op, r *placement.Region, depth int) passage {
	u, ok := c.use(op.Node)
	if !ok {
		return c.passageIn(c.res.Effects.Func(op.Callee()), r, depth)
	}
	v := c.prog().MustAlias(u.Ch)
	if v == nil || r.Lock == nil || r.Local || !v.IsField() && !atPackage(v) && !c.prog().MadeIn(f.Outer().Node(), v) {
		return unseen // what others call it is not known
	}
	cuts := c.prog().Opens(&newFrame(f, nil, nil).Frame, op.Node, u)
	if f == r.Func {
		cuts = slices.DeleteFunc(cuts, func(n ast.Node) bool { return n.Pos() < r.From() })
	}
	if len(cuts) == 0 || v.IsField() && c.replaced(v) || c.comesUnseen(f, op, c.users(v, u.Send), cuts) {
		return unseen
	}
	if u.Size == 0 || r.Read {
		return contested
	}
	if !c.staysIn(v) {
		return unseen
	}
	if atPackage(v) && !atPackage(r.Lock) || v.Exported() && (v.IsField() || atPackage(v)) {
		return unseen // each of several locks keeps but some away, or other packages come
	}
	for _, s := range c.users(v, u.Send) {
		if !s.closes && !c.keptAway(s.f, s.limit, r, maxCalls) && !c.prog().MadeIn(s.f.Node(), v) {
			return contested
		}
	}
	return open
}

// A passing is a function that is called under a lock, so many calls deep.
type passing struct {
	f     *effects.Func
	r     *placement.Region
	depth int
}

// passageIn is that of a call of f: open if all in it that may wait for a channel is.
func (c *checker) passageIn(f *effects.Func, r *placement.Region, depth int) passage {
	if f == nil || depth == 0 {
		return unseen
	}
	key := passing{f, r, depth}
	way, asked := c.passages[key]
	if !asked {
		c.passages[key] = unseen // for recursion
		way = c.findPassageIn(f, r, depth)
		c.passages[key] = way
	}
	return way
}

func (c *checker) findPassageIn(f *effects.Func, r *placement.Region, depth int) passage {
	all := unseen
	for _, op := range f.Ops {
		if op.Spawned != nil || op.Effect(effects.Chan) == nil {
			continue
		}
		if c.passage(f, op, r, depth-1) != open {
			return unseen
		}
		all = open
	}
	return all
}

func atPackage(v *types.Var) bool { return v.Pkg() != nil && v.Parent() == v.Pkg().Scope() }

// users returns who sends to a channel, or who receives from it.
func (c *checker) users(v *types.Var, send bool) []far {
	if send {
		return c.senders(v)
	}
	return c.receivers(v)
}

// use returns what a node sends or receives.
func (c *checker) use(n ast.Node) (u program.ChannelUse, ok bool) {
	switch n := n.(type) {
	case *ast.SendStmt:
		u = program.ChannelUse{Ch: n.Chan, Send: true}
	case *ast.UnaryExpr:
		u = program.ChannelUse{Ch: n.X}
	default:
		return u, false
	}
	size, known := c.res.Effects.Capacity(u.Ch)
	if u.Size = size; !known {
		u.Size = -1
	}
	return u, true
}

// mostUses is how many uses of a channel, and calls that may use one, a function has at most
// that is followed from each to each. With more it is generated.
const mostUses = 32

// comesUnseen reports whether control can come to an op of f past none of the cuts: from the
// start of the function, from another use of the same end, itself included, or from a call
// that may use the channel or give the lock back meanwhile.
func (c *checker) comesUnseen(f *effects.Func, op *effects.Op, users []far, cuts []ast.Node) bool {
	flow := c.prog().Flow(f.Body())
	if flow.Enters(op.Node, cuts) {
		return true
	}
	var from []ast.Node
	for _, s := range users {
		if s.f == f && s.at != nil {
			from = append(from, s.at)
		}
	}
	for _, o := range f.Ops {
		if _, call := o.Node.(*ast.CallExpr); call && o != op && c.disturbs(o) && !slices.Contains(cuts, o.Node) {
			from = append(from, o.Node)
		}
	}
	return len(from) > mostUses || slices.ContainsFunc(from, func(n ast.Node) bool { return flow.Reaches(n, op.Node, cuts) })
}

// disturbs reports whether a call may wait for a channel, or give back a lock that it has
// not taken, so that others come in between.
func (c *checker) disturbs(op *effects.Op) bool {
	if op.Spawned != nil || op.Deferred {
		return false
	}
	if op.Effect(effects.Chan) != nil || lent(op) {
		return true
	}
	s := c.res.Effects.Summary(op.Callee())
	if s == nil {
		return false
	}
	switch s.Lock.Verb() {
	case effects.LockReleases, effects.LockLends, effects.LockParts:
		return true
	}
	return false
}

// staysIn reports whether a channel is used where it stands: it is sent to, received from,
// closed, made and measured, and given to nobody who could do so out of sight.
func (c *checker) staysIn(v *types.Var) bool {
	if c.stays == nil {
		c.stays = make(map[*types.Var]bool)
	}
	stays, asked := c.stays[v]
	if !asked {
		stays = !slices.ContainsFunc(c.pass.Files, func(f *ast.File) bool { return c.leaves(f, v) })
		c.stays[v] = stays
	}
	return stays
}

// leaves reports whether a file uses a channel as a value.
func (c *checker) leaves(f *ast.File, v *types.Var) bool {
	found := false
	is := func(e ast.Expr) bool { return e != nil && c.res.Effects.Variable(e) == v }
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			found = found || slices.ContainsFunc(n.Results, is)
		case *ast.CallExpr:
			found = found || slices.ContainsFunc(n.Args, is) && c.prog().Builtin(n) == "" && c.res.Effects.Func(c.prog().Callee(n)) == nil
		case *ast.CompositeLit:
			found = found || slices.ContainsFunc(n.Elts, is)
		case *ast.KeyValueExpr:
			found = found || is(n.Value) && !is(n.Key)
		case *ast.SendStmt:
			found = found || is(n.Value)
		}
		return !found
	})
	return found
}

// keptAway reports whether what stands in a function at pos runs with the lock of r held, so
// that one of two waits until the other is through: in a region of its own, or in a function
// that is only called there.
func (c *checker) keptAway(f *effects.Func, pos token.Pos, r *placement.Region, depth int) bool {
	if l := c.locks[r.Lock]; l != nil && slices.ContainsFunc(l.regions, func(q *placement.Region) bool {
		return q.Func == f && !q.Read && !q.Sometimes && slices.ContainsFunc(q.Held, func(h placement.Held) bool {
			return h.Op.Node.Pos() <= pos && pos < h.Op.Node.End() && h.Op.Spawned == nil
		})
	}) {
		return true
	}
	if depth == 0 {
		return false
	}
	if _, op, _ := c.res.Effects.Invocation(f); op != nil {
		return c.keptAway(f.Parent, op.Node.Pos(), r, depth-1)
	}
	if f.Obj == nil {
		return false
	}
	calls, all := c.callsOf(f.Obj)
	return all && len(calls) > 0 && !slices.ContainsFunc(calls, func(x effects.CallSite) bool {
		return x.Op.Spawned != nil || !c.keptAway(x.Func, x.Op.Node.Pos(), r, depth-1)
	})
}
