package profile

import (
	"time"

	"golang.org/x/exp/trace"
)

// A goroutine is what is kept of each one that is alive.
type goroutine struct {
	state  trace.GoState
	kind   Kind    // of the wait, while it is in one
	native bool    // began while recording
	stack  StackID // where it stopped running last, or its start
	task   taskID
	since  trace.Time // it is in state
	born   trace.Time // or the begin of the recording
	totals Totals
}

// inCall stands for the reason of a wait in a system call or in C code: the
// runtime gives none.
const inCall = "syscall"

// goroutines are those of a trace, with the time that each spends by state.
type goroutines struct {
	sites *sites
	src   *Source
	tasks tasks
	alive map[trace.GoID]*goroutine
	spare []*goroutine // ended, to be used again
	begin trace.Time   // of the generation
}

func (gs *goroutines) init(s *sites, src *Source) {
	gs.sites, gs.src = s, src
	gs.alive = map[trace.GoID]*goroutine{}
	gs.tasks.init(s)
}

// transition moves a goroutine into another state.
func (gs *goroutines) transition(ev *trace.Event, s *trace.StateTransition, now trace.Time) {
	id := s.Resource.Goroutine()
	from, to := s.Goroutine()
	at := gs.sites.find(s.Stack)
	g := gs.alive[id]
	switch {
	case from == trace.GoNotExist:
		g = gs.add(id, now)
		g.native = true
		g.task = gs.tasks.created(gs.sites.find(ev.Stack()), at, now)
	case g == nil:
		// Its state is news, but has lasted since the recording began.
		g = gs.add(id, gs.begin)
	case g.state == trace.GoUndetermined:
		g.since = gs.begin
	case g.state == to && (from == to || from == trace.GoUndetermined):
		// Each generation repeats the states; this may be the first with a stack.
		if g.stack == noStack {
			gs.enter(g, at, to, "")
		}
		return
	default:
		if g.state == trace.GoWaiting && g.kind == Lock && to == trace.GoRunnable {
			gs.released(ev, now-g.since)
		}
		gs.leave(g, at, now)
		if to == trace.GoNotExist {
			gs.end(g, id, now)
			return
		}
		g.since = now
	}
	gs.enter(g, at, to, s.Reason)
}

// released counts a wait for a lock where the goroutine that gave the lock back
// did so: its stack is that of the event.
func (gs *goroutines) released(ev *trace.Event, waited trace.Time) {
	if at := gs.sites.find(ev.Stack()); at != noStack {
		gs.sites.stacks.Weights(at).Held.Add(Wait{max(0, time.Duration(waited)), 1})
	}
}

func (gs *goroutines) add(id trace.GoID, since trace.Time) *goroutine {
	var g *goroutine
	if n := len(gs.spare); n > 0 {
		g, gs.spare = gs.spare[n-1], gs.spare[:n-1]
		*g = goroutine{}
	} else {
		g = new(goroutine)
	}
	g.task, g.born, g.since = noTask, since, since
	gs.alive[id] = g
	return g
}

// enter takes down where g is, if that is known, and what it waits for.
func (gs *goroutines) enter(g *goroutine, at StackID, state trace.GoState, reason string) {
	g.state = state
	if at != noStack {
		g.stack = at
		if g.task == noTask {
			g.task = gs.tasks.found(at, g.born)
		}
	}
	switch state {
	case trace.GoWaiting:
		g.kind = gs.sites.kind(g.stack, reason)
	case trace.GoSyscall:
		g.kind = gs.sites.kind(g.stack, inCall)
	}
}

// leave counts the time in the state that ends. A goroutine has run up to the
// place at which it stops now; in any other state it was at the place at which
// it stopped before. A wait that the recording saw only in part counts once.
func (gs *goroutines) leave(g *goroutine, at StackID, now trace.Time) {
	span := Wait{Time: max(0, time.Duration(now-g.since)), Count: 1}
	if g.state != trace.GoRunning {
		at = g.stack
	} else if at == noStack { // it ends
		at = gs.tasks.start(g.task)
	}
	w := gs.sites.stacks.Weights(at)
	switch g.state {
	case trace.GoRunning:
		gs.src.Running += span.Time
		w.Running += span.Time
		g.totals.Running += span.Time
	case trace.GoRunnable:
		w.Runnable.Add(span)
		g.totals.Runnable += span.Time
	case trace.GoWaiting, trace.GoSyscall:
		w.Waits[g.kind].Add(span)
		if !gs.sites.info[at].out {
			g.totals.Waits[g.kind].Add(span)
		}
	}
}

// sample counts a CPU sample of a goroutine. In a system call it takes its time
// off the wait: that may fall below zero for a while, or for good at one of many
// paths that make short calls, so sites.settle and tasks.list have the last word.
func (gs *goroutines) sample(id trace.GoID) {
	g := gs.alive[id]
	if g == nil {
		return // the scheduler's own
	}
	g.totals.CPU += samplePeriod
	switch g.state {
	case trace.GoRunning:
		gs.src.Sampled += samplePeriod
		g.totals.Sampled += samplePeriod
	case trace.GoSyscall:
		gs.sites.stacks.Weights(g.stack).Waits[g.kind].Time -= samplePeriod
		g.totals.Waits[g.kind].Time -= samplePeriod
	}
}

func (gs *goroutines) end(g *goroutine, id trace.GoID, now trace.Time) {
	gs.tasks.ended(g, now)
	delete(gs.alive, id)
	gs.spare = append(gs.spare, g)
}

// lose is for a stretch of the recording that cannot be read: what was under way
// counts up to there, and goes on with the state that the next generation tells.
// Goroutines that it does not know ended in between.
func (gs *goroutines) lose(now trace.Time) {
	for _, g := range gs.alive {
		gs.leave(g, noStack, now)
		g.state = trace.GoUndetermined
	}
}

// finish counts what was under way when the recording stopped.
func (gs *goroutines) finish(now trace.Time) {
	for _, g := range gs.alive {
		gs.leave(g, noStack, now)
		gs.tasks.outlived(g, now)
	}
}
