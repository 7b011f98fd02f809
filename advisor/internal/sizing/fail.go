package sizing

import (
	"math"
	"math/bits"
	"time"
)

// tally counts attempts and failures.
type tally struct{ n, failed float64 }

func (t *tally) add(m measurement) {
	t.n += float64(m.n)
	t.failed += m.f * float64(m.n)
}

func (t *tally) share() float64 { return t.failed / max(1, t.n) }

// failed reports whether more attempts failed than is usual or chance.
func (c *Controller) failed(m measurement) bool {
	return c.surprise(m.f*float64(m.n), float64(m.n)) > atEnd
}

// surprise is how unlikely it is that failed of n attempts fail if only the
// usual share does: -ln of Chernoff's bound, n·KL(f ‖ p). It is 0 for few.
func (c *Controller) surprise(failed, n float64) float64 {
	f, p := failed/n, min(0.999, c.usual.share()+excess)
	if failed < 6 || f <= p {
		return 0
	}
	kl := f * math.Log(f/p)
	if f < 1 {
		kl += (1 - f) * math.Log((1-f)/(1-p))
	}
	return n * kl
}

// alarmed lets the size shrink in the middle of an epoch once it is certain
// that too many fail: where refusals are punished, each further one costs.
func (c *Controller) alarmed(s Sample) bool {
	e := &c.epoch
	if !s.Failed || c.state == blaming {
		return false
	}
	failed, n := e.failed, e.n
	if e.rose {
		failed, n = e.seenBad, e.seen
	}
	if c.surprise(float64(failed), float64(n)) <= atOnce {
		return false
	}
	m := e.measure(s.Now, c.size, c.procs)
	if m.span > 0 {
		c.trials.add(m)
	}
	m.n, m.f = n, float64(failed)/float64(n)
	c.shrink(m)
	c.begin(s.Now, c.size)
	return true
}

// shrink lets fewer tasks be in flight, to see whether fewer of them fail.
func (c *Controller) shrink(m measurement) {
	target := float64(m.size) * min(0.9, max(0.5, 0.95*(1-m.f)))
	switch {
	case c.state == growing && c.last.n > 0 && c.last.size < m.size:
		target = max(float64(c.last.size), min(0.7*float64(m.size), max(c.last.x, m.x)*c.calm.mean()))
	case c.state == probing && c.ref.size < m.size:
		target = float64(c.ref.size)
	}
	if c.state != blaming {
		c.resume, c.badFrom = c.state, c.now
	}
	c.bad, c.state, c.patience, c.trickle, c.cleared, c.back = m, blaming, 0, false, false, 0
	c.set(min(target, float64(c.size)))
	c.say(failing, m, m.f)
}

// weather watches single attempts while a size is blamed. While everything
// fails, a few in flight are enough to see the end of it and keep no penalty
// alive; with the first that succeed in a row the size comes back.
func (c *Controller) weather() bool {
	e := &c.epoch
	if c.state != blaming || e.n == 0 {
		return false
	}
	before, newest := c.size, bits.OnesCount16(c.recent)
	switch {
	case !c.trickle && !c.cleared && newest == 0 && e.seen >= 16:
		// What failed so far may have been begun too much before.
		c.cleared = true
		if e.failed == 0 {
			return false
		}
	case c.trickle && c.recent&7 == 0:
		c.trickle, c.cleared = false, false
		c.set(float64(c.back))
	case c.size > 1 && newest >= 14 && e.n >= 16:
		if !c.trickle {
			if c.back != c.size {
				c.back = c.size
			} else { // it failed once more after it came back
				c.back = (c.back + 1) / 2
			}
		}
		c.trickle = true
		c.set(float64(c.size) / 4)
	case c.trickle && e.n >= 256 && c.now-e.changed > longStorm:
		// Whatever was too much is over by now: these fail anyway.
		c.usual.add(e.measure(c.now, c.size, c.procs))
		c.trickle = false
		c.acquitted(failingAnyway)
	default:
		return false
	}
	c.begin(c.now, min(before, c.size))
	c.rise(before, c.calm.mean())
	return true
}

