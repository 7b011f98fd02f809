package simulate

import (
	"math"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// MaxSize is the largest size of the sweep and of every policy.
const MaxSize = 4096

// Policy decides how many tasks are in flight. A *sizing.Controller is one.
type Policy interface {
	Size() int
	Done(sizing.Sample) int
}

// Result is what a policy achieved on a workload.
type Result struct {
	Elapsed  time.Duration // simulated; extrapolated when the run was Cut
	InFlight float64       // mean attempts in flight
	Attempts int
	Failures int
	Cut      bool // given up: too late, or too many attempts
}

// manyAttempts bounds the attempts per item, lest a storm of refusals is played
// to its end.
const manyAttempts = 4

// Run plays w under p until every item is done or limit has passed.
func Run(w Workload, p Policy, limit time.Duration) Result {
	s := newState(w)
	size := min(p.Size(), MaxSize)
	s.fill(size)
	var r Result
	for {
		e, ok := s.next()
		if !ok {
			break
		}
		if e.at > int64(limit) || r.Attempts > manyAttempts*w.Items+1000 {
			r.Cut = true
			break
		}
		s.advance(e.at)
		if e.kind == waited {
			s.left(e.slot)
			s.compute(e.slot)
			continue
		}
		failed := s.finish(e)
		r.Attempts++
		if failed {
			r.Failures++
		}
		size = min(MaxSize, p.Done(sizing.Sample{
			Now:      time.Duration(s.now),
			Elapsed:  time.Duration(s.now - s.slots[e.slot].start),
			Failed:   failed,
			InFlight: s.inFlight,
			CPU:      time.Duration(s.cpu),
		}))
		s.release(e.slot)
		s.fill(size)
	}
	r.Elapsed = time.Duration(s.now)
	if r.Cut {
		r.Elapsed = time.Duration(float64(max(s.now, int64(time.Millisecond))) * float64(w.Items) / float64(max(1, s.done)))
	}
	r.InFlight = s.area / max(1, float64(s.now))
	return r
}

// state is the simulated world: cores with one run queue, a back-end, and the
// attempts in flight, each in a slot.
type state struct {
	w      Workload
	now    int64
	events heap

	slots    []slot
	warm     int // slots that were ever in use: the first ones, as the free ones are a stack
	free     []int32
	inFlight int
	area     float64 // ∫ inFlight dt
	toStart  int     // items neither done nor in flight
	done     int     // items done
	retries  [2]int  // items of them that failed before, from before and after the shift
	begun    int     // items begun at least once
	draws    uint64
	shiftAt  int // items at which w shifts: the tasks by their number, the back-end by what is done; 0: never

	busy     int // cores at work
	cpu      int64
	runQueue []int32 // ring of slots
	runHead  int
	runLen   int

	shared   heap  // requests that slow each other, by the progress at which they end
	progress int64 // of every one of them, ns of unloaded wait
	ended    int64 // progress at which the one that is being taken out ends

	waiting int // requests inside the back-end
	servers servers
	bucket  float64 // instant (ns) at which the token bucket is full again

	factors []float64 // quantiles of the lognormal, mean 1
}

type slot struct {
	start      int64
	cpu, wait  int64
	behind     bool // inside the back-end
	again      bool // not the first attempt
	shifted    int  // 1: the item comes after the shift
	hit, broke bool
}

const quantiles = 4096

func newState(w Workload) *state {
	s := &state{w: w, toStart: w.Items, runQueue: make([]int32, MaxSize), shiftAt: int(w.Shift.At * float64(w.Items))}
	s.slots = make([]slot, MaxSize)
	for i := range MaxSize {
		s.free = append(s.free, int32(MaxSize-1-i))
	}
	s.events = make(heap, 0, MaxSize)
	s.factors = lognormal(w.Spread)
	s.servers = make(servers, 0, 1024)
	s.capacityChanged()
	return s
}

// lognormal returns the quantiles of a lognormal of the given σ and mean 1.
func lognormal(sigma float64) []float64 {
	q := make([]float64, quantiles)
	sum := 0.0
	for i := range q {
		q[i] = math.Exp(sigma * math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/quantiles-1))
		sum += q[i]
	}
	for i := range q {
		q[i] *= quantiles / sum
	}
	return q
}

