package advisor

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
	"github.com/concurlint/concurlint/advisor/profile"
)

// The actions.
const (
	actMore       = "more"
	actFewer      = "fewer"
	actBound      = "bound"
	actConcurrent = "concurrent"
	actSerial     = "serial"
	actChunk      = "chunk"
	actMove       = "move"
	actLock       = "lock"
	actEnd        = "end"
	actKeep       = "keep"
)

// A proposal is a site under consideration.
type proposal struct {
	*siteWeight
	Advice
	cost  cost
	binds *bool
	now   int // present size, 0 if it is not known
	lo    int // sizes worth trying
	hi    int
	// assumed is the size that they stay within for want of a limit that is known, or 0.
	assumed int
	// reasons is how many sentences because has added.
	reasons int
}

// advice is what is worth saying of the sites, most time to be saved first.
func (a *analysis) advice(judged []Judged) []Advice {
	enough := a.enough()
	if !enough && !a.basis.knows.leaks {
		return []Advice{}
	}
	var said []*proposal
	for _, s := range a.sites.list {
		p := a.propose(s, judged)
		if p.leaks(a) || enough && p.decide(a) {
			p.unsaid(a)
			said = append(said, p)
		}
	}
	list := []Advice{}
	for i, p := range said {
		// Of a loop within a loop, the outer one has more to hand over. Calls that
		// run the same callback for each element have one weight between them.
		alike := func(q *proposal) bool { return q.Executor == "serial" && slices.Equal(q.Task.Bodies, p.Task.Bodies) }
		inner := p.Executor == "serial" && (slices.ContainsFunc(said[:i], alike) || slices.ContainsFunc(said, func(q *proposal) bool {
			return !alike(q) && q.Action != actKeep && p.within(q.siteWeight) && !q.within(p.siteWeight)
		}))
		if !inner {
			list = append(list, p.Advice)
		}
	}
	if enough {
		list = append(list, a.lockAdvice(judged, said)...)
	}
	slices.SortStableFunc(list, func(x, y Advice) int {
		return cmp.Or(
			cmp.Compare(keeps(x), keeps(y)),
			cmp.Compare(saved(y), saved(x)),
			cmp.Compare(y.Stake, x.Stake), cmp.Compare(y.Latency[1], x.Latency[1]),
			cmp.Compare(x.Site.File, y.Site.File), cmp.Compare(x.Site.Line, y.Site.Line), cmp.Compare(x.Site.Column, y.Site.Column),
			cmp.Compare(x.Site.Via, y.Site.Via), cmp.Compare(x.Title, y.Title),
		)
	})
	return list
}

// saved is how many seconds a second the advice may save at best.
func saved(x Advice) float64 { return x.Stake * (1 - 1/max(1, x.Gain[1])) }

// keeps puts what needs no change behind what does.
func keeps(x Advice) int {
	if x.Action == actKeep {
		return 1
	}
	return 0
}

// propose collects what is known of a site.
func (a *analysis) propose(s *siteWeight, judged []Judged) *proposal {
	p := &proposal{siteWeight: s, cost: a.cost(s)}
	if c := &p.cost; c.class == "" && s.Task.Class == classCPU && s.tasks.samples >= a.th.LeastSamples/10 {
		c.class = classCPU
		if c.wait[profile.Lock][0] > c.c && !a.basis.undated {
			c.class = classLock
		}
	}
	p.Advice = Advice{Site: *s.Site, Action: actKeep, Cost: p.cost.export(a), Gain: Span{1, 1}, Because: []string{}, Unknown: []string{}}
	stake := a.stake(s)
	p.Stake, p.StakeRange = stake[1], stake.wide()
	var why string
	p.binds, why = a.binds(s)
	p.now = a.size(s, p.binds)
	p.Now = Setting{Executor: executorOf(s), Limit: s.Limit.Text, Binds: p.binds, InFlight: a.inFlight(s), InFlightRange: a.inFlights(s).wide()}
	if p.Executor == "serial" {
		p.Now.Limit = "" // there is none that could be another
	}
	if p.now > 0 {
		p.Now.Min, p.Now.Max = p.now, p.now
	}
	p.Because = append(p.Because, a.describe(p)...)
	if p.binds != nil && s.limited() {
		p.Because = append(p.Because, why)
	} else if s.limited() {
		p.Unknown = append(p.Unknown, why)
	}
	p.Caps = a.caps(s, &p.cost)
	p.assumed = a.assumed(s, &p.cost, p.now)
	p.lo, p.hi = a.sizes(&p.cost, p.Caps, p.assumed)
	p.Unknown = append(p.Unknown, a.unknown(p)...)
	for _, j := range judged {
		if a.siteAt(&j.Finding) == s && (p.Finding == "" || j.Verdict == Confirmed) {
			p.Finding = j.Fingerprint
		}
	}
	return p
}

// stake is how many seconds a second depend on the site.
func (a *analysis) stake(s *siteWeight) Span {
	// What handing over costs is not on the stacks of the task's body.
	var handing weight
	if !s.Endless {
		for _, g := range s.groups {
			handing.running += (g.All.Running + g.All.Runnable).Seconds() * g.rec.factor
		}
	}
	of := func(w, handing *weight) float64 {
		return max(min(a.active(s), max(w.work(), handing.running)), w.cpu)
	}
	most := of(&s.tasks, &handing)
	return Span{min(most, of(a.shortest(&s.tasks), a.shortest(&handing))), most}.over(a.basis.seconds)
}

// active is for how many seconds there were tasks of the site, as far as it is
// known. Averages over all of a recording would make little of a short burst.
func (a *analysis) active(s *siteWeight) float64 {
	var t float64
	for _, g := range s.groups {
		t += g.Active.Seconds() * g.rec.factor
	}
	if t == 0 {
		return a.basis.seconds
	}
	return min(t, a.basis.seconds)
}

