package sizing_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// world is a back-end without chance: rounds of the current size take the time
// that latency says, tasks end evenly spread over it.
type world struct {
	now     time.Duration
	cpu     time.Duration
	latency func(n int) time.Duration
	each    func(n int, s sizing.Sample) sizing.Sample // fills in the rest
}

func (w *world) run(c *sizing.Controller, tasks int) {
	for range tasks {
		n := c.Size()
		r := w.latency(n)
		w.now += r / time.Duration(n)
		s := sizing.Sample{Now: w.now, Elapsed: r, InFlight: n, CPU: w.cpu}
		if w.each != nil {
			s = w.each(n, s)
		}
		c.Done(s)
	}
}

// flat is the latency of a back-end that serves limit tasks at a time in r.
func flat(r time.Duration, limit int) func(int) time.Duration {
	return func(n int) time.Duration { return r * time.Duration(max(n, limit)) / time.Duration(limit) }
}

func TestController(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		cfg    sizing.Config
		world  world
		lo, hi int
		reason string // a part of one of the reasons given
	}{
		"plateau":    {sizing.Config{Procs: 4}, world{latency: flat(10*ms, 40)}, 35, 60, "Little's law"},
		"open":       {sizing.Config{Procs: 4, Ceiling: 500}, world{latency: flat(10*ms, 4000)}, 500, 500, "ceiling of 500"},
		"retrograde": {sizing.Config{Procs: 4}, world{latency: func(n int) time.Duration { return ms * time.Duration(100+n*n) / 10 }}, 7, 16, ""},
		"errors above 20": {sizing.Config{Procs: 4}, world{latency: flat(10*ms, 4000), each: func(n int, s sizing.Sample) sizing.Sample {
			s.Failed = n > 20 && s.Now/1000%3 != 0
			return s
		}}, 10, 21, "errors above 3 %"},
		"memory": {sizing.Config{Procs: 4, Memory: 1e9}, world{latency: flat(10*ms, 4000), each: func(n int, s sizing.Sample) sizing.Sample {
			s.Memory = 100e6 + int64(n)*10e6
			return s
		}}, 60, 90, "memory: a task in flight holds 9"},
		"slow input": {sizing.Config{Procs: 4}, world{latency: flat(10*ms, 4000), each: func(n int, s sizing.Sample) sizing.Sample {
			s.InFlight = min(n, 5)
			return s
		}}, 16, 16, "input keeps only 5"},
		"one core, one at a time": {sizing.Config{Procs: 1, Ceiling: 1}, world{latency: flat(ms, 1)}, 1, 1, "ceiling of 1"},
	} {
		t.Run(name, func(t *testing.T) {
			ctl := sizing.New(c.cfg)
			if got := ctl.Reason(); !strings.Contains(got, "too few") {
				t.Errorf("reason before anything finished: %q", got)
			}
			seen := map[string]bool{}
			for range 200 {
				c.world.run(ctl, 100)
				seen[ctl.Reason()] = true
			}
			if n := ctl.Size(); n < c.lo || n > c.hi {
				t.Errorf("size %d (%s), want %d to %d", n, ctl.Reason(), c.lo, c.hi)
			}
			found := false
			for r := range seen {
				found = found || strings.Contains(r, c.reason)
			}
			if !found {
				t.Errorf("no reason has %q: %v", c.reason, seen)
			}
			trials := ctl.Trials()
			if len(trials) == 0 || len(trials) > 64 {
				t.Fatalf("%d trials", len(trials))
			}
			for _, tr := range trials {
				if tr.Size < 1 || tr.Completions < 1 || tr.Throughput < 0 || tr.Latency <= 0 || tr.Utilization != -1 {
					t.Errorf("odd trial %+v", tr)
				}
			}
		})
	}
}

