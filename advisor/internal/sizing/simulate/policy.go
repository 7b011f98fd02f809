package simulate

import (
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// Size returns N.
func (f Fixed) Size() int { return f.N }

// Done changes nothing.
func (f Fixed) Done(sizing.Sample) int { return f.N }

// Goetz runs a pilot of 100 tasks with one task per core and then sizes once
// by N = P·(1 + W/C) (Goetz et al., Java Concurrency in Practice, 8.2).
type Goetz struct {
	Procs   int
	size, n int
	elapsed time.Duration
}

// Size returns the size of the pilot or the size that it led to.
func (g *Goetz) Size() int { return max(g.size, g.Procs) }

// Done counts the pilot's tasks.
func (g *Goetz) Done(s sizing.Sample) int {
	if g.size > 0 {
		return g.size
	}
	g.n++
	g.elapsed += s.Elapsed
	if g.n == 100 {
		g.size = min(MaxSize, sizing.Goetz(g.Procs, s.CPU, g.elapsed-s.CPU))
	}
	return g.Size()
}

// AIMD grows by one for each success and shrinks to 0.9 for each failure or
// attempt over five seconds, as the limit of that name in Netflix's
// concurrency-limits does.
type AIMD struct{ size float64 }

// NewAIMD starts at one task per core.
func NewAIMD(procs int) *AIMD { return &AIMD{size: float64(procs)} }

// Size returns the current limit.
func (a *AIMD) Size() int { return int(a.size) }

// Done applies one success or failure.
func (a *AIMD) Done(s sizing.Sample) int {
	switch {
	case s.Failed || s.Elapsed > 5*time.Second:
		a.size = max(1, a.size*0.9)
	case 2*s.InFlight >= a.Size():
		a.size = min(MaxSize, a.size+1)
	}
	return a.Size()
}
