package advisor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// underWord is what the analyzers say of the lines under a lock, see WaitAt.
const (
	underReads   = "reads"
	underMisses  = "misses"
	underNumbers = "numbers"
	underCond    = "cond"   // the lock is that of a sync.Cond
	underShared  = "shared" // taken for reading
)

// A lockRemedy is what to do about a lock that is the cap.
type lockRemedy struct{ title, because string }

// remedies are by what the source says of the lines under the lock. That what is
// done there waits comes first: no other kind of lock helps against that.
var remedies = map[string]lockRemedy{
	underReads: {"take it for reading only",
		"what runs under it changes nothing: with a read lock (sync.RWMutex) they run side by side, with an atomic pointer to a copy they need none"},
	underMisses: {"take it for reading first, or split it into shards",
		"what runs under it writes only if there is something to write: where most calls find nothing, a read lock comes first and the write lock after it; where most write, shards by key"},
	underNumbers: {"replace it by atomics",
		"what runs under it writes numbers and flags only: atomic operations do that without a lock"},
	underShared: {"split it into shards, or read from a copy",
		"it is taken for reading already, but each reader writes to the lock and waits for writers: shards by key, or an atomic pointer to a copy that writers replace, spare readers both"},
	underCond: {"wake fewer of those that wait for it",
		"it is the lock of a condition variable, which each waiter that is woken takes again: Signal in place of Broadcast, or a semaphore, wakes only who can go on"},
	"": {"shorten what runs under it, or split it into shards",
		"what need not be under it goes before or behind it; shards by key let those of different keys run side by side"},
}

// lockAdvice is what to do about locks that others wait for and that neither a
// site's advice is about already.
func (a *analysis) lockAdvice(judged []Judged, said []*proposal) (list []Advice) {
	for _, l := range a.locks.list {
		told := slices.ContainsFunc(said, func(p *proposal) bool {
			return p.Action != actKeep && p.cost.class == classLock && p.tasks.waits[profile.Lock] >= nearlyAll*l.waits[profile.Lock]
		})
		if !told && a.contended(l) {
			list = append(list, a.adviseLock(l, judged))
		}
	}
	return list
}

// contended reports whether enough is waited for a lock. A mutex profile covers
// the life of the process as a rule, so that the mean has to tell.
func (a *analysis) contended(l *lockWeight) bool {
	n := l.counts[profile.Lock]
	if a.basis.knows.inner && !a.basis.undated {
		waited := l.waits[profile.Lock] + l.slow
		return n+l.slowN >= a.th.LeastEvents && (waited >= a.th.Share*a.basis.seconds || a.hidden(l, waited))
	}
	t := l.waits[profile.Lock]
	if n == 0 {
		t, n = l.held, l.heldN
	}
	return n >= a.th.LeastEvents && t/float64(n) >= a.th.Quick.Seconds()
}

// hidden reports whether a lock is waited for on a host of its own, by what was
// seen of it on one that keeps the program from its cores: most of the seconds
// are the host's there, and those who want the lock hardly run at once.
func (a *analysis) hidden(l *lockWeight, waited float64) bool {
	saved := l.users.cpu * (1 - 1/a.withoutLock(l))
	return a.late() && waited >= a.th.Share*l.users.cpu && saved >= a.th.Share*a.basis.seconds
}

