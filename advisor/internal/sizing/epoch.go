package sizing

import (
	"math"
	"time"
)

// An epoch is the time in which one size is measured. It begins with
// completions that are left out: they belong to the size before.
type epoch struct {
	changed time.Duration // instant at which the size began to hold
	from    time.Duration // instant at which measuring began
	cpuFrom time.Duration // first reading of the CPU time
	cpuTo   time.Duration // newest reading
	reads   int           // completions since the first reading, it included
	settle  time.Duration // instant before which everything is left out
	first   time.Duration // first measured completion
	skip    int           // completions still to be left out
	rose    bool          // the size is larger than before
	rising  bool          // it is still on its way there
	seen    int           // completions since changed
	seenBad int           // of them, those that failed
	since   int           // completions since the first reading, it included
	n       int           // completions measured
	failed  int
	sum     float64 // of Elapsed in seconds
	squares float64
	longest float64 // greatest Elapsed in seconds
	flight  float64 // sum of InFlight
}

// leftOut bounds how many completions are left out after a change.
const leftOut = 512

// add counts a completion; it reports whether it was measured.
func (e *epoch) add(s Sample, size int) bool {
	e.seen++
	if s.Failed {
		e.seenBad++
	}
	if s.CPU > 0 {
		if e.since == 0 {
			e.cpuFrom = s.CPU
		}
		e.cpuTo, e.reads = s.CPU, e.since+1
	}
	if s.CPU > 0 || e.since > 0 {
		e.since++
	}
	if e.rising {
		return false
	}
	if s.InFlight > size {
		return false // a smaller size: what is too much has to run out first
	}
	if e.skip > 0 || s.Now < e.settle {
		e.skip = max(0, e.skip-1)
		e.from = s.Now
		return false
	}
	t := s.Elapsed.Seconds()
	if e.n == 0 {
		e.first = s.Now
	}
	e.n++
	e.sum += t
	e.longest = max(e.longest, t)
	e.squares += t * t
	e.flight += float64(s.InFlight)
	if s.Failed {
		e.failed++
	}
	return true
}

// bunched reports whether all that was measured ended together, as tasks do that
// began together and take equally long.
func (e *epoch) bunched(now time.Duration) bool {
	return (now - e.first).Seconds() < bunch*e.sum/float64(e.n)
}

// spread is the relative standard error of the mean latency.
func (e *epoch) spread() float64 {
	if e.n < 2 || e.sum == 0 {
		return 1
	}
	n := float64(e.n)
	mean := e.sum / n
	variance := max(0, e.squares/n-mean*mean) * n / (n - 1)
	return math.Sqrt(variance/n) / mean
}

// measure condenses the epoch.
func (e *epoch) measure(now time.Duration, size, procs int) measurement {
	m := measurement{size: size, n: e.n, u: -1}
	t := (now - e.from).Seconds()
	if e.n == 0 || t <= 0 {
		return m
	}
	n := float64(e.n)
	m.span = t
	m.r = e.sum / n
	m.f = float64(e.failed) / n
	m.in = e.flight / n
	m.se = e.spread()
	m.noise = m.se
	m.all = n / t
	m.longest = e.longest
	m.x = m.all * (1 - m.f)
	if e.reads > 1 {
		m.u = m.all * (e.cpuTo - e.cpuFrom).Seconds() / float64((e.reads-1)*procs)
	}
	return m
}

// measurement is what an epoch found.
type measurement struct {
	size    int
	n       int
	span    float64 // seconds
	x       float64 // successes a second
	all     float64 // attempts a second
	r       float64 // mean latency, seconds
	u       float64 // utilisation of the cores; -1: not known
	f       float64 // share of attempts that failed
	in      float64 // mean attempts in flight
	longest float64
	se      float64 // relative standard error of r
	noise   float64 // and of x
}

// little is the mean latency by Little's law R = N/X. The mean of those that
// have ended is too low as long as slow ones are under way.
func (m measurement) little() float64 { return m.in / m.all }

// residual is the mean time that a task in flight still has to go: E[R²]/2E[R].
// It takes that long until a task that was begun now ends as often as others.
func (m measurement) residual() time.Duration {
	r := m.r * (1 + m.se*m.se*float64(m.n)) / 2
	return time.Duration(min(r, 60) * float64(time.Second))
}

// merge pools two measurements of the same size.
func (m *measurement) merge(o measurement) {
	a, b := float64(m.n), float64(o.n)
	span := m.span + o.span
	if a+b == 0 || span <= 0 {
		*m = o
		return
	}
	m.x = (m.x*m.span + o.x*o.span) / span
	m.all = (m.all*m.span + o.all*o.span) / span
	if m.u >= 0 && o.u >= 0 {
		m.u = (m.u*m.span + o.u*o.span) / span
	} else {
		m.u = max(m.u, o.u)
	}
	m.in = (m.in*m.span + o.in*o.span) / span
	m.se = math.Sqrt(square(a*m.se)+square(b*o.se)) / (a + b)
	m.noise = math.Sqrt(square(a*m.noise)+square(b*o.noise)) / (a + b)
	m.longest = max(m.longest, o.longest)
	m.r = (m.r*a + o.r*b) / (a + b)
	m.f = (m.f*a + o.f*b) / (a + b)
	m.span, m.n = span, m.n+o.n
}

// after averages m with what the same size achieved before, which counts for
// no more than m does: the world may change.
func (m measurement) after(old measurement) measurement {
	if old.size != m.size || old.n == 0 {
		return m
	}
	if old.n > m.n {
		share := float64(m.n) / float64(old.n)
		old.n, old.span, old.se, old.noise = m.n, old.span*share, old.se/math.Sqrt(share), old.noise/math.Sqrt(share)
	}
	m.merge(old)
	return m
}

// pool is the mean latency over several measurements.
type pool struct{ n, sum, variance float64 }

func (p *pool) add(m measurement) {
	p.n += float64(m.n)
	r := m.little()
	p.sum += float64(m.n) * r
	p.variance += square(float64(m.n) * max(m.se, leastSpread/math.Sqrt(float64(m.n))) * r)
}

func (p *pool) mean() float64 { return p.sum / p.n }

// spread is the relative standard error of the mean.
func (p *pool) spread() float64 { return math.Sqrt(p.variance) / p.sum }

func square(x float64) float64 { return x * x }
