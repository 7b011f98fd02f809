package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// Backend names what stands behind the wait of a task.
type Backend string

const (
	Open       Backend = "open"       // never a limit: every wait is served at once
	Capped     Backend = "capped"     // Capacity servers, the rest queue
	Timeouts   Backend = "timeouts"   // capped; a caller gives up after Patience mean waits and the server works in vain
	Degrading  Backend = "degrading"  // above Capacity throughput falls by Harm for each further Capacity in flight
	Retrograde Backend = "retrograde" // Gunther's law with contention Harm and its maximum at Capacity in flight
	Shaped     Backend = "shaped"     // a token bucket of Rate a second delays what is too much
	Refusing   Backend = "refusing"   // a token bucket refuses what is too much; a refusal costs Harm tokens
	Thrashing  Backend = "thrashing"  // above Capacity tasks in flight memory is short: CPU time grows by Harm for each further Capacity
)

// Backends lists every back-end.
var Backends = []Backend{Open, Capped, Timeouts, Degrading, Retrograde, Shaped, Refusing, Thrashing}

// Workload is one job. Each task waits for the back-end, then computes.
type Workload struct {
	Seed     uint64
	Procs    int
	Items    int
	CPU      time.Duration // mean CPU time of a task
	Wait     time.Duration // mean wait of a task that is not a Hit, back-end unloaded
	Spread   float64       // σ of the lognormal factors on CPU and Wait
	Hit      float64       // share of tasks that find their answer in a cache and do not wait
	Broken   float64       // share of items that fail, whatever is done
	Backend  Backend
	Capacity float64
	Rate     float64 // tokens per second
	Harm     float64
	Patience float64       // time limit ÷ mean wait
	Cold     time.Duration // CPU time of a place's first attempt beyond its own: for a connection, a thread
	Shift    Shift
}

// Shift changes a workload for good once a share of its items is done. The
// zero value changes nothing.
type Shift struct {
	At                  float64 // share of the items
	CPU, Wait, Capacity float64 // factors; Capacity goes for Rate too
}

func (w Workload) String() string {
	s := fmt.Sprintf("P=%d %s items=%d C=%v W=%v σ=%.1f", w.Procs, w.Backend, w.Items,
		w.CPU.Round(time.Microsecond), w.Wait.Round(10*time.Microsecond), w.Spread)
	if w.Backend != Open && w.Rate == 0 {
		s += fmt.Sprintf(" K=%.0f", w.Capacity)
	}
	if w.Rate > 0 {
		s += fmt.Sprintf(" rate=%.0f/s", w.Rate)
	}
	if w.Harm > 0 {
		s += fmt.Sprintf(" harm=%.2f", w.Harm)
	}
	if w.Cold > 0 {
		s += fmt.Sprintf(" cold=%v", w.Cold)
	}
	if w.Hit > 0 {
		s += fmt.Sprintf(" hit=%.2f", w.Hit)
	}
	if w.Broken > 0 {
		s += fmt.Sprintf(" broken=%.2f", w.Broken)
	}
	if w.Shift.At > 0 {
		s += fmt.Sprintf(" at %.2f C·%.2f W·%.2f K·%.2f", w.Shift.At, w.Shift.CPU, w.Shift.Wait, w.Shift.Capacity)
	}
	return s
}

// MaxItems bounds a random job, so that a sweep over it stays quick.
const MaxItems = 200_000

// Random draws a workload; the seed alone decides it. C is 0.05–5 ms and W is
// 0 for one in ten, else 0.5–200 ms (log-uniform), σ is 0–1.2, and the job is
// made to last 5–60 s at the throughput that the limits allow, but for MaxItems.
func Random(seed uint64) Workload {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	w := Workload{
		Seed:    seed,
		Procs:   []int{2, 8, 16}[r.IntN(3)],
		CPU:     logUniform(r, 50*time.Microsecond, 5*time.Millisecond),
		Wait:    logUniform(r, 500*time.Microsecond, 200*time.Millisecond),
		Spread:  1.2 * r.Float64(),
		Backend: Backends[r.IntN(len(Backends))],
	}
	if r.Float64() < 0.1 {
		w.Wait, w.Backend = 0, Open
	}
	if r.Float64() < 0.15 {
		w.Hit = 0.3 + 0.6*r.Float64()
	}
	if r.Float64() < 0.1 {
		w.Broken = 0.1 * r.Float64()
	}
	drawLimit(&w, r)
	if r.Float64() < 0.15 {
		w.Shift = Shift{
			At:  0.3 + 0.4*r.Float64(),
			CPU: math.Exp2(4*r.Float64() - 2), Wait: math.Exp2(4*r.Float64() - 2), Capacity: math.Exp2(3*r.Float64() - 1.5),
		}
		switch w.Backend {
		case Capped, Shaped:
			// What queues there has its end fixed already.
			w.Shift.Capacity = 1
		case Refusing:
			// Below one attempt at a time only a pace helps, and that is not a size.
			least := 3 / (w.Rate * w.Wait.Seconds() * w.Shift.Wait)
			w.Shift.Capacity = max(w.Shift.Capacity, least)
		}
	}
	length := logUniform(r, 5*time.Second, 60*time.Second)
	w.Items = min(MaxItems, max(1, int(w.limit()*length.Seconds())))
	return w
}

// drawLimit fills in what the back-end of w needs.
func drawLimit(w *Workload, r *rand.Rand) {
	w.Capacity = 3 * math.Exp(r.Float64()*math.Log(200.0/3))
	x := r.Float64()
	switch w.Backend {
	case Open, Capped:
	case Timeouts:
		w.Patience = 5 + 10*x
	case Degrading:
		w.Harm = 0.05 * math.Exp(x*math.Log(20))
	case Retrograde:
		w.Harm = 0.05 * x
	case Shaped, Refusing:
		// The rate that keeps about Capacity waits going.
		w.Rate = w.Capacity / w.Wait.Seconds()
		if w.Backend == Refusing {
			w.Harm = 0.3 * x
		}
	case Thrashing:
		w.Capacity *= 2.5
		w.Harm = 0.1 * math.Exp(x*math.Log(10))
	}
}

// limit estimates the most tasks a second that any fixed size could achieve.
func (w Workload) limit() float64 {
	best := 0.0
	for _, n := range Sweep {
		best = max(best, w.throughput(float64(n)))
	}
	return best
}

// throughput estimates what n in flight achieve by the bounds of a closed
// queueing network: the cores, the back-end, and n tasks without any queue.
func (w Workload) throughput(n float64) float64 {
	const second = float64(time.Second)
	cpu, wait := float64(w.CPU)/second, float64(w.Wait)/second
	miss := 1 - w.Hit
	over := max(1, n/w.Capacity)
	if w.Backend == Thrashing {
		cpu *= 1 + w.Harm*(over-1)
	}
	x := min(float64(w.Procs)/cpu, n/(cpu+miss*wait))
	if wait == 0 {
		return x
	}
	switch w.Backend {
	case Capped, Timeouts:
		x = min(x, w.Capacity/(wait*miss))
	case Degrading:
		x = min(x, w.Capacity/(wait*miss)/(1+w.Harm*(over-1)))
	case Retrograde:
		x = min(x, n/(wait*miss*(1+w.Harm*(n-1)+(1-w.Harm)/(w.Capacity*w.Capacity)*n*(n-1))))
	case Shaped, Refusing:
		x = min(x, w.Rate/miss)
	}
	return x
}

func logUniform(r *rand.Rand, lo, hi time.Duration) time.Duration {
	return time.Duration(float64(lo) * math.Exp(r.Float64()*math.Log(float64(hi)/float64(lo))))
}
