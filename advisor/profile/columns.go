package profile

import (
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// columns are where a profile has its values, -1 for what it has not.
type columns struct {
	format Format
	value  int           // time, or the number where there is no time
	unit   time.Duration // of value
	count  int           // observations behind value
	// of heap profiles
	bytes, objects, inUse int
}

// valueTypes tell the format of a profile by a sample type. The first that
// fits counts, so that types with a time precede those with a number only.
var valueTypes = []struct {
	name   string
	format Format
	count  string // the type that counts observations
}{
	{"cpu", CPUProfile, "samples"},
	{"delay", BlockProfile, "contentions"}, // or mutex: see columnsOf's caller
	{"time", WallProfile, "samples"},       // fgprof
	{"wall", WallProfile, "samples"},
	{"wall-time", WallProfile, "samples"},
	{"alloc_space", HeapProfile, ""},
	{"inuse_space", HeapProfile, ""},
	{"goroutineleak", LeakProfile, ""},
	{"goroutines_leaked", LeakProfile, ""},
	{"goroutine", Goroutines, ""},
	{"goroutines", Goroutines, ""},
	{"threadcreate", ThreadProfile, ""},
}

// columnsOf finds the columns of p.
func columnsOf(p *profile.Profile) (columns, bool) {
	for _, v := range valueTypes {
		i := column(p, v.name)
		if i < 0 {
			continue
		}
		c := columns{format: v.format, value: i, count: column(p, v.count), bytes: -1, objects: -1, inUse: -1}
		c.unit = units[p.SampleType[i].Unit]
		if v.format == HeapProfile {
			c.bytes, c.objects, c.inUse = column(p, "alloc_space"), column(p, "alloc_objects"), column(p, "inuse_space")
		}
		if c.unit == 0 && v.count != "" {
			continue // a time without a unit of time
		}
		return c, true
	}
	// Samplers outside of the process write the number of samples alone.
	if i := column(p, "samples"); i >= 0 && p.PeriodType != nil && strings.HasPrefix(p.PeriodType.Type, "cpu") {
		if unit := units[p.PeriodType.Unit]; unit > 0 && p.Period > 0 {
			return columns{CPUProfile, i, time.Duration(p.Period) * unit, i, -1, -1, -1}, true
		}
	}
	return columns{}, false
}

func column(p *profile.Profile, name string) int {
	if name == "" {
		return -1
	}
	for i, t := range p.SampleType {
		if t.Type == name {
			return i
		}
	}
	return -1
}

var units = map[string]time.Duration{
	"nanoseconds": 1, "ns": 1, "nanosecond": 1,
	"microseconds": time.Microsecond, "us": time.Microsecond, "microsecond": time.Microsecond,
	"milliseconds": time.Millisecond, "ms": time.Millisecond, "millisecond": time.Millisecond,
	"seconds": time.Second, "s": time.Second, "second": time.Second,
}

// weigh adds one sample to w.
func (c *columns) weigh(w *Weights, values []int64, kind Kind, st state) {
	at := func(i int) int64 {
		if i < 0 || i >= len(values) {
			return 0
		}
		return max(0, values[i]) // differences of profiles have negative ones
	}
	v := at(c.value)
	t := scaled(v, c.unit)
	switch c.format {
	case CPUProfile:
		w.CPU += t
		w.Samples += at(c.count)
	case HeapProfile:
		w.Bytes += at(c.bytes)
		w.Objects += at(c.objects)
		w.InUse += at(c.inUse)
	case BlockProfile:
		w.Waits[kind].Add(Wait{t, at(c.count)})
	case MutexProfile:
		w.Held.Add(Wait{t, at(c.count)})
	case Goroutines, LeakProfile:
		w.Goroutines += v
		if st != running {
			w.Waits[kind].Add(Wait{0, v})
		}
	case WallProfile:
		if st == running {
			w.Running += t
		} else {
			w.Waits[kind].Add(Wait{t, at(c.count)})
		}
	case ThreadProfile:
		w.Goroutines += v
	}
}

// scaled is v units, at most what a Duration holds.
func scaled(v int64, unit time.Duration) time.Duration {
	const most = time.Duration(1<<63 - 1)
	if unit > 0 && v > int64(most/unit) {
		return most
	}
	return time.Duration(v) * unit
}

// observations is how many observations a sample stands for.
func (c *columns) observations(values []int64) int64 {
	i := c.count
	if i < 0 {
		i = c.value
	}
	if c.format == HeapProfile {
		i = max(c.objects, 0)
	}
	if i >= len(values) {
		return 0
	}
	return max(0, values[i])
}
