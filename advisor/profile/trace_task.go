package profile

import (
	"time"

	"golang.org/x/exp/trace"
)

// A taskID is an index into tasks.list.
type taskID int32

// noTask is the task of a goroutine whose start is not known.
const noTask taskID = -1

// A taskKey tells go statements apart: by their path, so that one function that
// starts goroutines for many callers does not mix them, and by what they start.
type taskKey struct {
	creator StackID
	start   FrameID
}

// tasks are the go statements of a trace.
type tasks struct {
	sites *sites
	ids   map[taskKey]taskID
	all   []Task
	keys  []taskKey
	live  []int64      // by taskID: goroutines now
	since []trace.Time // by taskID: from when on there were some
	path  []StackID    // by taskID: that of the start function alone
}

func (ts *tasks) init(s *sites) {
	ts.sites = s
	ts.ids = map[taskKey]taskID{}
}

// created is the task of a goroutine that begins. Its stack is the entry of its
// function, with what was inlined there.
func (ts *tasks) created(creator, stack StackID, now trace.Time) taskID {
	path := ts.sites.stacks.Path(stack)
	if len(path) == 0 {
		return noTask
	}
	id := ts.id(taskKey{creator, path[len(path)-1]})
	ts.all[id].Started++
	ts.enter(id, now)
	return id
}

// found is the task of a goroutine that was there before the recording. Its
// stack tells the function it began with, and not who started it.
func (ts *tasks) found(stack StackID, born trace.Time) taskID {
	path := ts.sites.stacks.Path(stack)
	root := ts.sites.b.At(path[len(path)-1])
	root.Line = 0 // where it is now is not where it began
	id := ts.id(taskKey{noStack, ts.sites.b.Frame(root)})
	ts.enter(id, born)
	return id
}

func (ts *tasks) id(k taskKey) taskID {
	if id, ok := ts.ids[k]; ok {
		return id
	}
	id := taskID(len(ts.all))
	ts.ids[k] = id
	ts.keys = append(ts.keys, k)
	ts.all = append(ts.all, Task{Start: k.start})
	ts.live = append(ts.live, 0)
	ts.since = append(ts.since, 0)
	ts.path = append(ts.path, ts.sites.intern([]FrameID{k.start}))
	return id
}

func (ts *tasks) enter(id taskID, now trace.Time) {
	if ts.live[id] == 0 {
		ts.since[id] = now
	}
	ts.live[id]++
	ts.all[id].Peak = max(ts.all[id].Peak, ts.live[id])
}

// start is the path of a task's function alone.
func (ts *tasks) start(id taskID) StackID {
	if id == noTask {
		return noStack
	}
	return ts.path[id]
}

// ended adds up a goroutine that ends.
func (ts *tasks) ended(g *goroutine, now trace.Time) {
	if g.task == noTask {
		return
	}
	t := ts.add(g, now)
	t.Ended++
	if ts.live[g.task]--; ts.live[g.task] == 0 {
		ts.pause(g.task, now)
	}
	if g.native {
		t.Whole.Add(&g.totals)
	}
}

// pause adds up the time during which there were goroutines of the task.
func (ts *tasks) pause(id taskID, now trace.Time) {
	ts.all[id].Active += max(0, time.Duration(now-ts.since[id]))
	ts.since[id] = now
}

// outlived adds up a goroutine that lives on when the recording stops.
func (ts *tasks) outlived(g *goroutine, now trace.Time) {
	if g.task == noTask {
		return
	}
	t := ts.add(g, now)
	ts.pause(g.task, now)
	if !g.native && g.state != trace.GoUndetermined {
		t.Live++
	}
}

func (ts *tasks) add(g *goroutine, now trace.Time) *Task {
	g.totals.Goroutines = 1
	g.totals.Lifetime = max(0, time.Duration(now-g.born))
	t := &ts.all[g.task]
	t.All.Add(&g.totals)
	return t
}

// list is all tasks but the runtime's and the recording's own.
func (ts *tasks) list() []Task {
	kept := make([]Task, 0, len(ts.all))
	for id := range ts.all {
		t := ts.all[id]
		if ts.sites.info[ts.path[id]].out && !ts.isMain(t.Start) {
			continue
		}
		t.Creator = ts.sites.stacks.Path(ts.keys[id].creator)
		t.Whole.settle()
		t.All.settle()
		kept = append(kept, t)
	}
	return kept
}

// isMain says whether a function is that of the main goroutine.
func (ts *tasks) isMain(f FrameID) bool { return ts.sites.b.At(f).Func == "runtime.main" }

// settle ends the account of waits in system calls, which a sample more than
// there was time for leaves below zero.
func (t *Totals) settle() {
	for k := range t.Waits {
		t.Waits[k].Time = max(0, t.Waits[k].Time)
	}
}