// Busy cores end the growth, and CPU time that is read only now and then is
// enough to see them.
func TestBusyCores(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4})
	const cpu, wait = time.Millisecond, 9 * time.Millisecond
	w := world{latency: func(n int) time.Duration { return max(cpu+wait, cpu*time.Duration(n)/4) }}
	i := 0
	w.each = func(n int, s sizing.Sample) sizing.Sample {
		w.cpu += cpu
		if i++; i%10 == 0 {
			s.CPU = w.cpu
		} else {
			s.CPU = 0
		}
		return s
	}
	w.run(c, 20_000)
	if n := c.Size(); n < 38 || n > 90 {
		t.Errorf("size %d (%s), want about 40", n, c.Reason())
	}
	busy := false
	for _, tr := range c.Trials() {
		busy = busy || tr.Utilization > 0.93 && tr.Utilization < 1.07
	}
	if !busy {
		t.Errorf("no trial saw busy cores: %+v", c.Trials())
	}
}

// Whatever is told, the size stays within its limits and nothing panics.
func TestOddSamples(t *testing.T) {
	for _, s := range []sizing.Sample{
		{},
		{Now: 1},
		{Now: 1, Elapsed: -5, InFlight: -3},
		{Now: time.Hour, Elapsed: time.Nanosecond, Failed: true, CPU: 1 << 62, Memory: 1 << 62},
	} {
		for _, step := range []time.Duration{0, 1, time.Millisecond} {
			c := sizing.New(sizing.Config{Procs: 2, Ceiling: 100, Memory: 1e9})
			for i := range 5000 {
				s.Now += step
				s.Failed = s.Failed != (i%7 == 0)
				if n := c.Done(s); n < 1 || n > 100 {
					t.Fatalf("%+v: size %d", s, n)
				}
			}
			_ = c.Reason()
		}
	}
}

func TestDoneAllocatesNothing(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4})
	w := world{latency: flat(10*time.Millisecond, 40)}
	if n := testing.AllocsPerRun(20, func() { w.run(c, 1000) }); n != 0 {
		t.Errorf("%v allocations per 1000 completions", n)
	}
}

func BenchmarkDone(b *testing.B) {
	c := sizing.New(sizing.Config{Procs: 4})
	w := world{latency: flat(10*time.Millisecond, 40)}
	b.ReportAllocs()
	w.run(c, b.N)
}

func TestWeights(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		w      sizing.Weights
		procs  int
		memory int64
		lo, hi int
	}{
		{sizing.Weights{CPU: ms}, 8, 0, 8, 10},
		{sizing.Weights{CPU: ms, Wait: 9 * ms}, 8, 0, 8, 104},
		{sizing.Weights{CPU: ms, Wait: 9 * ms, Hold: 5 * ms}, 8, 0, 2, 2},
		{sizing.Weights{CPU: ms, Wait: 9 * ms, Bytes: 100}, 8, 2000, 8, 20},
		{sizing.Weights{Wait: 9 * ms}, 8, 0, 8, 0},
		{sizing.Weights{Wait: 9 * ms, Bytes: 100}, 8, 500, 5, 5},
		{sizing.Weights{}, 8, 0, 8, 8},
	} {
		if lo, hi := c.w.Range(c.procs, c.memory); lo != c.lo || hi != c.hi {
			t.Errorf("%+v on %d cores: %d–%d, want %d–%d", c.w, c.procs, lo, hi, c.lo, c.hi)
		}
	}
}

func Example() {
	c := sizing.New(sizing.Config{Procs: 4})
	// A back-end that serves 40 at a time in 10 ms, first come, first served.
	var now time.Duration
	for range 2000 {
		elapsed := 10 * time.Millisecond * time.Duration(max(40, c.Size())) / 40
		now += elapsed / time.Duration(c.Size())
		c.Done(sizing.Sample{Now: now, Elapsed: elapsed})
	}
	for _, t := range c.Trials()[:4] {
		fmt.Printf("%3d in flight: %4.0f a second, %v\n", t.Size, t.Throughput, t.Latency.Round(time.Millisecond))
	}
	// Output:
	//   4 in flight:  400 a second, 10ms
	//  16 in flight: 1700 a second, 10ms
	//  64 in flight: 4063 a second, 16ms
	// 128 in flight: 4031 a second, 32ms
}

func ExampleWeights_Range() {
	w := sizing.Weights{CPU: 2 * time.Millisecond, Wait: 30 * time.Millisecond}
	fmt.Println(w.Range(8, 0))
	// Output: 8 166
}

