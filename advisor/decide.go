package advisor

import (
	"fmt"
	"math"
	"strconv"

	"github.com/concurlint/concurlint/advisor/profile"
)

// What a hand-over costs at least and with a wake-up, in seconds (measured on a
// channel hop).
const (
	handOver = 0.3e-6
	wakeUp   = 5e-6
)

// decide chooses the action and reports whether it is worth saying.
func (p *proposal) decide(a *analysis) bool {
	peak, _ := a.peak(p.siteWeight)
	if p.Stake < a.th.Busy && peak < a.th.Many {
		return false
	}
	p.Recommend = p.Now
	switch {
	case p.Executor == "serial":
		return p.serial(a)
	case p.Executor == "callback":
		return p.callback(a)
	case p.tiny(a):
		return true
	case !p.limited():
		return p.unbounded(a, peak)
	}
	p.bounded(a)
	return true
}

func (p *proposal) say(action, format string, args ...any) {
	p.Action, p.Title = action, fmt.Sprintf(format, args...)
}

func (p *proposal) because(format string, args ...any) {
	p.Because = append(p.Because, fmt.Sprintf(format, args...))
}

// suggest recommends an executor with the sizes worth trying.
func (p *proposal) suggest(executor string, lo, hi int) {
	p.Recommend = Setting{Executor: executor, Min: lo, Max: hi}
}

// serial advises on a loop that does one thing after the other.
func (p *proposal) serial(a *analysis) bool {
	c := &p.cost
	events := p.tasks.count(outsideKinds...)
	lock := c.wait[profile.Lock][0] > c.c+c.outside[0]
	// Who runs on several goroutines at once is no faster for more of them.
	if p.Now.InFlight > a.th.Serial || lock || p.Once || p.spread() {
		return false
	}
	switch {
	case c.class == classIO || c.class == classMixed:
		if events < a.th.LeastEvents || p.paced(a) > 0.5*c.outside[0] {
			return false
		}
		lo, hi := min(2, max(p.hi, 1)), p.hi
		if hi < 2 {
			return false
		}
		p.say(actConcurrent, "do %s in flight in place of one after the other", sizes(lo, hi))
		p.suggest("io", lo, hi)
		p.because("the loop waits one by one for %s of the time", percent(ratio(c.outside[1], a.basis.seconds)))
		speedup := ratio(c.c+c.outside[0], max(c.c/float64(a.cores()), (c.c+c.outside[0])/float64(hi)))
		p.Gain = Span{1, max(1, speedup)}
		return true
	case c.class == classCPU:
		if p.tasks.samples < a.th.LeastSamples/10 || a.cores() < 2 {
			return false
		}
		p.say(actConcurrent, "compute on %d workers in place of one", a.cores())
		p.suggest("cpu", a.cores(), a.cores())
		p.because("the loop computes one by one for %s of the time", percent(min(1, p.Stake)))
		p.Gain = Span{1, min(float64(a.cores()), a.spare(p))}
		p.Unknown = append(p.Unknown, "how long one iteration computes: below 100 µs, hand over chunks")
		return true
	}
	return false
}

// paced is how long the loop slept by a call of its own: such a sleep is a pace
// or a poll, and no work that could go on side by side.
func (p *proposal) paced(a *analysis) (t float64) {
	for _, b := range p.Task.Bodies {
		fn := a.index.enclosing(b.File, b.Line)
		if fn < 0 {
			continue
		}
		for _, w := range a.lint.Functions[fn].Waits {
			if w.Kind == "sleep" && b.Line <= w.Line && w.Line <= b.EndLine {
				slept := a.at(b.File, w.Line)
				t += slept.waits[profile.Sleep]
			}
		}
	}
	return t
}

// spread reports whether another executor runs the loop many times at once.
func (p *proposal) spread() bool {
	for out := range p.outer {
		if out.Executor != "serial" && out.Executor != "callback" && !out.Once && p.within(out) {
			return true
		}
	}
	return false
}

// spare is by how much the site could compute faster until the cores are busy.
func (a *analysis) spare(p *proposal) float64 {
	own := p.tasks.cpu / a.basis.seconds
	if a.host.Busy <= 0 || own <= 0 {
		return math.Inf(1)
	}
	free := float64(a.cores()) * (1 - a.host.Busy)
	return 1 + ratio(free, own)
}

// amdahl is the factor that the whole gains if the share f of it becomes s
// times faster.
func amdahl(f, s float64) float64 {
	if s <= 1 {
		return 1
	}
	return 1 / (1 - f + f/s)
}

// callback advises only where a finding was confirmed: that a callback waits is
// no harm unless it keeps a loop from others.
func (p *proposal) callback(a *analysis) bool {
	for i := range a.lint.Findings {
		f := &a.lint.Findings[i]
		if f.Rule != "blockloop" || !p.covers(f) || a.judge(f).verdict != Confirmed {
			continue
		}
		p.say(actMove, "move the work off the loop, to a bounded pool")
		p.Finding = f.Fingerprint
		p.suggest("io", p.lo, p.hi)
		if p.cost.class == classCPU {
			p.suggest("cpu", a.cores(), a.cores())
		}
		p.Because = append(p.Because, a.judge(f).because...)
		p.Gain = Span{1, amdahl(min(1, p.Stake), math.Inf(1))}
		if math.IsInf(p.Gain[1], 1) || p.Gain[1] > float64(max(p.hi, 2)) {
			p.Gain[1] = float64(max(p.hi, 2))
		}
		return true
	}
	return false
}

func (p *proposal) covers(f *Finding) bool {
	for _, b := range p.Task.Bodies {
		if b.File == f.File && b.Line <= f.Line && f.Line <= b.EndLine {
			return true
		}
	}
	return false
}

// tiny advises on tasks that are not worth their hand-over.
func (p *proposal) tiny(a *analysis) bool {
	c := &p.cost
	if c.tasks == 0 || c.class != classCPU || c.cpu[1] >= a.th.Chunk.Seconds() {
		return false
	}
	p.because("a hand-over costs %s to %s, a task %s", secs(handOver), secs(wakeUp), secs(c.c))
	p.Gain = Span{1, min(float64(a.cores())+1, 1+wakeUp/max(c.c, handOver))}
	if c.cpu[1] < a.th.Tiny.Seconds() {
		p.say(actSerial, "compute without handing over")
		p.suggest("serial", 1, 1)
		return true
	}
	p.say(actChunk, "hand over chunks of %s to %s", plural(chunk(c.c, 20e-6), "task"), strconv.FormatInt(chunk(c.c, 50e-6), 10))
	p.suggest("cpu", a.cores(), a.cores())
	return true
}

// chunk is how many tasks take that many seconds.
func chunk(each, seconds float64) int64 {
	return max(2, int64(math.Ceil(seconds/max(each, handOver))))
}
