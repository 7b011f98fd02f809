package advisor

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
	"github.com/concurlint/concurlint/advisor/profile"
)

// What a hand-over costs at least and with a wake-up, in seconds (measured on a
// channel hop).
const (
	handOver = 0.3e-6
	wakeUp   = 5e-6
)

// fullCores is the share of the cores' time from which on more at once brings no
// more computing.
const fullCores = 0.93

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

// because gives a reason for the action. It comes right behind the first of the
// measured facts: reports with little room show two sentences.
func (p *proposal) because(format string, args ...any) {
	p.Because = slices.Insert(p.Because, min(len(p.Because), 1+p.reasons), fmt.Sprintf(format, args...))
	p.reasons++
}

// suggest recommends an executor with the sizes worth trying.
func (p *proposal) suggest(executor string, lo, hi int) {
	p.Recommend = Setting{Executor: executor, Min: lo, Max: hi}
}

// serial advises on a loop that does one thing after the other, unless the source
// shows that an iteration needs what the one before it left.
func (p *proposal) serial(a *analysis) bool {
	if !p.sideBySide(a) {
		return false
	}
	if p.Iterations == "dependent" {
		p.KeepSteps(p.Advice.Site.Because)
	}
	return true
}

// sideBySide looks whether doing more of a loop at once would pay.
func (p *proposal) sideBySide(a *analysis) bool {
	c := &p.cost
	events := p.tasks.count(outsideKinds...)
	lock := c.wait[profile.Lock][0] > c.c+c.outside[0]
	// In a pool it is the pool's size that says how much is in flight.
	if lock || p.Once || p.spread() {
		return false
	}
	many := p.Now.InFlight > a.th.Serial
	if p.joins {
		p.because("it waits for goroutines that each iteration starts: what those wait for and compute is counted as its own")
	}
	switch {
	case c.class == classIO || c.class == classMixed:
		if events < a.th.LeastEvents || p.paced(a) > 0.5*c.outside[0] {
			return false
		}
		lo, hi := min(2, max(p.hi, 1)), p.hi
		if many {
			hi = p.eachPass(a)
		}
		if hi < 2 {
			return false
		}
		p.say(actConcurrent, "do %s in flight in place of one after the other", sizes(lo, hi))
		p.suggest("io", lo, hi)
		waits := c.outside[0]
		if a.late() { // the most to be gained is where it waited for as long as it seemed to
			waits = c.outside[1]
		}
		speedup := max(1, ratio(c.c+waits, max(c.c/float64(a.cores()), (c.c+waits)/float64(hi))))
		if many {
			// Who runs on several goroutines at once, as a handler does, serves no
			// more for it: others use the waits already.
			p.say(actConcurrent, "in each pass, do %s in flight in place of one after the other", sizes(lo, hi))
			p.because("%s goroutines on average run it at once: each pass gets shorter, the throughput stays", numbers(a.inFlights(p.siteWeight)))
			p.Latency = Span{1, speedup}
			return true
		}
		p.because("it waits one by one for %s of the time", percents(p.oneByOne(a)))
		p.Gain = Span{p.unseenLoad(1, hi), speedup}
		return true
	case c.class == classCPU && !many:
		// One goroutine computes for no longer than the recording, and where the
		// cores are busy or others run the loop at the same time none is free for it.
		if p.tasks.cpu > 1.05*a.basis.seconds || a.host.Busy > fullCores || p.fanned() {
			return false
		}
		if p.tasks.samples < a.th.LeastSamples/10 || a.cores() < 2 {
			return false
		}
		if p.alone && p.operation < a.th.Chunk {
			return false // all of the operation is too short for a hand-over
		}
		p.Gain = Span{1, min(float64(a.cores()), a.spare(p))}
		if p.Stake*(1-1/p.Gain[1]) < a.th.Share {
			return false // at best, too little to be measured
		}
		p.say(actConcurrent, "compute on %d workers in place of one", a.cores())
		p.suggest("cpu", a.cores(), a.cores())
		p.because("it computes one by one for %s of the time", percent(min(1, p.Stake)))
		p.Unknown = append(p.Unknown, "how long one iteration computes: below 100 µs, hand over chunks")
		return true
	}
	return false
}

