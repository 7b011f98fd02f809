package sizing

import (
	"fmt"
	"math"
	"time"
)

func (c *Controller) trace(now time.Duration, m measurement) {
	fmt.Printf("%8.3fs N=%d n=%d X=%.0f R=%.2fms u=%.2f f=%.3f se=%.2f | %s\n", now.Seconds(), m.size, m.n, m.x, 1e3*m.r, m.u, m.f, m.se, c.why)
}

// set changes the size within the limits.
func (c *Controller) set(size float64, why string) {
	c.size = int(min(float64(min(c.ceiling, c.cap)), max(1, math.Round(size))))
	c.why = why
}

// inflation is the logarithm of how far the latency lies above what still
// counts as growth, and its standard error.
func (c *Controller) inflation(m measurement) (q, se float64) {
	r := float64(m.size) / m.all // Little's law
	q = math.Log(r/c.calm.mean()) - (1-kneeBelow)*math.Log(float64(m.size)/float64(c.last.size))
	return q, math.Sqrt(square(c.calm.spread()) + square(m.se))
}

func square(x float64) float64 { return x * x }

// unsure reports whether the epoch has to go on before anything is decided.
func (c *Controller) unsure(m measurement) bool {
	if c.state == blaming {
		return float64(m.n)*c.bad.f < 16 && m.n < 500
	}
	if c.failed(m) && m.f > 0.3 || c.state == checking {
		return false
	}
	if c.state != growing {
		return m.n < c.most && m.se > holdSpread
	}
	if m.u > saturated {
		return m.n < 64+m.size
	}
	if c.last.n == 0 || m.size <= c.last.size || m.n >= max(32, 2*m.size) {
		return false
	}
	q, se := c.inflation(m)
	return q > -se && q < 2*se
}

// failed reports whether more attempts failed than is usual or chance.
func (c *Controller) failed(m measurement) bool {
	base := c.base()
	p := max(base, excess)
	se := math.Sqrt(p * (1 - p) * (1/float64(m.n) + 1/(c.baseN+64)))
	return m.f*float64(m.n) >= 6 && m.f-base > excess+2.5*se
}

// base is the share of failures that does not depend on the size.
func (c *Controller) base() float64 { return c.baseF / max(1, c.baseN) }

func (c *Controller) learnBase(m measurement) {
	c.baseN += float64(m.n)
	c.baseF += m.f * float64(m.n)
}

func (c *Controller) decide(m measurement) {
	if c.capFor--; c.capFor == 0 {
		c.cap = c.ceiling
	}
	if c.state != blaming && c.failed(m) {
		c.failing(m)
		return
	}
	switch c.state {
	case growing:
		c.grown(m)
	case checking:
		c.checked(m)
	case settling:
		c.settled(m)
	case holding:
		c.held(m)
	case probing:
		c.probed(m)
	case blaming:
		c.blamed(m)
	}
}

// grown decides after a measurement while growing.
func (c *Controller) grown(m measurement) {
	if c.last.n > 0 && m.size > c.last.size {
		if m.u > saturated && m.x < 0.95*c.last.x {
			c.knee(m)
			return
		}
		if q, se := c.inflation(m); m.u <= saturated && q > min(0.2, se) {
			if c.doubtful(m) {
				// What went before was too short to see the slow tasks: look again.
				c.bad, c.state = m, checking
				c.set(float64(c.last.size), "look again")
				return
			}
			c.knee(m)
			return
		}
	}
	c.last = m
	if m.x > c.best.x {
		c.best = m
	}
	c.calm.add(m)
	c.learnBase(m)
	if m.u > saturated {
		c.hold(m, "cores are busy")
		return
	}
	c.grow(m)
}

// doubtful reports whether what went before was too short to see slow tasks.
func (c *Controller) doubtful(m measurement) bool {
	return c.calm.n < 256 && c.last.span < m.longest
}

func (c *Controller) grow(m measurement) {
	next := jump * float64(m.size)
	if m.u > 0 {
		next = min(next, spare*float64(m.size)/m.u)
	}
	c.set(next, "growing")
	if c.size <= m.size {
		c.hold(m, "ceiling")
	}
}

// knee goes back to where throughput stopped growing.
func (c *Controller) knee(m measurement) {
	last := c.last
	target := kneeSlack * max(m.x, c.best.x) * c.calm.mean()
	if m.x < 0.95*last.x {
		target = min(target, math.Sqrt(float64(last.size)*float64(m.size)))
	}
	if m.x > c.best.x {
		c.best = m
	}
	target = max(float64(last.size)*0.5, min(target, float64(m.size)))
	c.state, c.ref = settling, measurement{}
	c.set(target, "knee")
}

func (c *Controller) settled(m measurement) {
	if c.ref.n > 0 && m.x < c.ref.x {
		// More brings less: the best was a passing moment.
		m = c.ref
		c.hold(m, "knee")
		c.set(float64(m.size), "knee")
		return
	}
	c.ref = m
	if m.x >= 0.95*c.best.x || m.u > saturated || m.size >= c.best.size {
		c.hold(m, "knee")
		return
	}
	next := math.Sqrt(float64(c.best.size) * float64(m.size))
	if next < 1.3*float64(m.size) {
		next = float64(c.best.size)
	}
	c.set(next, "knee, more")
}

// checked knows at last how long a task takes before anything queues.
func (c *Controller) checked(m measurement) {
	r := c.calm.mean()
	c.calm = pool{}
	c.calm.add(m)
	c.last = m
	c.best = m
	m2 := c.bad
	if float64(m.size)/m.all > 1.4*r {
		if q, _ := c.inflation(m2); q < 0 {
			c.state = growing
			if m.u > saturated {
				c.hold(m, "cores")
				return
			}
			c.grow(m2)
			return
		}
	}
	c.knee(m2)
}

