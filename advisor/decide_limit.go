package advisor

import (
	"fmt"
	"math"
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

// lessCrowding is what fewer tasks in flight bring where they only take turns:
// fewer switches and warmer caches made the workloads of testdata/advisor/workloads
// that compute up to a tenth faster.
const lessCrowding = 1.1

// endlessLoop is what the analyzers say of a loop that accepts and the like.
const endlessLoop = "an endless loop"

// unbounded advises on goroutines without a bound.
func (p *proposal) unbounded(a *analysis, peak int64) bool {
	if p.Endless || p.Once && peak < a.th.Many {
		return false
	}
	if p.Trip == endlessLoop && p.cost.class == classIO && strongest(&p.cost.wait) == profile.Net {
		p.connections(a, peak)
		return true
	}
	if peak < a.th.Many {
		p.say(actKeep, "keep: %s", few(peak))
		return true
	}
	c := &p.cost
	switch {
	case a.computes(c):
		p.say(actBound, "compute on %d workers in place of %d goroutines", a.cores(), peak)
		p.suggest("cpu", a.cores(), a.cores())
		p.Gain = Span{1, lessCrowding}
		return true
	case c.class == classCoordination:
		p.together(a, peak)
		return true
	case c.class == classLock:
		return p.queued(a, peak)
	}
	// What ran side by side while it was recorded may go on to.
	hi := int(peak)
	if p.hi > 0 {
		hi = min(hi, p.hi)
	}
	lo := min(hi, max(p.lo, int(math.Ceil(p.Now.InFlight))))
	p.say(actBound, "bound it: %s in flight", sizes(lo, hi))
	p.suggest("io", lo, hi)
	p.because("%d goroutines at once, and nothing keeps them from being more", peak)
	if least := ratio(float64(hi), p.Now.InFlight); least < 1 {
		// Fewer than were seen do as much only if what they wait for is the limit.
		p.Gain[0] = least
	}
	return true
}

// queued advises on goroutines that mostly wait for a lock: of these as many get
// anything done as it lets through, and the others only make it dearer.
func (p *proposal) queued(a *analysis, peak int64) bool {
	n := a.cores()
	if lid, ok := p.tightest(); ok && lid.What == "lock" {
		n = lid.Size
	}
	executor := "cpu"
	if p.cost.outside[1] > p.cost.c {
		executor = "io"
	}
	p.say(actBound, "bound it: the lock lets %d of %d goroutines work at once", n, peak)
	p.suggest(executor, n, n+1)
	p.Gain = Span{1, lessCrowding}
	return true
}

// leastStack is what the runtime gives a goroutine to begin with, in bytes.
const leastStack = 2048

// connections advises on a goroutine for each connection. A bound would turn
// clients away; what very many idle ones cost is memory, not time.
func (p *proposal) connections(a *analysis, peak int64) {
	if peak < a.th.Sockets {
		p.say(actKeep, "keep: a goroutine a connection is what the netpoller is made for")
		return
	}
	p.say(actMove, "serve %d mostly idle connections from an event loop", peak)
	p.suggest("loop", 0, 0)
	p.because("a goroutine and its stack for each take %s MB at least, buffers aside", number(float64(peak)*leastStack/1e6))
	p.Unknown = append(p.Unknown, "what memory there is for connections: where it is enough, a goroutine for each is simpler and as fast")
}

// together advises on goroutines that mostly wait for others of the program: a
// bound could keep those out that they wait for. Many that began and did not end
// are what a recording shows of a leak.
func (p *proposal) together(a *analysis, peak int64) {
	var began, ended int64
	for _, g := range p.groups {
		began += g.Started
		ended += g.Ended
	}
	if left := began - ended; left >= a.th.Many && left > began/2 && p.cost.wait[profile.Chan][0] > p.cost.wait[profile.Join][0] {
		p.say(actEnd, "see that its goroutines end: %d began and %d ended while it was recorded", began, ended)
		p.because("they wait for a channel, %s in all", secs(p.cost.wait[profile.Chan][0]))
		p.Unknown = append(p.Unknown, "whether they would have ended after the recording: a goroutineleak profile says which never will (/debug/pprof/goroutineleak, built with GOEXPERIMENT=goroutineleakprofile)")
		if a.basis.knows.leaks {
			p.Unknown[len(p.Unknown)-1] = "whether they would have ended after the recording: the goroutineleak profile has none of them, so what runs still refers to what they wait for"
		}
		p.Recommend, p.Gain = Setting{}, Span{}
		return
	}
	p.say(actKeep, "keep: its goroutines mostly wait for one another, and a bound of fewer than %d could stop them for good", peak)
}

func few(peak int64) string {
	if peak == 0 {
		return "few goroutines at once"
	}
	return fmt.Sprintf("no more than %d goroutines at once", peak)
}

// bounded advises on a pool, group or semaphore.
func (p *proposal) bounded(a *analysis) {
	c := &p.cost
	cores := a.cores()
	lid, capped := p.tightest()
	switch {
	case a.computes(c) && !c.collected && a.inTurns(p.siteWeight, p.binds):
		p.computing(a) // memory is the cap only if the collector takes the cores
	case c.class == classMemory:
		p.say(actKeep, "memory is the cap: more workers make more garbage, not more throughput")
		p.because("less garbage, or a larger GOGC where there is memory for it, gives the cores back")
		if p.now > cores && c.wc < a.th.CPUBound {
			p.say(actFewer, "memory is the cap: lower the limit to %d and allocate less", cores)
			p.suggest("cpu", cores, cores)
		}
	case c.class == classLock:
		p.say(actKeep, "the lock is the cap: more workers would only queue for it")
		if p.now > 0 && capped && lid.What == "lock" && 2*lid.Size <= p.now {
			p.say(actFewer, "the lock is the cap: %d do as much as %d", lid.Size, p.now)
			p.suggest(p.Now.Executor, lid.Size, lid.Size+1)
			p.Gain = Span{1, lessCrowding}
		}
	case c.class == classCPU:
		p.computing(a)
	case c.class == classIO || c.class == classMixed:
		p.waiting(a)
	case c.class == classCoordination:
		p.say(actKeep, "keep: its tasks mostly wait for other goroutines, not for the world outside")
	case a.outer(c.seen) && p.Now.InFlight < 1:
		p.say(actKeep, "keep: its tasks are mostly idle")
	default:
		p.say(actKeep, "keep: the recordings do not show what its tasks wait for")
	}
}

// tightest is the cap that allows least.
func (p *proposal) tightest() (best Cap, ok bool) {
	for _, k := range p.Caps {
		if k.Size > 0 && (!ok || k.Size < best.Size) {
			best, ok = k, true
		}
	}
	return best, ok
}

// computing wants as many workers as cores.
func (p *proposal) computing(a *analysis) {
	cores := a.cores()
	// Workers that are not at work take turns with nobody. Where that was not
	// recorded, a number that is known says it, and nothing else.
	crowded := a.inTurns(p.siteWeight, p.binds) || p.now > 0 && !a.outer(p.cost.seen)
	switch {
	case a.host.Cores == 0:
		p.say(actKeep, "keep until it is known how many cores there are: its tasks compute")
	case p.now == cores:
		p.say(actKeep, "keep: as many workers as cores, and they compute")
	case crowded && (p.now == 0 || p.now >= 2*cores):
		p.say(actFewer, "lower the limit to %d: its tasks compute", cores)
		p.suggest("cpu", cores, cores)
		p.because("W/C is %s, and there are %s", number(p.cost.wc), plural(int64(cores), "core"))
		p.Gain = Span{1, lessCrowding}
	case p.tasks.samples < a.th.LeastSamples/10:
		p.say(actKeep, "keep: too few CPU samples of its tasks (%d) to say what they take", p.tasks.samples)
	case p.now > 0 && p.now < cores && p.binds != nil && *p.binds:
		p.say(actMore, "raise the limit of %d to %d: its tasks compute", p.now, cores)
		p.suggest("cpu", cores, cores)
		p.Gain = Span{1, max(1, min(float64(cores)/float64(p.now), a.spare(p)))}
	default:
		p.say(actKeep, "keep: its tasks compute, and on average %s of them are at work on %s", numbers(a.inFlights(p.siteWeight)), plural(int64(cores), "core"))
	}
}

// waiting wants as many in flight as keep the cores busy, unless something else
// is the limit first.
func (p *proposal) waiting(a *analysis) {
	lid, capped := p.tightest()
	tight := capped && p.now > 0 && lid.Size <= p.now
	free := p.binds != nil && !*p.binds
	switch {
	case tight && lid.What == "far end" && lid.Size < p.now*3/4:
		p.say(actFewer, "lower the limit of %d to %s: the far end slows down", p.now, sizes(p.lo, lid.Size))
		p.suggest("io", p.lo, lid.Size)
		p.because("%s", lid.Why)
		_, gain, _ := a.knee(p.siteWeight)
		p.Gain = Span{1, max(lessCrowding, gain)}
	case free:
		p.say(actKeep, "keep: nobody waits for the limit")
	case tight:
		p.say(actKeep, "keep: more is capped by %s", lid.What)
		p.because("%s", lid.Why)
	case p.binds == nil:
		p.say(actKeep, "keep until a recording shows whether the limit binds")
	case a.host.Busy > fullCores:
		p.say(actKeep, "keep: the cores are busy")
		p.because("the program computes on %s of its cores' time", percent(a.host.Busy))
	case p.now > 0 && p.hi > 0 && float64(p.hi) < 1.1*float64(p.now):
		p.say(actKeep, "keep: %d in flight already keep the cores busy", p.now)
	default:
		p.more(a)
	}
}

// step is how much more work in flight is to be tried at a time: no recording says
// what happens beyond. It is that of the controller in package sizing.
const step = 4

// more raises a limit that binds.
func (p *proposal) more(a *analysis) {
	seen := float64(p.now)
	if p.now == 0 {
		seen = p.Now.InFlight
	}
	load, borne := a.loads(p.siteWeight)
	if borne = borne && load.elasticity() >= 0.5; borne {
		seen = max(seen, load.high.inFlight)
	}
	// Less than twice the size is hard to tell from noise, and growth by
	// doubling is what package sizing does where nothing is known.
	lo, hi := max(p.lo, 2*p.now), p.hi
	if hi > 0 {
		lo = min(lo, hi)
	}
	p.suggest("io", lo, hi)
	if hi == 0 || float64(hi) > step*seen {
		p.Because = append(p.Because, fmt.Sprintf("no more than %s at once have been seen: go there by steps of %d times, as long as throughput grows", number(seen), step))
	}
	most := a.spare(p)
	if p.now > 0 {
		p.say(actMore, "raise the limit of %d: try %s", p.now, sizes(lo, hi))
		most = min(most, float64(hi)/float64(p.now))
	} else {
		p.say(actMore, "raise the limit %s: try %s", p.Limit.Text, sizes(lo, hi))
		most = min(most, ratio(float64(hi), a.inFlights(p.siteWeight)[0]))
	}
	// What a recording has shown the far end to bear is the least to be had.
	p.Gain = Span{1, max(1, most)}
	if !borne {
		p.Gain[0] = p.unseenLoad(seen, hi)
	}
	for _, k := range p.Caps {
		if k.What == "lock" {
			p.because("the next lock will show: %s", k.Why)
		}
	}
}

// farEnds are the kinds of wait for something that others use, and that may bear
// less the more is asked of it.
var farEnds = []profile.Kind{profile.Net, profile.File, profile.Proc, profile.Syscall}

// unseenLoad is the least gain of so many in flight while no recording shows what
// they wait for under more than it had: a disk or a server that is past its best
// does less by as much as it is asked for more, by one step until that is seen.
func (p *proposal) unseenLoad(seen float64, hi int) float64 {
	if !slices.Contains(farEnds, strongest(&p.cost.wait)) || seen <= 0 {
		return 1
	}
	if hi == 0 {
		return 1.0 / step
	}
	return min(1, max(1.0/step, seen/float64(hi)))
}
