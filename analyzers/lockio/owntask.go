package lockio

import (
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file judges waits for goroutines that the function itself starts for what it waits for:
// they take as long as what those do.
//
//	done := make(chan sum, 1)
//	go func() { done <- add(rows) }()
//	select {
//	case s := <-done:
//	case <-ctx.Done():
//	}

// ofTasks adds to v that tasks of the function's own that it waits for use the disk, and reports
// whether the wait is for more than what they compute.
func (c *checker) ofTasks(v *verdict, h held) bool {
	if v.at != nil {
		return true // they want the lock
	}
	tasks := c.ownTasks(h)
	if len(tasks) == 0 {
		return true
	}
	files := false
	for _, t := range tasks {
		for _, op := range t.f.Ops {
			if c.outlasts(op, t.by) || op.Spawned == nil && c.queues(t.f, op, make(map[*effects.Func]bool)) {
				return true
			}
			e := op.Effect(effects.File)
			files = files || e != nil && op.Spawned == nil && e.Weight == effects.Costly && e.Certainty >= effects.Missed
		}
	}
	if files {
		v.signals = append(v.signals, "lockio.disk")
	}
	return files
}

// An ownTask is a goroutine, and the channel or group by which it tells that it is done.
type ownTask struct {
	f  *effects.Func
	by *types.Var
}

// ownTasks returns the goroutines that h waits for, if the function starts all that tell by one
// channel or group. One case of a select ends the wait, and those of the others are waited for
// only by the next turn.
func (c *checker) ownTasks(h held) (list []ownTask) {
	group := effects.OnGroup(h.op.Callee()) == effects.WaitsForGroup
	waits := func(v *types.Var) (list []ownTask) {
		if v == nil || v.IsField() || atPackage(v) {
			return nil
		}
		sides := c.senders(v)
		if group {
			sides = c.members(v)
		}
		for _, s := range sides {
			if !c.startedBy(h.r.Func, s.f) {
				return nil
			}
			list = append(list, ownTask{s.f, v})
		}
		return list
	}
	if group {
		return waits(c.prog().MustAlias(operand(h.op.Node)))
	}
	for x := range receives(h.op.Node) {
		if list = append(list, waits(c.prog().MustAlias(x))...); len(list) > 0 && h.op.Loop == nil {
			break
		}
	}
	return list
}

// startedBy reports whether a function hands g to an executor.
func (c *checker) startedBy(f, g *effects.Func) bool {
	for _, s := range c.res.Sites {
		if s.Func == f && slices.Contains(c.res.Effects.TaskFuncs(s.Func, s.Op, s.Arg), g) {
			return true
		}
	}
	return false
}

// outlasts reports whether an op of a task may wait for more than the disk, other than to tell
// that it is done by way of v. Channels that a library uses by itself are for its own workers.
func (c *checker) outlasts(op *effects.Op, v *types.Var) bool {
	if op.Spawned != nil {
		return false
	}
	own := c.res.Effects.Func(op.Callee()) != nil || op.Callee() == nil
	return slices.ContainsFunc(op.Effects, func(e effects.Effect) bool {
		switch {
		case e.Certainty < effects.Missed:
			return false
		case e.Kind == effects.Chan:
			return own && !c.uses(op, v, true)
		case e.Kind == effects.Dynamic:
			return true
		}
		return e.Kind.Blocks() && e.Kind != effects.File
	})
}

// queues reports whether an op of a task takes a lock, itself or in the functions of the package
// that are not seen yet, under which somebody waits for a far end.
func (c *checker) queues(f *effects.Func, op *effects.Op, seen map[*effects.Func]bool) bool {
	if t := c.acquired[op]; t != nil && c.locks[t.Lock] != nil {
		return slices.ContainsFunc(c.locks[t.Lock].regions, func(o *placement.Region) bool {
			return !(o.Read && t.Read) && waitsFor(o, effects.Net, effects.Proc, effects.Sleep)
		})
	}
	return slices.ContainsFunc(c.res.Effects.Callees(f, op), func(g *effects.Func) bool {
		if seen[g] {
			return false
		}
		seen[g] = true
		return slices.ContainsFunc(g.Ops, func(op *effects.Op) bool { return op.Spawned == nil && c.queues(g, op, seen) })
	})
}

// runsRegistered adds to v that the goroutines which h waits for, and which the function has
// started, run code that others have left under the lock: it takes its time, whatever its type
// says, and one that leaves more, or takes itself out, waits for the lock.
//
//	s.mu.RLock()
//	for _, h := range s.handlers {
//		wg.Go(func() { h.Handle(event) })
//	}
//	wg.Wait()
func (c *checker) runsRegistered(v *verdict, h held) {
	if v.at != nil || !c.wanted(h.r) {
		return
	}
	for _, t := range c.ownTasks(h) {
		for _, op := range t.f.Ops {
			if op.Certainty < effects.Missed || op.Spawned != nil {
				continue
			}
			s := c.foreign(t.f, op)
			if s == nil {
				s = c.below(t.f, op, mostBelow)
			}
			if s == nil || !c.registers(h.r, op, s) {
				continue
			}
			v.signals = append(v.signals, "lockio.registers")
			v.why = "and " + s.what + ", which they run, may want the lock"
			v.reader = append(v.reader, report.Step{Pos: op.Node.Pos(), Message: s.what + " runs here"})
			return
		}
	}
}