// inFlight is how many of the site's tasks there were on average while there
// were any.
func (a *analysis) inFlight(s *siteWeight) float64 { return s.tasks.inFlight() / a.active(s) }

// inFlights is the same as a range.
func (a *analysis) inFlights(s *siteWeight) Span {
	return a.over(&s.tasks, (*weight).inFlight).over(a.active(s))
}

// stakeOf is how many seconds of the recording depend on a weight: at most all
// of waiting, since what waits side by side is over together (a thousand
// waiting goroutines are no thousand seconds a second), and all computing.
func (a *analysis) stakeOf(w *weight) Span {
	return a.over(w, func(w *weight) float64 { return max(min(a.basis.seconds, w.work()), w.cpu) })
}

// executorOf is the word for the present executor.
func executorOf(s *siteWeight) string {
	switch {
	case s.Executor == "serial":
		return "serial"
	case s.Executor == "callback":
		return "loop"
	case !s.limited():
		return "unbounded"
	case s.Limit.Class == "cores":
		return "cpu"
	}
	return "io"
}

// describe are the measured facts of a site.
func (a *analysis) describe(p *proposal) (because []string) {
	c := &p.cost
	worst := strongest(&c.wait)
	computes, who := span(c.told), "its tasks"
	if p.Executor == "serial" {
		who = "it"
	}
	if c.samples < 1 && c.cpu[1] > 0 {
		computes = "less than " + secs(c.cpu[1]) // rule of three
	}
	switch {
	case c.tasks > 0 && worst < profile.NumKinds:
		because = append(because, fmt.Sprintf("one task computes %s and waits %s, mostly %s (mean of %d)", computes, span(c.outside), worst, c.tasks))
	case c.tasks > 0:
		because = append(because, fmt.Sprintf("one task computes %s and waits for nothing outside (mean of %d)", computes, c.tasks))
	case worst < profile.NumKinds:
		because = append(because, fmt.Sprintf("%s computed %s and waited %s, mostly %s, in %s", who, computes, span(c.outside), worst, secs(a.basis.seconds)))
	case c.c > 0:
		because = append(because, fmt.Sprintf("%s computed %s in %s", who, computes, secs(a.basis.seconds)))
	}
	if a.outer(p.tasks.seen) && p.Now.InFlight > 0 && p.Executor != "serial" {
		text := numbers(a.inFlights(p.siteWeight)) + " in flight on average"
		if peak, _ := a.peak(p.siteWeight); peak > 0 {
			text += ", " + strconv.FormatInt(peak, 10) + " at most"
		}
		because = append(because, text)
	}
	if text := p.ranOn(); text != "" {
		because = append(because, text)
	}
	return because
}

// firmSamples are enough for a size to rest on their mean: the error is a third.
// Fewer do not show that what waits for so long computes.
const firmSamples = 30

// sizes is the range worth trying, whatever the present size, within the caps and what
// is assumed.
func (a *analysis) sizes(c *cost, caps []Cap, assumed int) (lo, hi int) {
	least, most := c.told[0], c.told[1]
	if c.samples < firmSamples {
		least, most = c.cpu[1], c.cpu[1] // as much as those few can stand for, or as may have gone unseen
	}
	within := func(cpu float64) (lo, hi int) {
		duration := func(s float64) time.Duration { return time.Duration(s * 1e9) }
		return sizing.Weights{CPU: duration(cpu), Wait: duration(c.outside[0])}.Range(a.cores(), 0)
	}
	lo, _ = within(most)
	_, hi = within(least)
	for _, k := range append(caps[:len(caps):len(caps)], Cap{Size: assumed}) {
		if k.Size > 0 && (hi == 0 || k.Size < hi) {
			hi = k.Size
		}
	}
	if hi > 0 {
		lo = min(lo, hi)
	}
	return lo, hi
}

// unknown is what no figure says.
func (a *analysis) unknown(p *proposal) (list []string) {
	c := &p.cost
	far := slices.ContainsFunc(p.Caps, func(k Cap) bool { return k.What == "far end" })
	if !far && slices.Contains(farEnds, strongest(&c.wait)) {
		list = append(list, "what the far end bears: no recording of this program shows it")
	}
	if a.basis.knows.cpu && a.scale() == 1 && c.outside[0] > 0 && c.samples >= 1 {
		list = append(list, fmt.Sprintf("CPU time is uncorrected: samples of waiting tasks are 15 to %.0f %% too low, W/C that much too high", 100*mostUnseen))
	}
	if a.scale()*allSeen > 1 && c.told[0] < c.c {
		list = append(list, fmt.Sprintf("no sample saw %s of the CPU time: it is the tasks' own or the runtime's, so computing is a range", percent(1-1/a.scale())))
	}
	if c.told[1] > c.c {
		list = append(list, "the scheduler gives its tasks more of the CPU time than the samples do: computing is a range")
	}
	if c.samples > 0 && c.samples < firmSamples {
		list = append(list, fmt.Sprintf("computing rests on %s, sizes on the most that these can stand for", plural(int64(c.samples+0.5), "CPU sample")))
	} else if c.samples == 0 && c.outside[0] > 0 {
		list = append(list, "computing was too short for a CPU sample")
	}
	if a.late() {
		list = append(list, a.shared()+": waits are ranges")
	}
	if (c.class == classCPU || c.class == classLock) && !a.outer(c.seen) {
		list = append(list, "whether its tasks wait outside: that they do not is the source's word")
	}
	if a.basis.rough {
		list = append(list, "W/C from goroutine snapshots is right within 3 times")
	}
	return list
}