// While nothing queues, fewer in flight can only do worse and are not tried.
func TestNoFewerWhileNothingQueues(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4, Ceiling: 200})
	w := world{latency: flat(10*time.Millisecond, 4000)}
	for reached, i := false, 0; i < 50_000; i++ {
		w.run(c, 1)
		reached = reached || c.Size() == 200
		if reached && c.Size() < 200 {
			t.Fatalf("size %d (%s) after task %d", c.Size(), c.Reason(), i)
		}
	}
}

// Where latency begins to grow, the next step is shorter than the one before.
func TestStepsShortenNearTheKnee(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4})
	w := world{latency: func(n int) time.Duration {
		return time.Duration(10e6 * math.Pow(max(1, float64(n)/16), 0.3))
	}}
	w.run(c, 3000)
	trials := c.Trials()
	if len(trials) < 4 || trials[2].Size != 64 || trials[3].Size > 130 {
		t.Errorf("trials %+v, want 4, 16, 64 and then no more than twice that", trials)
	}
}

// Where throughput falls for good, growth begins anew and finds the size that
// suits the back-end from then on.
func TestGrowsAnew(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4})
	w := world{latency: flat(10*time.Millisecond, 20)}
	w.run(c, 5000)
	w.latency = flat(80*time.Millisecond, 160)
	anew := false
	for range 5000 {
		w.run(c, 1)
		anew = anew || strings.Contains(c.Reason(), "growing anew")
	}
	if n := c.Size(); !anew || n < 120 || n > 240 {
		t.Errorf("size %d (%s), want about 160 after growing anew", n, c.Reason())
	}
}

// Work that kept the cores busy and then waits is other work: nothing is known to
// be in its way, and the steps are as long as at the start.
func TestGrowsAnewOnceCoresAreIdle(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4})
	const cpu = time.Millisecond
	w := world{latency: func(n int) time.Duration { return max(cpu, cpu*time.Duration(n)/4) }}
	w.each = func(n int, s sizing.Sample) sizing.Sample {
		w.cpu += cpu
		s.CPU = w.cpu
		return s
	}
	w.run(c, 5000)
	before, changed := len(c.Trials()), w.now
	w.latency, w.each = flat(40*time.Millisecond, 4000), nil
	for range 3000 {
		if w.run(c, 1); c.Size() >= 1024 {
			break
		}
	}
	steps := c.Trials()[before:]
	if c.Size() < 1024 || len(steps) > 6 {
		t.Errorf("size %d after the steps %+v, want 1024 within 6", c.Size(), steps)
	}
	if took := w.now - changed; took > 600*time.Millisecond {
		t.Errorf("growth to 1024 took %v, want no more than 15 latencies", took)
	}
}

// What passes is no other world: neither a moment in which nothing ends, as when
// the machine does something else, nor throughput that varies from round to round.
func TestKeepsItsSize(t *testing.T) {
	const ms = time.Millisecond
	for name, disturb := range map[string]func(w *world, task int, s sizing.Sample) sizing.Sample{
		"stalls": func(w *world, task int, s sizing.Sample) sizing.Sample {
			if task%2000 < 40 { // all that are in flight end later
				if task%2000 == 0 {
					w.now += 50 * ms
				}
				s.Now = w.now
				s.Elapsed += 50 * ms
			}
			return s
		},
		"varies": func(w *world, task int, s sizing.Sample) sizing.Sample {
			f := 1 + 0.25*math.Sin(float64(task/50)*2.4) // from round to round
			w.now += time.Duration(float64(s.Elapsed) * (f - 1) / float64(s.InFlight))
			s.Now, s.Elapsed = w.now, time.Duration(f*float64(s.Elapsed))
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, task := sizing.New(sizing.Config{Procs: 4}), 0
			w := world{latency: flat(10*ms, 40)}
			w.run(c, 4001)
			w.each = func(_ int, s sizing.Sample) sizing.Sample {
				task++
				return disturb(&w, task, s)
			}
			for range 40_000 {
				if w.run(c, 1); c.Size() < 36 || c.Size() > 64 {
					t.Fatalf("size %d (%s) after %d tasks, want 36 to 64", c.Size(), c.Reason(), task)
				}
			}
		})
	}
}
