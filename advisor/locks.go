package advisor

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// locks are those that the source names, with what was seen of them.
type locks struct {
	list  []*lockWeight // by package and name
	by    map[symbol]*lockWeight
	uses  map[int32][]*lockUse // by function
	stamp int                  // of the stack that is counted
}

// A lockWeight is what was seen of a lock. A field is one lock for each value of
// its type: which of them it was, no recording tells.
type lockWeight struct {
	symbol          // its package and name
	weight          // of those who wait for it
	under    weight // on stacks that hold it
	users    weight // on stacks through functions that take it
	slow     float64
	slowN    int64             // CPU samples behind slow: taking and giving it while others want it
	released map[int32]float64 // how long others waited, by the function that gave it back
	uses     []*lockUse
	counted  [2]int // stamps of the last stack in under and users
}

// A lockUse is a place that takes a lock.
type lockUse struct {
	lock  *lockWeight
	at    *WaitAt
	fn    int32
	lit   int16
	line  int32
	until int32 // 0: it is given back elsewhere
	waits float64
	under float64 // CPU time and waits until it gave the lock back
}

func newLocks(ix *index) *locks {
	ls := &locks{by: map[symbol]*lockWeight{}, uses: map[int32][]*lockUse{}}
	for i := range ix.lint.Functions {
		f := &ix.lint.Functions[i]
		for k := range f.Waits {
			w := &f.Waits[k]
			if w.Kind != "lock" || w.Of == "" {
				continue
			}
			name := symbol{f.Package, w.Of}
			l := ls.by[name]
			if l == nil {
				l = &lockWeight{symbol: name, released: map[int32]float64{}}
				ls.by[name] = l
			}
			fn := int32(i)
			u := &lockUse{lock: l, at: w, fn: fn, lit: ix.literal(fn, w.Line), line: int32(w.Line), until: int32(w.Until)}
			l.uses = append(l.uses, u)
			ls.uses[fn] = append(ls.uses[fn], u)
		}
	}
	ls.list = slices.SortedFunc(maps.Values(ls.by), func(x, y *lockWeight) int {
		return cmp.Or(cmp.Compare(x.pkg, y.pkg), cmp.Compare(x.function, y.function))
	})
	return ls
}

// add counts a stack at the locks that it waits for, holds or uses. Slow says
// that it computes in taking or giving back a lock that others want.
func (ls *locks) add(s *sample, slow bool) {
	ls.stamp++
	for i, p := range s.path {
		for _, u := range ls.uses[p.fn] {
			l := u.lock
			if l.counted[1] != ls.stamp {
				l.counted[1] = ls.stamp
				l.users.add(s)
			}
			switch {
			case i == 0 && p.line == u.line && s.waits[profile.Lock].Time > 0:
				l.weight.add(s)
				u.waits += s.waits[profile.Lock].Time.Seconds() * s.rec.factor
			case i == 0 && slow && u.line <= p.line && p.line <= max(u.line, u.until):
				var w weight
				w.add(s)
				l.slow, l.slowN = l.slow+w.cpu, l.slowN+w.samples
			case u.holds(p) && l.counted[0] != ls.stamp:
				l.counted[0] = ls.stamp
				l.under.add(s)
				var w weight
				w.add(s)
				u.under += w.holding()
			}
		}
	}
	if s.Held.Time > 0 {
		ls.release(s)
	}
}

// holds reports whether a goroutine at p has taken the lock there.
func (u *lockUse) holds(p spot) bool {
	return p.lit == u.lit && u.line < p.line && p.line <= u.until
}

// holding is the time for which a lock under which that happened was held, but
// for waits for further locks: those are counted at them.
func (w *weight) holding() float64 {
	lo, _ := w.outside()
	return w.cpu + lo + w.sum(profile.Chan, profile.Join, profile.Submit)
}

// release counts what others waited for the lock that is given back there: of
// the locks that may be held at the line the one that was taken last.
func (ls *locks) release(s *sample) {
	var last *lockUse
	p := s.path[0]
	for _, u := range ls.uses[p.fn] {
		if u.holds(p) && (last == nil || u.line > last.line) {
			last = u
		}
	}
	if last != nil {
		last.lock.released[p.fn] += s.Held.Time.Seconds() * s.rec.factor
		if s.rec.Format == profile.MutexProfile {
			last.lock.held += s.Held.Time.Seconds()
			last.lock.heldN += s.Held.Count
		}
	}
}

// contends reports whether a stack is in the part of a lock that is entered only
// if others want it.
func (a *analysis) contends(st *profile.Stack) bool {
	for _, id := range st.Frames {
		n := a.join.names[a.ev.Frames[id].Func]
		switch n.Package {
		case "runtime", "internal/runtime/atomic":
			continue
		case "sync", "internal/sync":
			if strings.HasSuffix(n.Func, "Slow") || strings.HasPrefix(n.Func, "runtime_") {
				return true
			}
			continue
		}
		return false
	}
	return false
}

// hottest is the use at which most is waited, or else most is held.
func (l *lockWeight) hottest() *lockUse {
	return slices.MaxFunc(l.uses, func(x, y *lockUse) int {
		return cmp.Or(cmp.Compare(x.waits, y.waits), cmp.Compare(x.under, y.under), cmp.Compare(y.fn, x.fn), cmp.Compare(y.line, x.line))
	})
}

// releaser is the function that most was waited for, and its share.
func (l *lockWeight) releaser() (fn int32, share float64) {
	fn, all := -1, 0.0
	for _, id := range slices.Sorted(maps.Keys(l.released)) {
		t := l.released[id]
		all += t
		if fn < 0 || t > l.released[fn] {
			fn = id
		}
	}
	if fn >= 0 {
		share = ratio(l.released[fn], all)
	}
	return fn, share
}