func (a *analysis) adviseLock(l *lockWeight, judged []Judged) Advice {
	u := l.hottest()
	f := &a.lint.Functions[u.fn]
	end := max(u.at.Until, u.at.Line)
	here := Place{File: f.File, Line: u.at.Line}
	c := a.sum(&l.users)
	c.class = classLock
	x := Advice{
		Site: Site{
			Package: f.Package, Function: f.Function, Place: here, EndLine: end, Via: u.at.Call, Executor: "lock",
			Limit: Limit{Class: "const", Text: l.function, Place: here, N: 1},
			Task:  Task{Class: f.Class, Effects: []string{}, Bodies: []Body{{f.Package, f.Function, f.File, u.at.Line, end, true}}, Chain: f.witness(u.at.Line+1, end)},
		},
		Action: actLock, Now: Setting{Executor: "serial", Limit: l.function},
		Cost: c.export(a), Because: []string{a.describeLock(l)}, Unknown: []string{}, Caps: []Cap{},
	}
	under := u.at.Under
	switch {
	case l.function == "Cond.L":
		under = underCond
	case strings.HasSuffix(u.at.Call, ".RLock"):
		under = underShared
	}
	r := remedies[under]
	if r.title == "" {
		r = remedies[""]
	}
	outside, _ := l.under.outside()
	if held := l.under.holding(); outside > held/2 {
		kind := slices.MaxFunc(outsideKinds, func(x, y profile.Kind) int { return cmp.Compare(l.under.waits[x], l.under.waits[y]) })
		r = lockRemedy{"give it back before the wait", fmt.Sprintf("who holds it waits for %s of that time, mostly %s: what the wait needs is taken under the lock, and the wait comes behind it", percent(outside/held), kind)}
	}
	if r == remedies[underReads] {
		x.Recommend = Setting{Executor: "readers", Limit: l.function}
		x.Site.Task.Bodies = a.readers(l, u)
	}
	x.Title = fmt.Sprintf("the lock %s is the cap: %s", l.function, r.title)
	x.Because = append(x.Because, r.because)
	if fn, share := l.releaser(); fn >= 0 {
		x.Because = append(x.Because, fmt.Sprintf("%s of the waiting was for what %s gave back", percent(share), a.lint.Functions[fn].Function))
	}
	x.Gain = Span{1, a.withoutLock(l)}
	if a.basis.knows.inner && !a.basis.undated {
		w := l.under
		w.waits[profile.Lock] += l.waits[profile.Lock]
		w.cpu += l.slow
		stake := a.stakeOf(&w).over(a.basis.seconds)
		x.Stake, x.StakeRange = stake[1], stake.wide()
	} else {
		x.Unknown = append(x.Unknown, "the share of the time: how long the profile was recorded is not known, a trace says it")
	}
	x.Unknown = append(x.Unknown, "which of the values that have such a lock it was, where there are several")
	if a.late() {
		x.Unknown = append(x.Unknown, "how much is waited on a host of its own: "+a.shared())
	}
	for _, j := range judged {
		about := slices.ContainsFunc(l.uses, func(u *lockUse) bool {
			g := &a.lint.Functions[u.fn]
			return j.File == g.File && u.at.Line <= j.Line && j.Line <= max(u.at.Line, u.at.Until)
		})
		if about && j.Rule == "lockio" && (x.Finding == "" || j.Verdict == Confirmed) {
			x.Finding = j.Fingerprint
		}
	}
	return x
}

// witness is the chain of the strongest effect that the function has from a line
// to another.
func (f *Function) witness(from, to int) []Step {
	for _, e := range f.Effects {
		if len(e.Chain) > 0 && from <= e.Chain[0].Line && e.Chain[0].Line <= to {
			return e.Chain
		}
	}
	return nil
}

// readers are the stretches that change nothing under a lock, first's before the
// others.
func (a *analysis) readers(l *lockWeight, first *lockUse) (list []Body) {
	for _, u := range append([]*lockUse{first}, l.uses...) {
		f := &a.lint.Functions[u.fn]
		b := Body{f.Package, f.Function, f.File, u.at.Line, max(u.at.Until, u.at.Line), true}
		if u.at.Under == underReads && !slices.Contains(list, b) {
			list = append(list, b)
		}
	}
	return list
}

func (a *analysis) describeLock(l *lockWeight) string {
	f := &a.lint.Functions[l.hottest().fn]
	n := l.counts[profile.Lock]
	if n == 0 && l.held > 0 {
		return fmt.Sprintf("goroutines waited for it %s, %s in all, until %s gave it back", times(l.heldN), span(a.over(&l.weight, func(w *weight) float64 { return w.held })), f.Function)
	}
	waited := a.over(&l.weight, func(w *weight) float64 { return w.waits[profile.Lock] })
	text := fmt.Sprintf("goroutines waited for it %s, %s in all, mostly in %s", times(n), span(waited), f.Function)
	if l.slow > 0 {
		text += fmt.Sprintf("; taking it while others want it computed %s", secs(l.slow))
	}
	return text
}

// withoutLock is the factor that doing without the lock brings at best. Those who
// wait would work, and no more of them compute at once than there are cores:
// with the lock, one operation ends in the time that it is held, without it
// as many as there are cores in the time that it computes. On a host that keeps
// the program from its cores hardly anybody meets at the lock, so only the
// latter says what it costs on another one.
func (a *analysis) withoutLock(l *lockWeight) float64 {
	outside, _ := l.users.outside()
	waited := l.waits[profile.Lock] + l.slow
	computed := max(0, l.users.cpu-l.slow)
	work := computed + outside
	most := math.Inf(1)
	if waited > 0 && work > 0 {
		most = 1 + waited/work
	}
	cores := float64(a.cores())
	// Who waited is woken before the lock does anything for it.
	held := l.under.holding()
	if held > 0 && computed > 0 {
		held += wakeUp * float64(l.counts[profile.Lock])
		side := cores * min(1, held/computed)
		// What taking it computes while others want it goes away in any case, also
		// where operations end more slowly than the lock is given back.
		side = max(side, 1+l.slow/computed)
		if a.late() {
			most = side
		}
		most = min(most, side)
	}
	if math.IsInf(most, 1) {
		most = cores
	}
	return max(1, most)
}