// oneByOne is the share of the recording that the loop waited for.
func (p *proposal) oneByOne(a *analysis) Span {
	share := p.cost.outside.over(a.basis.seconds)
	if !a.late() {
		share[0] = share[1] // the run queue behind a wait is part of it
	}
	return share.each(func(x float64) float64 { return min(1, x) })
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

// spread reports whether an executor with a limit runs the loop many times at once.
func (p *proposal) spread() bool {
	for out := range p.outer {
		if out.limited() && !out.Once && p.within(out) {
			return true
		}
	}
	return false
}

// fanned reports whether goroutines that a loop or a library starts run this one, as
// those do that share out rows between the cores, or serve connections.
func (p *proposal) fanned() bool {
	if p.served.work() >= nearlyAll*p.tasks.work() {
		return true
	}
	for out := range p.outer {
		if out.handsOver() && !out.Once && !out.Endless && p.within(out) {
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
	if c.class != classCPU {
		return false
	}
	if c.tasks == 0 {
		return p.tinyQueued(a)
	}
	if p.handedOver()*wakeUp < a.th.Busy*a.basis.seconds {
		return false // all hand-overs together cost less than is worth a word
	}
	if c.cpu[1] >= a.th.Chunk.Seconds() {
		return false
	}
	p.Gain = Span{1, min(float64(a.cores())+1, 1+wakeUp/max(c.c, handOver))}
	p.inChunks(a, c.c, c.cpu[1])
	return true
}

// handedOver is how many tasks there were.
func (p *proposal) handedOver() (n float64) {
	for _, g := range p.groups {
		n += float64(g.Started) * g.rec.factor
	}
	return n
}

// inChunks recommends to hand over several tasks of so many seconds at a time,
// or none.
func (p *proposal) inChunks(a *analysis, each, most float64) {
	p.because("a hand-over costs %s to %s, a task %s", secs(handOver), secs(wakeUp), secs(each))
	if most < a.th.Tiny.Seconds() {
		p.say(actSerial, "compute without handing over")
		p.suggest("serial", 1, 1)
		return
	}
	p.say(actChunk, "hand over chunks of %s to %s", plural(chunk(each, sizing.LeastChunk), "task"), strconv.FormatInt(chunk(each, sizing.MostChunk), 10))
	p.suggest("cpu", a.cores(), a.cores())
}

// tinyQueued is tiny for tasks of workers, whose goroutines are no tasks. Each
// wait at the queue is a hand-over, so that tasks take no more than the mean
// for each. A queue that is never empty has no waits, but then sending and
// receiving are seen to compute.
func (p *proposal) tinyQueued(a *analysis) bool {
	work := max(0, p.tasks.cpu-p.taken.cpu)
	n := max(p.taken.count(innerKinds...), p.hop.count(innerKinds...)-p.taken.count(innerKinds...))
	each := ratio(work, float64(n))
	switch {
	case p.hop.samples >= a.th.LeastSamples/10 && p.hop.cpu >= work:
		p.because("sending to the queue and receiving from it computed %s, the tasks %s", secs(p.hop.cpu), secs(work))
		p.Gain = Span{1, min(float64(a.cores())+1, ratio(p.hop.cpu+work, max(work, p.hop.cpu/10)))}
		if n >= a.th.LeastTasks && each < a.th.Chunk.Seconds() {
			p.inChunks(a, each, each)
			return true
		}
		p.say(actChunk, "hand over chunks: a hand-over computes more than a task")
		p.suggest("cpu", a.cores(), a.cores())
		return true
	case n >= a.th.LeastTasks && p.tasks.samples >= a.th.LeastSamples/10 && each < a.th.Chunk.Seconds():
		p.Gain = Span{1, min(float64(a.cores())+1, 1+wakeUp/max(each, handOver))}
		p.because("%s over the queue were seen", plural(n, "hand-over"))
		p.inChunks(a, each, each)
		return true
	}
	return false
}

// chunk is how many tasks of so many seconds take that long.
func chunk(each float64, long time.Duration) int64 {
	return max(2, int64(math.Ceil(long.Seconds()/max(each, handOver))))
}
