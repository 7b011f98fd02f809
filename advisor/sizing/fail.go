package sizing

import "math"

// tally counts attempts and failures.
type tally struct{ n, failed float64 }

func (t *tally) add(m measurement) {
	t.n += float64(m.n)
	t.failed += m.f * float64(m.n)
}

func (t *tally) share() float64 { return t.failed / max(1, t.n) }

// failed reports whether more attempts failed than is usual or chance.
func (c *Controller) failed(m measurement) bool {
	usual := c.usual.share()
	p := max(usual, excess)
	se := math.Sqrt(p * (1 - p) * (1/float64(m.n) + 1/(c.usual.n+64)))
	return m.f*float64(m.n) >= 6 && m.f-usual > excess+2.5*se
}

// shrink lets fewer tasks be in flight, to see whether fewer of them fail.
func (c *Controller) shrink(m measurement) {
	if m.size == 1 {
		c.usual.add(m)
		c.hold(m)
		c.say(failing, m, m.f)
		return
	}
	target := float64(m.size) * min(0.9, max(0.5, 0.95*(1-m.f)))
	switch {
	case c.state == blaming && m.f > 0.9:
		target = float64(m.size) / 4
	case c.state == growing && c.last.n > 0 && c.last.size < m.size:
		target = min(0.7*float64(m.size), max(float64(c.last.size), max(c.last.x, m.x)*c.calm.mean()))
	case c.state == probing && c.ref.size < m.size:
		target = float64(c.ref.size)
	}
	if c.state != blaming {
		c.resume = c.state
	}
	c.bad, c.state, c.patience = m, blaming, 0
	c.set(target)
	c.say(failing, m, m.f)
}

// blamed knows whether the size was to blame for the failures.
func (c *Controller) blamed(m measurement) {
	usual := c.usual.share()
	switch {
	case c.bad.f < acquit && m.f-usual > 0.6*(c.bad.f-usual):
		c.usual.add(m)
		c.usual.add(c.bad)
		c.acquitted()
	case c.failed(m):
		// What was begun too much has its effect for a while.
		if c.patience += m.span; c.patience >= 16*c.calm.mean() {
			c.shrink(m)
		}
	case c.resume == growing && c.factor > gentle && c.bad.f < 0.9:
		// The jump may have been too much at once, and the size may bear more.
		c.factor = gentle
		c.last, c.state = m, growing
		c.set(math.Ceil(c.factor * float64(m.size)))
	default:
		c.lid = max(1, c.bad.size-1)
		c.lidFor = c.lidLen
		c.lidLen = min(2*c.lidLen, 64)
		c.hold(m)
		c.pause, c.up = 4, true
		if ratio := float64(c.bad.size) / float64(m.size); ratio > 1.4 {
			c.stride = math.Sqrt(ratio) - 1
			c.probe(m)
		}
	}
}

// acquitted goes on with what the failures interrupted.
func (c *Controller) acquitted() {
	if c.resume == growing {
		c.state = growing
		c.grown(c.bad)
		return
	}
	c.set(float64(c.bad.size))
	c.state = holding
	c.say(failingAnyway, c.bad, c.bad.f)
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