func (c *Controller) hold(m measurement, why string) {
	c.state = holding
	c.ref = m
	c.pause, c.idle = 1, 0
	c.up, c.stride = false, probeStep
	c.why = why
}

func (c *Controller) moved(m measurement) bool {
	q := math.Abs(math.Log(m.x / c.ref.x))
	return q > 0.3+2*(m.se+c.ref.se) || math.Abs(m.u-c.ref.u) > 0.3
}

func (c *Controller) held(m measurement) {
	if c.moved(m) {
		c.ref = m
		c.pause, c.up, c.stride = 1, true, 3*probeStep
		c.probe(m)
		return
	}
	c.ref = m
	if c.idle++; c.idle >= c.pause {
		c.probe(m)
	}
}

// probe tries a neighbour size in one direction, or the other if that is out
// of range.
func (c *Controller) probe(m measurement) {
	up := m.u <= saturated && m.size < min(c.ceiling, c.cap)
	down := m.size > 1 && (m.size > 3*c.procs || m.u < 0.9)
	if !up && !down {
		c.rest()
		return
	}
	if c.up && !up || !c.up && !down {
		c.up, c.stride = !c.up, probeStep
	}
	stride := 1 + max(c.stride, min(1, 2.5*m.se))
	c.state = probing
	if c.up {
		c.set(math.Ceil(float64(m.size)*stride), "probe up")
		return
	}
	c.set(math.Floor(float64(m.size)/stride), "probe down")
}

func (c *Controller) probed(m measurement) {
	se := math.Sqrt(square(m.se) + square(c.ref.se))
	ok := m.x > c.ref.x*(1+max(gainUp, se))
	if !c.up {
		ok = m.x >= c.ref.x*(lossDown+0.5*se)
	}
	if !ok {
		c.back()
		return
	}
	x := max(m.x, 0.99*c.ref.x)
	c.ref = m
	if !c.up {
		c.ref.x = x
	}
	c.pause, c.idle, c.stride = 1, 0, min(3, 2*c.stride)
	c.probe(m)
}

func (c *Controller) back() {
	c.set(float64(c.ref.size), "hold")
	c.rest()
}

func (c *Controller) rest() {
	c.state, c.idle = holding, 0
	if c.stride > probeStep {
		c.stride = probeStep
		return
	}
	if !c.up {
		c.pause = min(maxPause, 2*c.pause)
	}
	c.up = !c.up
}

// aborts goes back at once when a jump made things much worse.
func (c *Controller) aborts(s Sample) bool {
	last, e := &c.last, &c.epoch
	if c.state != growing || last.n == 0 || c.size <= last.size {
		return false
	}
	t := (s.Now - e.changed).Seconds()
	if t < 4*last.r || last.x*t < 16 || float64(e.seen) > 0.5*last.x*t {
		return false
	}
	m := e.measure(s.Now, c.size, c.procs)
	if m.u > 0.9 {
		return false
	}
	size := c.size
	if m.longest = max(m.longest, t); c.doubtful(m) {
		c.bad, c.state = m, checking
		c.set(float64(last.size), "look again")
	} else {
		c.state, c.ref = settling, measurement{}
		c.set(max(1.1*c.best.x*c.calm.mean(), float64(last.size)), "abort")
	}
	if c.Debug {
		c.trace(s.Now, m)
	}
	c.next(s.Now, min(size, leftOut))
	return true
}

// failing shrinks the size when too many attempts fail, to see whether it helps.
func (c *Controller) failing(m measurement) {
	if m.size == 1 {
		c.learnBase(m)
		c.hold(m, "errors at size 1")
		return
	}
	target := float64(m.size) * min(0.9, max(0.5, 0.95*(1-m.f)))
	if c.state == blaming && m.f > 0.9 {
		target = float64(m.size) / 4
	}
	if c.state == growing && c.last.n > 0 && c.last.size < m.size {
		target = min(0.7*float64(m.size), max(float64(c.last.size), max(c.last.x, m.x)*c.calm.mean()))
	}
	if c.state == probing && c.ref.size < m.size {
		target = float64(c.ref.size)
	}
	if c.state != blaming {
		c.resume = c.state
	}
	c.bad, c.state, c.patience = m, blaming, 0
	c.set(target, "fewer because of errors")
}

func (c *Controller) limit(m measurement) {
	c.cap = max(1, m.size-1)
	c.capFor = c.capLen
	c.capLen = min(2*c.capLen, 256)
}

func (c *Controller) blamed(m measurement) {
	if c.bad.f < 0.5 && m.f-c.base() > 0.6*(c.bad.f-c.base()) {
		c.learnBase(m)
		c.learnBase(c.bad)
		if c.resume == growing {
			c.state = growing
			c.grown(c.bad)
			return
		}
		c.set(float64(c.bad.size), "errors do not depend on the size")
		c.state = holding
		return
	}
	if c.failed(m) {
		if c.patience += m.span; c.patience < 16*c.calm.mean() {
			return // what was begun too much has its effect for a while
		}
		c.failing(m)
		return
	}
	c.limit(c.bad)
	c.hold(m, "errors")
	c.pause, c.up = 4, true
	if ratio := float64(c.bad.size) / float64(m.size); ratio > 1.4 {
		c.up, c.stride = true, math.Sqrt(ratio)-1
		c.probe(m)
	}
}
