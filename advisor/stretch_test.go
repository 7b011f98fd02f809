package advisor

import (
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// On a host that was not the program's own, what the scheduler timed is a range: stakes,
// tasks in flight, waits, and the figures of verdicts. On its own host nothing is.
func TestRanges(t *testing.T) {
	for _, late := range []float64{1, 3} {
		l, ev := many()
		src := ev.Sources[0]
		src.Running = src.Sampled * 3
		if late == 1 {
			src.Running = src.Sampled
		}
		rep := Advise(l, ev, Options{})
		// span reports whether a range is one, up to a figure and down to it ÷ least.
		check := func(what string, got Span, to, least float64) {
			t.Helper()
			switch {
			case late == 1 && got != Span{}:
				t.Errorf("%s: %v on a host of its own", what, got)
			case late > 1 && !(got[1] == to && got[0] < got[1] && got[0] >= to/least*0.999):
				t.Errorf("%s: %v, want up to %v, and %v times less", what, got, to, least)
			}
		}
		for _, a := range rep.Advice {
			if a.Stake > 1 { // less is cut off at all of the time at both ends
				check(a.Title+": stake", a.StakeRange, a.Stake, 3)
			}
			if a.Action == actLock {
				continue // nothing is in flight at a lock
			}
			check(a.Title+": in flight", a.Now.InFlightRange, a.Now.InFlight, 3)
			if w := a.Cost.Wait["net"]; late > 1 && (w[0] < 0.75*w[1] || w[0] >= w[1]) {
				t.Errorf("%s: waits %v for the network, want within the lateness of the scheduler", a.Title, w)
			}
		}
		for _, f := range rep.Findings {
			if f.Verdict != Confirmed {
				continue
			}
			if f.Rule == "lockio" {
				check(f.Rule, f.StakeRange, f.Stake, 3)
			}
			if text := strings.Join(f.Because, "\n"); strings.Contains(text, " to ") != (late > 1) {
				t.Errorf("%s: %s", f.Rule, text)
			}
		}
		for _, m := range rep.Classes {
			if lock := m.WaitRange["lock"]; m.Wait["lock"] > 0 {
				check(m.Function, lock, m.Wait["lock"], 3)
			}
			if net := m.WaitRange["net"]; m.Wait["net"] > 0 {
				check(m.Function, net, m.Wait["net"], DefaultThresholds.Late)
			}
		}
	}
}

// A verdict holds for all of the range: 200 ms of 10 s are waited for the lock, and they
// may be 67 on a host of the program's own.
func TestVerdictOfRange(t *testing.T) {
	for running, want := range map[int]string{1: Confirmed, 3: NoData} {
		l := program()
		l.Findings = []Finding{{Rule: "lockio", Severity: "warning", Package: "ex.io/app", Function: "(*Store).Save", File: "store.go", Line: 14,
			Related: []Step{{Place: at("store.go", 12)}}}}
		r := record().source(profile.Trace, 10*sc).stack("app.worker@pool.go:15", cpu(5*sc)).
			stack("net.(*conn).Read app.(*Store).Save@store.go:14", wait(profile.Net, 2*sc, 100)).
			stack("sync.(*Mutex).Lock app.(*Store).Get@store.go:41", wait(profile.Lock, 200*ms, 300))
		r.last().Running = r.last().Sampled * time.Duration(running)
		if f := Advise(l, r.evidence(), Options{}).Findings[0]; f.Verdict != want {
			t.Errorf("overcommitted %d times: %s, want %s: %q", running, f.Verdict, want, f.Because)
		}
	}
}

// What waits for other goroutines cannot have waited longer for it than these ran.
func TestLeast(t *testing.T) {
	for name, c := range map[string]struct {
		running time.Duration // of which one sample computed
		wait    time.Duration // in 10 s
		least   float64
	}{
		"a program that hardly runs": {60 * ms, 9 * sc, 9/1.32 - 0.055},
		"many at once":               {60 * ms, 90 * sc, 90/1.32 - 9*0.055},
		"short waits":                {60 * ms, 12 * ms, 0.001}, // all of it may have been for others' turns
		"a program that runs":        {8 * sc, 9 * sc, 9.0 / 1600},
	} {
		r := record().source(profile.Trace, 10*sc).stack("runtime.chanrecv1 app.submit@pool.go:35", wait(profile.Chan, c.wait, 10))
		r.last().Running, r.last().CPU = c.running, 10*ms
		a := analyze(program(), r.evidence(), Options{})
		w := a.over(&a.functions[a.index.symbol("ex.io/app", "submit")], func(w *weight) float64 { return w.waits[profile.Chan] })
		if w[1] != c.wait.Seconds() || w[0] < c.least*0.999 || w[0] > c.least*1.001 {
			t.Errorf("%s: %v, want from %v; %+v", name, w, c.least, a.crowding)
		}
	}
}
