package advisor

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

const (
	getAt  = "sync.(*Mutex).Lock app.(*Store).Get@store.go:41"
	readAt = "app.(*Store).Get@store.go:43"
	saveAt = "sync.(*Mutex).Lock app.(*Store).Save@store.go:12"
)

// gave are n waits of others, of a millisecond each, for a lock that is given
// back at a stack.
func gave(n int64) (w profile.Weights) {
	w.Held = profile.Wait{Time: time.Duration(n) * ms, Count: n}
	return w
}

func TestLockAdvice(t *testing.T) {
	for name, c := range map[string]struct {
		ev    *recorded
		under string // in place of what the source says of Get
		line  int    // 0: no advice
		says  string // in the title or a reason
		gain  float64
		stake float64
	}{
		"only read under it": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 20*sc, 5000)).stack(readAt, cpu(9*sc)), "",
			41, "take it for reading only", 1 + 20./9, 1},
		"atomics": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 20*sc, 5000)).stack(readAt, cpu(9*sc)), "numbers",
			41, "replace it by atomics", 1 + 20./9, 1},
		"of a condition variable": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 20*sc, 5000)).stack(readAt, cpu(9*sc)), "cond",
			41, "wake fewer", 1 + 20./9, 1},
		"taken for reading already": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 20*sc, 5000)).stack(readAt, cpu(9*sc)), "shared",
			41, "or read from a copy", 1 + 20./9, 1},
		"no more than the cores": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 600*sc, 5000)).stack(readAt, cpu(9*sc)), "misses",
			41, "shards", 4, 1},
		"half of it is under the lock": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 600*sc, 5000)).stack(readAt, cpu(4*sc)).stack("app.(*Store).Get@store.go:48", cpu(4*sc)), "",
			41, "goroutines waited for it 5000 times", 2.0125, 1},
		"who holds it waits": {record().source(profile.Trace, 10*sc).stack(saveAt, wait(profile.Lock, 90*sc, 900)).stack("net.(*conn).Read app.(*Store).Save@store.go:14", wait(profile.Net, 9*sc, 900)), "",
			12, "mostly net", 11, 1},
		"a busy host hides the waits": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, sc/5, 500)).stack(readAt, cpu(4*sc)).with(func(s *profile.Source) { s.Running = 5 * s.CPU }), "misses",
			41, "a read lock comes first", 4, 0.42},
		"a busy host hides nearly all": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, sc/20, 50)).stack(readAt, cpu(4*sc)).with(func(s *profile.Source) { s.Running = 5 * s.CPU }), "misses",
			41, "a read lock comes first", 4, 0.41},
		"a busy host, little is held": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, sc/20, 50)).stack(readAt, cpu(sc/2)).stack("app.(*Store).Get@store.go:48", cpu(3*sc)).with(func(s *profile.Source) { s.Running = 5 * s.CPU }), "misses",
			0, "", 0, 0},
		"taking it computes": {record().source(profile.Trace, 10*sc).stack("internal/sync.(*Mutex).lockSlow "+getAt, cpu(2*sc)).stack(getAt, wait(profile.Lock, sc/10, 90)).stack(readAt, cpu(2*sc)), "",
			41, "taking it while others want it computed 2 s", 2.05, 0.41},
		"little is held, and all want it": {record().source(profile.Trace, 10*sc).stack("internal/sync.(*Mutex).lockSlow "+getAt, cpu(3*sc)).stack(getAt, wait(profile.Lock, sc/10, 90)).stack(readAt, cpu(sc)).stack("app.(*Store).Get@store.go:48", cpu(9*sc)), "misses",
			41, "taking it while others want it computed 3 s", 1.3, 0.41},
		"hardly anybody waits": {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, sc/100, 50)).stack(readAt, cpu(9*sc)), "", 0, "", 0, 0},
		"a few waits":          {record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 3*sc, 3)).stack(readAt, cpu(9*sc)), "", 0, "", 0, 0},
		"mutex profile": {record().source(profile.CPUProfile, 10*sc).stack(readAt, cpu(9*sc)).source(profile.MutexProfile, 0).stack("sync.(*Mutex).Unlock app.(*Store).Get@store.go:45", gave(1000)), "",
			41, "waited for it 1000 times", 4, 0},
	} {
		l := program()
		switch w := &l.Functions[4].Waits[0]; c.under {
		case "":
		case underCond:
			w.Of = "Cond.L"
		case underShared:
			w.Call = "sync.(*RWMutex).RLock"
		default:
			w.Under = c.under
		}
		var got *Advice
		for _, a := range Advise(l, c.ev.evidence(), Options{}).Advice {
			if a.Action == actLock {
				got = &a
			}
		}
		switch {
		case (got != nil) != (c.line > 0):
			t.Errorf("%s: %+v, want advice: %v", name, got, c.line > 0)
		case got == nil:
		case got.Site.Line != c.line || got.Site.Executor != "lock" || got.Cost.Class != classLock:
			t.Errorf("%s: at %d, %s, %s", name, got.Site.Line, got.Site.Executor, got.Cost.Class)
		case !strings.Contains(got.Title+"\n"+strings.Join(got.Because, "\n"), c.says):
			t.Errorf("%s: %q does not say %q", name, append(got.Because, got.Title), c.says)
		case got.Gain[0] != 1 || math.Abs(got.Gain[1]-c.gain) > 0.01 || math.Abs(got.Stake-c.stake) > 0.01:
			t.Errorf("%s: gain %v, want %v; stake %v, want %v", name, got.Gain, c.gain, got.Stake, c.stake)
		}
	}
}

// Who gave the lock back is named, and a site that the lock is the cap of has
// the word where there is one.
func TestLockHolder(t *testing.T) {
	r := record().source(profile.Trace, 10*sc).stack(getAt, wait(profile.Lock, 20*sc, 5000)).stack(readAt, cpu(9*sc)).
		stack("sync.(*Mutex).Unlock app.(*Store).Save@store.go:16", gave(4000))
	list := Advise(program(), r.evidence(), Options{}).Advice
	if len(list) != 1 || !strings.Contains(strings.Join(list[0].Because, "\n"), "100 % of the waiting was for what (*Store).Save gave back") {
		t.Errorf("advice %+v", list)
	}
	l := program()
	l.Sites = []Site{group(constant(32))}
	for _, a := range Advise(l, tasked(10*sc, 10000, 32, ms, profile.Lock, 30*ms, 9*sc).evidence(), Options{}).Advice {
		if a.Action == actLock {
			t.Errorf("both the pool and its lock: %+v", a)
		}
	}
}
