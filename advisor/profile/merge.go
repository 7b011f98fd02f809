package profile

import (
	"path"
	"slices"
)

// A merger adds up sources as they are read. Each stack is interned once, however
// many recordings of a format there are.
type merger struct {
	ev   *Evidence
	sets map[Format]*StackSet // of the sources that were merged
}

// add appends src, or adds it to the source of the same format. Traces stay
// apart: how their tasks fared with more or fewer in flight tells what the far
// end bears. So do other builds: they may be other programs.
func (m *merger) add(src *Source) {
	i := slices.IndexFunc(m.ev.Sources, func(s *Source) bool { return s.Format == src.Format && s.sameBuild(src) })
	if i < 0 || src.Format == Trace {
		m.ev.Sources = append(m.ev.Sources, src)
		return
	}
	to := m.ev.Sources[i]
	set := m.sets[src.Format]
	if set == nil {
		set = NewStackSet(len(to.Stacks) + len(src.Stacks))
		set.add(to.Stacks)
		m.sets[src.Format] = set
	}
	set.add(src.Stacks)
	to.merge(src)
	to.Stacks = set.Stacks()
}

// add adds the weights of stacks.
func (s *StackSet) add(stacks []Stack) {
	for i := range stacks {
		s.Weights(s.InternOn(stacks[i].Frames, stacks[i].Ran)).Add(&stacks[i].Weights)
	}
}

// sameBuild reports whether nothing says that two recordings are of different builds.
func (s *Source) sameBuild(o *Source) bool {
	return (s.BuildID == "" || o.BuildID == "" || s.BuildID == o.BuildID) &&
		(s.Main == "" || o.Main == "" || path.Base(s.Main) == path.Base(o.Main))
}

// merge adds all of src but its stacks to s. What differs between the two, such as the executable, is
// that of the first.
func (s *Source) merge(src *Source) {
	s.Names = append(s.Names, src.Names...)
	if s.Recorded.IsZero() || !src.Recorded.IsZero() && src.Recorded.Before(s.Recorded) {
		s.Recorded = src.Recorded
	}
	s.Go = first(s.Go, src.Go)
	s.Main = first(s.Main, src.Main)
	s.BuildID = first(s.BuildID, src.BuildID)
	s.Test = s.Test || src.Test
	s.Cores = max(s.Cores, src.Cores)
	s.Duration += src.Duration
	s.Samples += src.Samples
	s.CPU += src.CPU
	s.Running += src.Running
	s.Sampled += src.Sampled
	s.Rusage += src.Rusage
	s.GC += src.GC
	for _, n := range src.Notes {
		s.note(n)
	}
}

// note adds a note once.
func (s *Source) note(n string) {
	if !slices.Contains(s.Notes, n) {
		s.Notes = append(s.Notes, n)
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Add adds o to w.
func (w *Weights) Add(o *Weights) {
	w.CPU += o.CPU
	w.Samples += o.Samples
	for k := range w.Waits {
		w.Waits[k].Add(o.Waits[k])
	}
	w.Runnable.Add(o.Runnable)
	w.Running += o.Running
	w.Goroutines += o.Goroutines
	w.Held.Add(o.Held)
	w.Bytes += o.Bytes
	w.Objects += o.Objects
	w.InUse += o.InUse
}

// Add adds o to w.
func (w *Wait) Add(o Wait) {
	w.Time += o.Time
	w.Count += o.Count
}

// Add adds o to t.
func (t *Totals) Add(o *Totals) {
	t.Goroutines += o.Goroutines
	t.Lifetime += o.Lifetime
	t.CPU += o.CPU
	t.Running += o.Running
	t.Sampled += o.Sampled
	t.Runnable += o.Runnable
	for k := range t.Waits {
		t.Waits[k].Add(o.Waits[k])
	}
}
