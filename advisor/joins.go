package advisor

import (
	"github.com/concurlint/concurlint/advisor/profile"
)

// joins resolves the waits of serial loops for goroutines that their iterations
// start: what those wait for and compute is what the loop waits for. Other loops
// that mostly wait for goroutines wait for those of somebody else, of which no
// recording tells.
func (a *analysis) joins() {
	for _, s := range a.sites.list {
		if s.Executor != "serial" || a.sum(&s.tasks).class != classCoordination {
			continue
		}
		var did weight
		for _, g := range a.sites.offspring(s) {
			did.addTotals(&g.All, g.rec, a.accounts.of(g.rec, g.Start))
		}
		if did.busy() == 0 {
			continue
		}
		s.joins = true
		s.tasks.waitFor(&did)
		for _, w := range s.outer {
			w.waitFor(&did)
		}
	}
}

// addTotals adds what the goroutines of a task did, but for waits for each other.
func (w *weight) addTotals(t *profile.Totals, rec *recording, c account) {
	if rec.run {
		w.compute(asTold, t.Running.Seconds()*rec.factor)
	} else {
		w.compute(c, t.CPU.Seconds()*rec.factor)
	}
	w.samples += int64(t.CPU.Seconds() / samplePeriod)
	for _, k := range append(outsideKinds[:len(outsideKinds):len(outsideKinds)], profile.Lock) {
		w.waits[k] += t.Waits[k].Time.Seconds() * rec.factor
	}
}

// waitFor counts the waits for goroutines as what these did meanwhile, in
// proportion.
func (w *weight) waitFor(did *weight) {
	t, n := w.sum(profile.Join, profile.Chan), w.count(profile.Join, profile.Chan)
	for _, k := range []profile.Kind{profile.Join, profile.Chan} {
		w.waits[k], w.counts[k], w.behind[k] = 0, 0, 0
	}
	all := did.busy()
	w.compute(account{did.cpu, did.told}, t/all)
	w.samples += int64(float64(did.samples) * min(1, t/all))
	for k, x := range did.waits {
		w.waits[k] += t * x / all
		w.counts[k] += int64(float64(n) * x / all)
	}
}

// offspring are the goroutines that began on a stack through the site's bodies,
// and those that these began.
func (ss *sites) offspring(s *siteWeight) (list []taskGroup) {
	seen := map[bodyName]bool{}
	list = append(list, s.began...)
	for i := 0; i < len(list); i++ {
		// Of a group's goroutine, the group's own function is the first.
		names := []bodyName{list[i].start}
		for _, site := range list[i].sites {
			names = append(names, site.names...)
		}
		for _, name := range names {
			if name.fn >= 0 && !seen[name] {
				seen[name] = true
				list = append(list, ss.began[name]...)
			}
		}
	}
	return list
}

// begin notes from which bodies, and by which goroutines, a task was begun.
func (ss *sites) begin(g *taskGroup, spots []spot) {
	ss.stamp++
	root := bodyName{-1, -1}
	for _, id := range g.Creator {
		if id < 0 || int(id) >= len(spots) || spots[id].fn < 0 {
			continue
		}
		p := spots[id]
		root = bodyName{p.fn, p.lit}
		for _, b := range ss.bodies[p.fn] {
			inside := b.whole || b.line <= p.line && p.line <= b.end
			if b.site.Executor == "serial" && b.site.stamp != ss.stamp && inside {
				b.site.stamp = ss.stamp
				b.site.began = append(b.site.began, *g)
			}
		}
	}
	if root.fn >= 0 {
		ss.began[root] = append(ss.began[root], *g)
	}
}
