package lockio

import (
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
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
	ch, tasks := c.ownTasks(h)
	if len(tasks) == 0 {
		return true
	}
	files := false
	for _, f := range tasks {
		for _, op := range f.Ops {
			if c.outlasts(op, ch) {
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

// ownTasks returns the goroutines that h waits for, if the function starts all of them, and the
// channel or group by which it does.
func (c *checker) ownTasks(h held) (*types.Var, []*effects.Func) {
	group := effects.OnGroup(h.op.Callee()) == effects.WaitsForGroup
	waits := func(v *types.Var) []*effects.Func {
		if v == nil || v.IsField() || atPackage(v) {
			return nil
		}
		sides := c.senders(v)
		if group {
			sides = c.members(v)
		}
		var list []*effects.Func
		for _, s := range sides {
			if !c.startedBy(h.r.Func, s.f) {
				return nil
			}
			list = append(list, s.f)
		}
		return list
	}
	if group {
		v := c.prog().MustAlias(operand(h.op.Node))
		return v, waits(v)
	}
	for x := range receives(h.op.Node) {
		v := c.prog().MustAlias(x)
		if list := waits(v); len(list) > 0 {
			return v, list
		}
	}
	return nil, nil
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
