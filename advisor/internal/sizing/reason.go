package sizing

import (
	"fmt"
	"math"
	"time"
)

// reason is why the size is what it is. It is worded only when asked for, so
// that a completion costs no formatting.
type reason struct {
	kind  kind
	m     measurement // that led to it
	value float64     // meaning depends on the kind
	tried int         // size that was tried since and did no better; 0: none
}

type kind int

const (
	tooEarly          kind = iota
	stillGrowing           // value: utilisation
	slowerThanThought      // value: size that is looked at
	coresBusy              // value: utilisation
	atCeiling              //
	atKnee                 // value: size by Little's law
	moreBrings             // value: gain
	fewerSuffice           // value: gain
	failing                // value: share of failures
	failingAnyway          // value: share of failures
	failingPays            // value: share of failures
	memoryFull             // value: bytes per task in flight
	inputSlow              // value: tasks in flight
	changed                // value: throughput
)

func (c *Controller) say(k kind, m measurement, value float64) {
	c.why = reason{kind: k, m: m, value: value}
}

// Reason says in one line why the size is what it is.
func (c *Controller) Reason() string {
	if c.why.tried > 0 {
		return fmt.Sprintf("%s; %d did no better", c.cause(), c.why.tried)
	}
	return c.cause()
}

// cause words the reason.
func (c *Controller) cause() string {
	m, v := c.why.m, c.why.value
	switch c.why.kind {
	case stillGrowing:
		if v < 0 {
			return fmt.Sprintf("growing: throughput followed up to %d", m.size)
		}
		return fmt.Sprintf("growing: throughput followed up to %d, cores are %.0f %% busy", m.size, 100*v)
	case slowerThanThought:
		return fmt.Sprintf("tasks take longer at %d; looking at %.0f once more", m.size, v)
	case coresBusy:
		return fmt.Sprintf("cores are busy (%.0f %%)", 100*min(1, v))
	case atCeiling:
		return fmt.Sprintf("at the ceiling of %d", c.limit())
	case atKnee:
		return fmt.Sprintf("throughput stopped growing below %d (Little's law: %.0f)", m.size, v)
	case moreBrings:
		if v <= 0 {
			return fmt.Sprintf("more than %d did as well (%+.0f %%)", m.size, 100*v)
		}
		return fmt.Sprintf("more than %d brought %+.0f %%", m.size, 100*v)
	case fewerSuffice:
		if math.IsNaN(v) { // none succeeds, at either size
			return fmt.Sprintf("fewer than %d did as well: nothing succeeds", m.size)
		}
		return fmt.Sprintf("fewer than %d did as well (%+.0f %%)", m.size, 100*v)
	case failing:
		return fmt.Sprintf("errors above %.0f %% at %d (%.0f %%)", 100*(excess+c.usual.share()), m.size, 100*v)
	case failingAnyway:
		return fmt.Sprintf("errors (%.0f %%) do not depend on the size", 100*v)
	case failingPays:
		return fmt.Sprintf("errors (%.0f %%) at %d cost less than fewer in flight would", 100*v, m.size)
	case memoryFull:
		return fmt.Sprintf("memory: a task in flight holds %.1f MB", v/1e6)
	case changed:
		return fmt.Sprintf("throughput at %d changed (%.3g a second): growing anew", m.size, v)
	case inputSlow:
		return fmt.Sprintf("the input keeps only %.0f tasks in flight", v)
	}
	return "too few tasks have finished yet"
}

// trials keeps the newest measurements.
type trials struct {
	ring [64]measurement
	n    int // ever added
}

func (t *trials) add(m measurement) {
	if t.n > 0 {
		if last := &t.ring[(t.n-1)%len(t.ring)]; last.size == m.size {
			last.merge(m)
			return
		}
	}
	t.ring[t.n%len(t.ring)] = m
	t.n++
}

// Trials returns the sizes that were measured, oldest first; the same size
// measured several times in a row is one trial. Of a long run only the newest
// 64 are kept.
func (c *Controller) Trials() []Trial {
	t := &c.trials
	var list []Trial
	for i := max(0, t.n-len(t.ring)); i < t.n; i++ {
		m := t.ring[i%len(t.ring)]
		list = append(list, Trial{
			Size:        m.size,
			Completions: m.n,
			Throughput:  m.x,
			Latency:     time.Duration(m.r * float64(time.Second)),
			Utilization: m.u,
			Failures:    m.f,
		})
	}
	return list
}
