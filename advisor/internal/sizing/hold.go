package sizing

import "math"

// hold stays at a measured size and waits to probe its neighbours.
func (c *Controller) hold(m measurement) {
	c.state, c.ref = holding, m
	c.pause, c.idle, c.suspect = 1, 0, false
	c.up, c.stride = m.u < busy && !c.worse, probeStep
	c.worse = false
}

// moved reports whether the world is not what it was.
func (c *Controller) moved(m measurement) bool {
	q := math.Abs(math.Log(m.x / c.ref.x))
	return q > 0.3+2*(m.noise+c.ref.noise) || math.Abs(m.u-c.ref.u) > 0.3
}

// scatters learns from one more epoch of the held size how much throughput varies
// beyond what the latencies in an epoch tell: the method of batch means, with the
// newer epochs counting more.
func (c *Controller) scatters(m measurement) {
	if c.ref.size != m.size || !(m.x > 0 && c.ref.x > 0) {
		return
	}
	q := math.Log(m.x / c.ref.x)
	c.scatter += (q*q/(1/float64(m.n)+1/float64(c.ref.n)) - c.scatter) / 4
}

// jolted reports whether the world is so much another that the epoch need not
// be waited for: a small size may take a second for it once tasks take longer.
// It is asked at any completion, so that chance has to be ruled out.
func (c *Controller) jolted(m measurement) bool {
	z := c.distance(m)
	return z*z/2 > atOnce && c.moved(m)
}

// otherWork reports whether the cores were the limit and are not any more: then
// nothing is known to be in the way of what is done now.
func (c *Controller) otherWork(m measurement) bool { return c.ref.u > saturated && m.u < c.ref.u/2 }

func (c *Controller) held(m measurement) {
	moved := c.moved(m)
	if c.suspect = moved && !c.suspect; c.suspect {
		return // the next epoch tells whether that was a passing moment
	}
	if moved {
		size := float64(m.size)
		if m.x < c.ref.x && !c.otherWork(m) {
			size = min(size, max(size/2, kneeSlack*m.x*c.calm.mean()))
		}
		c.restart(m, size)
		return
	}
	c.scatters(m)
	c.ref = m.after(c.ref)
	if c.idle++; c.idle >= c.pause {
		c.probe(c.ref)
	}
}

// probe tries a neighbour size in one direction, or the other if that is out
// of range. The step is large enough to tell an effect from noise.
func (c *Controller) probe(m measurement) {
	up := m.u <= saturated && m.size < c.limit()
	down := m.size > 1 && (m.size > 3*c.procs || m.u < 0.9) && c.queues(m)
	if !up && !down {
		c.rest()
		return
	}
	if c.up && !up || !c.up && !down {
		c.up, c.stride = !c.up, probeStep
	}
	step := 1 + max(c.stride, min(1, 2.5*m.noise))
	c.state = probing
	if c.up {
		next := float64(m.size) * step
		if c.now < c.lidUntil && c.lid > m.size {
			next = min(next, math.Sqrt(float64(m.size)*float64(c.bad.size)))
		}
		c.set(math.Ceil(next))
		return
	}
	c.set(math.Floor(float64(m.size) / step))
}

// queues reports whether tasks in flight wait for each other. While none does,
// throughput falls with the size (Little's law): no need to try fewer.
func (c *Controller) queues(m measurement) bool {
	return c.full || !(m.little() < queued*c.calm.mean())
}

// probed keeps the neighbour if it gains (up) or loses next to nothing (down),
// and goes on in that direction with longer steps.
func (c *Controller) probed(m measurement) {
	se := math.Sqrt(square(m.noise) + square(c.ref.noise))
	before := c.ref
	if c.up && !c.gains(m, se) || !c.up && m.x < before.x*(lossDown+0.5*se) {
		c.set(float64(before.size))
		c.why.tried = m.size
		if c.up {
			c.full = m.x < before.x*(1+gainUp/2)
		}
		c.rest()
		return
	}
	c.ref = m
	if c.up {
		c.full = false
		c.say(moreBrings, before, m.x/before.x-1)
	} else {
		// Small losses must not add up unseen.
		c.ref.x = max(m.x, 0.99*before.x)
		c.say(fewerSuffice, before, m.x/before.x-1)
	}
	c.pause, c.idle, c.stride = 1, 0, min(1, 2*c.stride)
	c.probe(m)
}

// gains reports whether more in flight pay. Where nothing queued before,
// throughput is expected to follow, and noise must not hide that: the prior for
// its logarithm is normal, with half the step as mean and deviation, and half
// of that mean has to be left of it.
func (c *Controller) gains(m measurement, se float64) bool {
	if c.queues(c.ref) || m.u > saturated {
		return m.x > c.ref.x*(1+max(gainUp, 0.7*se))
	}
	expected := math.Log(float64(m.size)/float64(c.ref.size)) / 2
	return math.Log(m.x/c.ref.x) > (expected-se*se/expected)/2
}

// rest holds the size until the next probe, which comes the later the more
// often probing was in vain.
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
