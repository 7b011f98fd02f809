package advisor

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

// measured are the functions with enough weight, the heaviest first.
func (a *analysis) measured() []Measured {
	list := []Measured{}
	if !a.enough() {
		return list
	}
	lines := a.linesByFunction()
	for i := range a.functions {
		w := &a.functions[i]
		if t := w.inFlight(); t < a.th.Busy*a.basis.seconds && t < a.th.Busy*a.all() || t == 0 {
			continue
		}
		f := &a.lint.Functions[i]
		c := a.sum(w)
		m := Measured{
			Package: f.Package, Function: f.Function, Place: Place{File: f.File, Line: f.Line},
			Static: f.Class, Class: c.class,
			CPU: w.cpu, Self: a.self[i].cpu, Wait: waitMap(w), Lines: lines[int32(i)],
		}
		if c.told[0] < c.told[1] {
			m.Range = c.told
		}
		if a.late() {
			m.WaitRange = a.waitRanges(w)
		}
		m.Differs = a.differs(int32(i), &c, w)
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(x, y Measured) int {
		return cmp.Or(cmp.Compare(weightOf(y), weightOf(x)), cmp.Compare(x.Package, y.Package), cmp.Compare(x.Function, y.Function), cmp.Compare(x.Line, y.Line))
	})
	return list
}

func weightOf(m Measured) float64 {
	t := m.CPU
	for _, k := range outsideKinds {
		t += m.Wait[k.String()]
	}
	return t + m.Wait[profile.Lock.String()]
}

// all is the CPU time of the recordings.
func (a *analysis) all() (t float64) {
	for _, r := range a.basis.recordings {
		if r.cpu {
			t += r.CPU.Seconds() * r.scale * r.factor
		}
	}
	return t
}

func (a *analysis) linesByFunction() map[int32]map[int]LineWeight {
	lines := map[int32]map[int]LineWeight{}
	for at, w := range a.lines {
		x := LineWeight{CPU: w.cpu, Wait: waitMap(w)}
		if x.CPU == 0 && len(x.Wait) == 0 {
			continue
		}
		if lines[at.fn] == nil {
			lines[at.fn] = map[int]LineWeight{}
		}
		lines[at.fn][int(at.line)] = x
	}
	return lines
}

// waitMap are the waits of a weight by their names.
func waitMap(w *weight) map[string]float64 {
	waits := map[string]float64{}
	for k := range profile.NumKinds {
		if w.waits[k] > 0 {
			waits[k.String()] = w.waits[k]
		}
	}
	return waits
}

// waitRanges are the same as ranges.
func (a *analysis) waitRanges(w *weight) map[string]Span {
	least, ranges := a.shortest(w), map[string]Span{}
	for k := range profile.NumKinds {
		if w.waits[k] > 0 {
			ranges[k.String()] = Span{least.waits[k], w.waits[k]}
		}
	}
	return ranges
}

// alike are the measured classes that a static class allows. A class by the
// source says what a function can do, the measured one what it did: "mixed"
// covers both, and a lock or the collector is seen at run time only.
var alike = map[string][]string{
	"io":    {classIO, classMixed},
	"cpu":   {classCPU, classMixed, classMemory},
	"mixed": {classIO, classCPU, classMixed, classMemory},
	// Handing over without ever waiting only computes, and so does one pass over data.
	"coordination": {classCoordination, classLock, classCPU, classMemory},
	"light":        {classCPU, classMixed, classMemory}, // a light function that is called often
}

// differs says why the source's class is not the measured one: news to the
// user, or a mistake of the analyzers. Weights of a function are those of its
// literals too, and the class by the source is not where others run them.
func (a *analysis) differs(fn int32, c *cost, w *weight) string {
	f := &a.lint.Functions[fn]
	allowed, known := alike[f.Class]
	for _, class := range a.sites.hosted[fn] {
		allowed = slices.Concat(allowed, alike[class])
	}
	if !known || c.class == "" || slices.Contains(allowed, c.class) || a.observed(w) < a.th.LeastSamples/10 {
		return ""
	}
	worst, computed := strongest(&c.wait), span(c.told)
	switch c.class {
	case classLock:
		return fmt.Sprintf("it waited %s for locks and computed %s", secs(w.waits[profile.Lock]), computed)
	case classMemory:
		return fmt.Sprintf("it waited %s for the collector and computed %s", secs(w.waits[profile.Memory]), computed)
	case classIO, classMixed:
		if worst < profile.NumKinds {
			return fmt.Sprintf("it waited %s (%s) and computed %s", secs(w.waits[worst]), worst, computed)
		}
	case classCPU:
		if w.sum(outsideKinds...) == 0 {
			return fmt.Sprintf("it computed %s and waited for nothing outside", computed)
		}
		return fmt.Sprintf("it computed %s and waited only %s", computed, secs(w.sum(outsideKinds...)))
	case classCoordination:
		return fmt.Sprintf("it waited %s for other goroutines and computed %s", secs(w.sum(profile.Chan, profile.Join, profile.Submit)), computed)
	}
	return "it is " + c.class + " as measured"
}

// observed is how many events and samples a weight rests on.
func (a *analysis) observed(w *weight) int64 {
	n := w.samples
	for _, c := range w.counts {
		n += c
	}
	return n
}
