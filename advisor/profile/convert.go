package profile

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// A converter adds the samples of a profile to a source.
type converter struct {
	*Builder
	cols   columns
	src    *Source
	frames map[uint64][]FrameID // by location, innermost first
	types  int                  // values of a sample
	lost   int64
	locks  time.Duration // that others waited for the runtime's own locks
	lines  bool          // some frame had a start line
	labels executorLabels
}

func newConverter(b *Builder, cols columns, src *Source, p *profile.Profile) *converter {
	c := &converter{Builder: b, cols: cols, src: src, frames: make(map[uint64][]FrameID, len(p.Location)), types: len(p.SampleType)}
	for _, l := range p.Location {
		c.frames[l.ID] = c.locate(l)
	}
	return c
}

// path is the frames of a sample, leaf first, in the place of old.
func (c *converter) path(s *sample, old []FrameID) ([]FrameID, error) {
	stack := old[:0]
	for _, l := range s.locations {
		frames, ok := c.frames[l]
		if !ok || len(s.values) != c.types {
			return nil, errors.New("a damaged profile (a sample of places or values that are not there): record it again")
		}
		stack = append(stack, frames...)
	}
	return stack, nil
}

// releases says whether most of the stacks end where a lock is released. Block
// and mutex profiles have the same sample types: only the leaves differ.
func (c *converter) releases(data []byte) bool {
	var releasing, all int
	_ = eachSample(data, func(s *sample) error { // damage is found by convert
		if len(s.locations) == 0 || len(c.frames[s.locations[0]]) == 0 {
			return nil
		}
		all++
		name := ParseName(c.At(c.frames[s.locations[0]][0]).Func)
		if strings.Contains(strings.ToLower(name.Func), "unlock") || name.Func == "_LostContendedRuntimeLock" {
			releasing++
		}
		return nil
	})
	return 2*releasing > all
}

func (c *converter) convert(data []byte, samples int) error {
	c.labels = readExecutorLabels(data)
	set := NewStackSet(min(samples, 1<<20)) // a hostile file has many empty ones
	var stack []FrameID
	err := eachSample(data, func(s *sample) (err error) {
		if stack, err = c.path(s, stack); err == nil {
			c.sample(set, stack, s)
		}
		return err
	})
	if err != nil {
		return err
	}
	c.src.Stacks = set.Stacks()
	if c.lost > 0 {
		c.src.note(fmt.Sprintf("%d samples were lost while recording", c.lost))
	}
	if c.locks > 0 {
		c.src.note(fmt.Sprintf("%v of waiting for the runtime's own locks is left out", c.locks))
	}
	if !c.lines && len(c.src.Stacks) > 0 {
		c.src.note("no start lines (recorded before Go 1.20, or not by Go itself), so functions are known by name alone")
	}
	if c.cols.format == BlockProfile && c.src.Samples == 0 {
		c.src.note("it is empty: a program records these waits once it has called runtime.SetBlockProfileRate, or runtime.SetMutexProfileFraction")
	}
	if c.cols.format == WallProfile {
		c.src.note("a wall-clock profile: reading from the page cache and computing in C look like waiting")
	}
	return nil
}

// sample adds one sample, leaf first.
func (c *converter) sample(set *StackSet, stack []FrameID, from *sample) {
	s, values := c.look(stack), from.values
	if s.lost {
		c.lost += c.cols.observations(values)
		return
	}
	if s.state == observer {
		return
	}
	c.src.Test = c.src.Test || s.test
	c.src.Samples += c.cols.observations(values)
	var w Weights
	c.cols.weigh(&w, values, s.kind, s.state)
	c.src.CPU += w.CPU
	c.src.Running += w.Running
	if s.gc {
		c.src.GC += w.CPU
	}
	if c.cols.format == MutexProfile && len(stack) > 0 && c.role(stack[0]).runtime {
		// Since Go 1.22 locks of the allocator and the scheduler are in the
		// profile. No line of the program holds them.
		c.locks += w.Held.Time
		return
	}
	if s.own {
		set.Weights(set.InternOn(stack, c.labels.of(from))).Add(&w)
	}
}

// seen is what a stack says about its sample.
type seen struct {
	lost, gc, test bool
	own            bool // not the runtime's alone
	state          state
	kind           Kind
}

func (c *converter) look(stack []FrameID) seen {
	var s seen
	for i, id := range stack {
		r := c.role(id)
		s.lost = s.lost || r.lost
		s.gc = s.gc || r.collector
		s.test = s.test || r.test
		s.own = s.own || !r.runtime
		if i == 0 {
			s.state = stateOf(c.At(id).Func)
		}
	}
	switch c.cols.format {
	case WallProfile, Goroutines, LeakProfile:
		if s.state != running {
			s.kind = c.kindOf(stack, "")
		}
	case BlockProfile:
		s.kind = c.kindOf(stack, "")
	default:
		s.state = running
	}
	return s
}

// locate is the frames of one address, innermost first: the lines of a location
// but the last were inlined into the one behind them.
func (c *converter) locate(l *profile.Location) []FrameID {
	var ids []FrameID
	for i, line := range l.Line {
		f := line.Function
		if f == nil {
			continue
		}
		c.lines = c.lines || f.StartLine > 0
		ids = append(ids, c.Frame(Frame{
			Func: f.Name, File: f.Filename, Line: int(line.Line), StartLine: int(f.StartLine), Inlined: i < len(l.Line)-1,
		}))
	}
	if len(ids) == 0 { // an address without symbol, such as the kernel's
		name := "unknown"
		if l.Mapping != nil && l.Mapping.File != "" {
			name = path.Base(l.Mapping.File)
		}
		ids = []FrameID{c.Frame(Frame{Func: name})}
	}
	return ids
}
