package sizing

import "math"

// decide acts on a measurement.
func (c *Controller) decide(m measurement) {
	if c.now > c.lidUntil {
		c.lid = c.ceiling
	}
	if c.state != blaming && c.failed(m) {
		c.shrink(m)
		return
	}
	if c.state != blaming {
		c.usual.add(m)
	}
	if m.in < starved*float64(m.size) {
		// The size was never in use: nothing is known about it.
		c.say(inputSlow, m, m.in)
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

// tooSoon reports whether the epoch has to go on whatever it has seen.
func (c *Controller) tooSoon(s Sample) bool {
	e := &c.epoch
	if c.state == growing {
		elapsed := s.Elapsed.Seconds()
		c.sum += elapsed
		c.squares += elapsed * elapsed
		// Quick tasks end first: wait for the mean time that a task in flight
		// still has to go (the inspection paradox: E[R²]/2E[R]).
		if 2*c.sum*(s.Now-e.changed).Seconds() < c.squares {
			return true
		}
		// The very first to end may all have come from a cache. Waiting for
		// more costs nothing that counts while it is a matter of milliseconds.
		if e.n < firstRounds*c.size && s.Now-e.changed < moment {
			return true
		}
	}
	// Those that have ended have to explain a good part of the time in flight,
	// except for that of one which would hold up a check, and not much more
	// than that: what began together and ends together is no throughput.
	in := e.flight / float64(e.n)
	if c.state == checking {
		in--
	}
	span := (s.Now - e.from).Seconds()
	return e.n < c.need || e.sum < explained*in*span || explained*e.sum > (in+1)*span && e.n < c.most
}

// unsure reports whether the measurement is too uncertain to decide anything.
func (c *Controller) unsure(m measurement) bool {
	switch {
	case c.state == blaming:
		return float64(m.n)*c.bad.f < 16 && m.n < 500
	case c.failed(m) && m.f > 0.3:
		return false
	case c.state == checking:
		return m.se > checkSpread && m.n < c.most
	case c.state == probing && c.obvious(m), c.state == holding && c.jolted(m):
		return false
	case c.state != growing:
		return m.n < c.rounds(32) || m.n < c.most && m.noise > goodSpread
	case m.u > saturated:
		return m.n < 64+m.size
	case c.last.n == 0 || m.size <= c.last.size || m.n >= max(32, 2*m.size):
		return false
	}
	q, se := c.inflation(m)
	return q > -se && q < 2*se
}

// obvious reports whether a neighbour is so much better or worse that nothing
// more has to be seen: a size that is far off should not be held for long.
func (c *Controller) obvious(m measurement) bool {
	return c.distance(m) > 3
}

// distance is how far the throughput is from that of the held size, in standard
// errors.
func (c *Controller) distance(m measurement) float64 {
	se := math.Sqrt(square(max(m.noise, leastSpread/math.Sqrt(float64(m.n)))) + square(c.ref.noise))
	return math.Abs(math.Log(m.x/c.ref.x)) / se
}

// inflation is the logarithm of how far the latency lies above what still
// counts as growth, and its standard error. It compares with all the latencies
// before anything queued, as the last throughput alone is less sure.
func (c *Controller) inflation(m measurement) (q, se float64) {
	q = math.Log(m.little()/c.calm.mean()) - (1-kneeBelow)*math.Log(float64(m.size)/float64(c.last.size))
	return q, math.Sqrt(square(c.calm.spread()) + square(m.se))
}

// grown decides after a measurement while growing.
func (c *Controller) grown(m measurement) {
	factor := c.factor // of the next step
	if c.last.n > 0 && m.size > c.last.size {
		if m.u > saturated && m.x < 0.95*c.last.x {
			c.stopped(m)
			return
		}
		ratio := float64(m.size) / float64(c.last.size)
		follows := m.x >= c.last.x*math.Pow(ratio, kneeBelow)
		if q, se := c.inflation(m); m.u <= saturated && !follows && q > min(0.2, se) {
			c.stopped(m)
			return
		} else if m.u <= saturated {
			// The nearer the knee, the shorter the next step: what is begun
			// too much has to be worked off by a back-end that it slows.
			room := (se/2 - q) / ((1 - kneeBelow) * math.Log(ratio))
			factor = math.Pow(factor, max(0.5, min(1, room)))
		}
	}
	c.last = m
	if m.x > c.best.x {
		c.best = m
	}
	if c.calm.n < 16 || m.u <= saturated && m.little() <= calmBelow*c.calm.mean() {
		c.calm.add(m)
	}
	if m.u > saturated {
		c.hold(m)
		c.say(coresBusy, m, m.u)
		return
	}
	c.grow(m, factor)
}

// stopped knows that throughput did not follow, or makes sure of it.
func (c *Controller) stopped(m measurement) {
	switch {
	case m.u > busy && c.again != m.size:
		// Connections, threads and caches of the new places may have kept the cores
		// busy, which happens once: the next epoch at this size tells.
		c.again = m.size
	case m.u <= saturated && c.doubtful(m):
		c.check(m)
	default:
		c.knee(m)
	}
}

// restart lets growth begin anew from size.
func (c *Controller) restart(m measurement, size float64) {
	c.state, c.factor, c.full, c.again = growing, jump, false, 0
	if m.x < c.ref.x && !c.otherWork(m) { // what was begun may be too much already
		c.factor = gentle
	}
	c.calm, c.last, c.best = pool{}, measurement{}, measurement{}
	if size >= float64(m.size) {
		c.grown(m)
		return
	}
	c.set(size)
	c.say(changed, m, m.x)
}

// grow jumps to a size up to factor times as large: by the utilisation law
// U = X·C/P the cores are full at size/u unless something else is the limit
// before.
func (c *Controller) grow(m measurement, factor float64) {
	next := math.Ceil(factor * float64(m.size))
	if m.u > 0 {
		next = min(next, spare*float64(m.size)/m.u)
	}
	c.set(next)
	c.say(stillGrowing, m, m.u)
	if c.size <= m.size {
		c.hold(m)
		if c.memory.limit > 0 && c.memory.lid <= c.size {
			c.say(memoryFull, m, c.memory.per)
			return
		}
		c.say(atCeiling, m, 0)
	}
}

// doubtful reports whether what went before was too short to see slow tasks:
// too few have ended, or only those that never wait.
func (c *Controller) doubtful(m measurement) bool {
	return c.calm.n < 20 && c.last.span < m.longest || c.last.span < m.longest/20
}

// check measures the size before once more.
func (c *Controller) check(m measurement) {
	c.bad, c.state = m, checking
	c.set(float64(c.last.size))
	c.say(slowerThanThought, m, float64(c.size))
}

// checked knows at last how long a task takes before anything queues.
func (c *Controller) checked(m measurement) {
	old := c.calm
	slower := m.little() / old.mean()
	queues := slower > 1.4 // at this size already, if what went before is true
	known := old.n >= 32
	c.calm = pool{}
	if m.size >= 8 && (slower > 3 || queues && !known) {
		// All that went before was too short, or too little to tell that from
		// tasks that queue here already: this size may be too much, too.
		// No latency counts any more, and the next check decides by q alone.
		c.bad, c.last, c.best = m, measurement{}, measurement{}
		c.set(float64(m.size) / 4)
		c.say(slowerThanThought, m, float64(c.size))
		return
	}
	c.calm.add(m)
	c.last, c.best = m, m
	q, _ := c.inflation(c.bad)
	if q < 0 && !(slower <= 1.4) {
		c.state = growing
		c.set(float64(c.bad.size))
		return
	}
	if queues && known {
		c.calm = old
	}
	c.knee(c.bad)
	c.full = c.full || queues
}

// knee goes back to where throughput stopped growing: by Little's law the best
// throughput needs X·R tasks in flight if none of them queues.
func (c *Controller) knee(m measurement) {
	little := max(m.x, c.best.x) * c.calm.mean()
	target := kneeSlack * little
	c.worse = m.x < 0.8*c.last.x
	c.full = c.worse
	if m.x < 0.95*c.last.x {
		target = min(target, math.Sqrt(float64(c.last.size)*float64(m.size)))
	}
	if m.x > c.best.x {
		c.best = m
	}
	c.state, c.ref = settling, measurement{}
	c.set(max(0.5*float64(c.last.size), min(target, float64(m.size))))
	c.say(atKnee, m, little)
}

// settled goes up from the knee until throughput is as good as the best was.
func (c *Controller) settled(m measurement) {
	if c.ref.n > 0 && m.x < c.ref.x*(1-math.Hypot(m.noise, c.ref.noise)/2) {
		// More brings less: the best was a passing moment.
		c.hold(c.ref)
		c.set(float64(c.ref.size))
		return
	}
	c.ref = m
	if m.x >= 0.95*c.best.x || m.u > saturated || m.size >= c.best.size {
		c.hold(m)
		return
	}
	next := math.Sqrt(float64(c.best.size) * float64(m.size))
	if next < 1.3*float64(m.size) {
		next = float64(c.best.size)
	}
	c.set(next)
}

// aborted ends an epoch early when a jump made things much worse.
func (c *Controller) aborted(s Sample) bool {
	last, e := &c.last, &c.epoch
	if c.state != growing || last.n == 0 || c.size <= last.size {
		return false
	}
	t := (s.Now - e.changed).Seconds()
	if t < 2*last.r || last.x*t < 12 || float64(e.seen) > abortBelow*last.x*t {
		return false
	}
	m := e.measure(s.Now, c.size, c.procs)
	c.trials.add(m)
	if m.longest = max(m.longest, t); c.doubtful(m) {
		c.check(m)
	} else {
		c.state, c.ref, c.worse, c.full = settling, measurement{}, true, true
		c.set(max(1.1*c.best.x*c.calm.mean(), float64(last.size)))
		c.say(atKnee, m, c.best.x*c.calm.mean())
	}
	c.begin(s.Now, min(m.size, leftOut))
	return true
}