func (s *state) capacityChanged() {
	if s.w.Backend == Capped || s.w.Backend == Timeouts {
		s.servers.resize(max(1, int(s.w.Capacity)), s.now)
	}
}

func (s *state) advance(to int64) {
	dt := to - s.now
	if len(s.shared) > 0 || s.ended > 0 {
		s.progress += int64(float64(dt) / s.slowness())
		s.progress = max(s.progress, s.ended)
		s.ended = 0
	}
	s.cpu += dt * int64(s.busy)
	s.area += float64(dt) * float64(s.inFlight)
	s.now = to
}

// fill starts attempts until size are in flight or no item is left.
func (s *state) fill(size int) {
	for s.inFlight < size && s.toStart > 0 && len(s.free) > 0 {
		s.toStart--
		s.inFlight++
		last := len(s.free) - 1
		id := s.free[last]
		s.free = s.free[:last]
		s.launch(id, s.origin())
	}
}

// origin says whether the next attempt is the first of its item, and whether
// the item is one from after the shift. Items that failed come first.
func (s *state) origin() slot {
	for shifted, n := range s.retries {
		if n > 0 {
			s.retries[shifted]--
			return slot{again: true, shifted: shifted}
		}
	}
	t := slot{}
	if s.shiftAt > 0 && s.begun >= s.shiftAt {
		t.shifted = 1
	}
	s.begun++
	return t
}

// launch draws an attempt and sends it to the back-end. The n-th attempt of a
// workload is the same whatever the policy, so that policies differ by what
// they do and not by luck.
func (s *state) launch(id int32, origin slot) {
	x := mix(s.w.Seed<<32 ^ s.draws)
	s.draws++
	t := &s.slots[id]
	*t = origin
	t.start = s.now
	cpu, wait := float64(s.w.CPU), float64(s.w.Wait)
	if t.shifted > 0 {
		cpu, wait = cpu*s.w.Shift.CPU, wait*s.w.Shift.Wait
	}
	t.cpu, t.wait = int64(cpu*s.factors[x%quantiles]), int64(wait*s.factors[x>>12%quantiles])
	if int(id) >= s.warm {
		s.warm = int(id) + 1
		t.cpu += int64(s.w.Cold)
	}
	t.hit = !t.again && float64(x>>24%65536) < s.w.Hit*65536
	t.broke = float64(x>>40%65536) < s.w.Broken*65536
	if t.hit || t.wait == 0 {
		s.compute(id)
		return
	}
	s.request(id, t.wait)
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// compute gives the attempt a core, or a place in the run queue.
func (s *state) compute(id int32) {
	if s.busy == s.w.Procs {
		s.runQueue[(s.runHead+s.runLen)%len(s.runQueue)] = id
		s.runLen++
		return
	}
	s.busy++
	s.occupy(id)
}

func (s *state) occupy(id int32) {
	d := s.slots[id].cpu
	if s.w.Backend == Thrashing {
		d = int64(float64(d) * (1 + s.w.Harm*max(0, float64(s.inFlight)/s.w.Capacity-1)))
	}
	s.events.push(event{at: s.now + d, slot: id, kind: computed})
}

// finish ends an attempt and says whether it failed. An item that is refused
// or times out is tried again, a broken one is not.
func (s *state) finish(e event) (failed bool) {
	if e.kind == refused {
		s.left(e.slot)
		s.toStart++
		s.retries[s.slots[e.slot].shifted]++
		return true
	}
	s.done++
	if s.runLen > 0 {
		next := s.runQueue[s.runHead]
		s.runHead = (s.runHead + 1) % len(s.runQueue)
		s.runLen--
		s.occupy(next)
	} else {
		s.busy--
	}
	if s.done == s.shiftAt && s.shiftAt > 0 {
		s.w.Capacity *= s.w.Shift.Capacity
		s.w.Rate *= s.w.Shift.Capacity
		s.capacityChanged()
	}
	return s.slots[e.slot].broke
}

func (s *state) release(id int32) {
	s.inFlight--
	s.free = append(s.free, id)
}