// blamed knows whether the size was to blame for the failures.
func (c *Controller) blamed(m measurement) {
	usual := c.usual.share()
	switch {
	case c.bad.f < acquit && m.f-usual > 0.75*(c.bad.f-usual), c.anyway(m):
		c.usual = tally{} // what was usual until now is so no more
		c.usual.add(m)
		c.usual.add(c.bad)
		c.acquitted(failingAnyway)
	case c.failed(m):
		// What was begun too much has its effect for a while.
		if c.patience += m.span; c.patience >= 16*c.calm.mean() {
			c.shrink(m)
		}
	case c.pays(m):
		c.usual, c.paid = tally{}, c.bad.size
		c.usual.add(c.bad)
		c.acquitted(failingPays)
	case c.resume == growing && c.factor > gentle && c.bad.f < 0.9:
		// The jump may have been too much at once, and the size may bear more.
		c.factor = gentle
		c.last, c.state = m, growing
		c.set(math.Ceil(c.factor * float64(m.size)))
	default:
		c.confine(m)
	}
}

// pays reports whether the size that failed achieved more in spite of it, as
// where a limit refuses some of what it could just serve. A collapse takes time
// to show: a jump while growing proves nothing.
func (c *Controller) pays(m measurement) bool {
	bad := &c.bad
	return bad.f < acquit && bad.n >= 24 && m.x < bad.x && bad.size != c.paid && (c.resume != growing || bad.size <= 2*m.size)
}

// anyway reports whether attempts fail even one at a time, for reasons of
// their own: some of them, or all for longer than any penalty.
func (c *Controller) anyway(m measurement) bool {
	return m.size == 1 && c.bad.size == 1 && c.failed(m) && (m.f < 0.9 || c.now-c.badFrom > longStorm)
}

// confine stays below the size that failed, the longer the more often one did,
// and looks for what lies between if there is much.
func (c *Controller) confine(m measurement) {
	ratio := float64(c.bad.size) / float64(m.size)
	c.lid = max(1, c.bad.size-1)
	if ratio < 1+probeStep {
		c.lid = m.size
	}
	cost := c.now - c.badFrom
	c.lidUntil = c.now + min(time.Duration(c.lidLen)*cost, max(lookAgain*cost, c.now/lookAgain))
	c.lidLen = min(2*c.lidLen, 256)
	c.hold(m)
	c.pause, c.up = 2, true
	if ratio > 1.4 {
		c.stride = math.Sqrt(ratio) - 1
		c.probe(m)
	}
}

// acquitted goes on with what the failures interrupted.
func (c *Controller) acquitted(why kind) {
	if c.resume == growing {
		c.state = growing
		c.grown(c.bad)
		return
	}
	c.set(float64(c.bad.size))
	c.state = holding
	c.say(why, c.bad, c.bad.f)
}

// memory bounds the size by what a task in flight holds.
type memory struct {
	limit int64
	least int64 // smallest reading
	per   float64
	lid   int
}

// roomy is the share of the limit that may be used: readings are late.
const roomy = 0.9

// read takes a reading in and reports whether there is a limit.
func (g *memory) read(s Sample) bool {
	if g.limit <= 0 {
		return false
	}
	if g.least == 0 || s.Memory < g.least {
		g.least = s.Memory
	}
	g.per = float64(s.Memory-g.least) / float64(s.InFlight)
	g.lid = math.MaxInt32
	switch room := roomy*float64(g.limit) - float64(g.least); {
	case room <= 0:
		g.lid = 1
	case g.per > 0:
		g.lid = int(max(1, min(float64(g.lid), room/g.per)))
	}
	return true
}

// shed shrinks the size at once to what fits into memory.
func (c *Controller) shed(s Sample) {
	before := c.size
	c.size = c.limit()
	c.hold(measurement{size: c.size})
	c.say(memoryFull, measurement{size: before}, c.memory.per)
	c.begin(s.Now, min(before, leftOut))
}
