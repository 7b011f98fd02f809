package sizing

import "time"

// A ramp spreads the step to a larger size over a latency. Begun all at once,
// what is added would be a burst that no steady load of that size ever is, and
// a limit that refuses it says nothing about the size.
type ramp struct {
	from, to     int
	since, until time.Duration
}

// rise lets the size grow to what was set, from size on. Over a whole latency
// attempts never begin faster than they will at the new size; half of it costs
// less time and will do as long as no size was ever blamed for failures. A latency
// of 0 is a step at once.
func (c *Controller) rise(size int, latency float64) {
	if c.size <= size {
		return
	}
	e := &c.epoch
	e.rose = true
	if !(latency > 0) {
		return
	}
	if c.badFrom == 0 {
		latency /= 2
	}
	e.rising = true
	c.ramp = ramp{from: size, to: c.size, since: c.now, until: c.now + time.Duration(min(latency, 60)*float64(time.Second))}
	c.size = size
}

// climb takes the time and the outcome of a completion in, and brings the size
// to where the ramp is by now.
func (c *Controller) climb(s Sample) {
	c.now = s.Now
	c.recent <<= 1
	if s.Failed {
		c.recent |= 1
	}
	r, e := &c.ramp, &c.epoch
	if !e.rising {
		return
	}
	e.changed, e.from = s.Now, s.Now
	way := min(1, float64(s.Now-r.since)/float64(r.until-r.since))
	next := r.from + int(float64(r.to-r.from)*way)
	if c.badFrom > 0 {
		next = min(next, c.size+together)
	}
	c.size = min(c.limit(), next)
	e.rising = c.size < min(c.limit(), r.to)
}
