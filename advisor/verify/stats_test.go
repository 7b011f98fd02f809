package verify

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor"
)

// A model stands in for a program: operations a second by size, the noise of the
// machine, and how its speed drifts over the runs.
type model struct {
	rand  *rand.Rand
	ops   func(size int) float64 // 0: the present program
	cv    float64
	drift func(run int) float64
	runs  int
}

func (m *model) measure(_ context.Context, a arm, n int) (sample, error) {
	m.runs++
	size := a.size
	if !a.proposed {
		size = 0
	}
	wall := 1 / m.ops(size)
	// A lognormal: times have no negative values and a tail to the right.
	wall *= math.Exp(m.cv*m.rand.NormFloat64()) * m.drift(m.runs)
	return sample{wall: wall, rate: 1 / wall, unit: operations, cpu: wall / 2, took: time.Duration(wall * float64(n) * float64(time.Second))}, nil
}

var drifts = map[string]func(run int) float64{
	"steady": func(int) float64 { return 1 },
	"slower": func(run int) float64 { return 1 + float64(run)/100 },
	"waves":  func(run int) float64 { return 1 + 0.2*math.Sin(float64(run)/7) },
	"turns":  func(run int) float64 { return 1 + 0.1*float64(run%2) },
	"steps":  func(run int) float64 { return 1 + 0.3*float64(run/25%2) },
}

func experimentOn(m *model) *experiment {
	return &experiment{measure: m.measure, budget: DefaultBudget, log: func(string, ...any) {}}
}

func advice(present, lo, hi int) advisor.Advice {
	return advisor.Advice{
		Site:      advisor.Site{Limit: advisor.Limit{N: int64(present)}},
		Recommend: advisor.Setting{Min: lo, Max: hi},
	}
}

// Identical programs are told apart in at most 5 % of 200 trials, whatever the
// noise and the drift.
func TestIdentical(t *testing.T) {
	const trials = 200
	for name, drift := range drifts {
		for _, cv := range []float64{0.005, 0.03, 0.2} {
			t.Run(fmt.Sprintf("%s/%g", name, cv), func(t *testing.T) {
				t.Parallel()
				apart := 0
				for trial := range trials {
					m := &model{rand: rand.New(rand.NewPCG(1, uint64(trial))), ops: func(int) float64 { return 1000 }, cv: cv, drift: drift}
					v, err := experimentOn(m).verify(context.Background(), advice(8, 16, 32))
					if err != nil {
						t.Fatal(err)
					}
					if v.Claim == Faster || v.Claim == Slower {
						apart++
					}
				}
				if apart > trials/20 {
					t.Errorf("%d of %d trials told identical programs apart", apart, trials)
				}
			})
		}
	}
}

// Blocked order, which verification does not use, fails the same test under
// drift: so the test can fail.
func TestBlockedOrderFails(t *testing.T) {
	const trials = 200
	apart := 0
	for trial := range trials {
		m := &model{rand: rand.New(rand.NewPCG(2, uint64(trial))), ops: func(int) float64 { return 1000 }, cv: 0.02, drift: drifts["slower"]}
		var sides [2][]float64
		for i := range 20 {
			s, _ := m.measure(context.Background(), arm{}, 1)
			sides[i/10] = append(sides[i/10], s.wall)
		}
		if c := claim(change(sides[0], sides[1])); c == Faster || c == Slower {
			apart++
		}
	}
	if apart <= trials/20 {
		t.Errorf("%d of %d trials, want more than 5 %%", apart, trials)
	}
}

// A difference that was planned for is found in nine of ten trials.
func TestPower(t *testing.T) {
	const trials = 200
	for _, cv := range []float64{0.01, 0.05} {
		found := 0
		for trial := range trials {
			m := &model{rand: rand.New(rand.NewPCG(3, uint64(trial))), cv: cv, drift: drifts["steady"], ops: func(size int) float64 {
				if size == 0 {
					return 1000
				}
				return 1000 * (1 + 2*wantedEffect)
			}}
			v, err := experimentOn(m).verify(context.Background(), advice(8, 16, 32))
			if err != nil {
				t.Fatal(err)
			}
			if v.Claim == Slower {
				t.Errorf("cv %g trial %d: claims slower", cv, trial)
			}
			if v.Claim == Faster {
				found++
			}
		}
		if found < trials*9/10 {
			t.Errorf("cv %g: found in %d of %d trials", cv, found, trials)
		}
	}
}

// curves are shapes of throughput against size, those of the workloads in
// testdata/advisor/workloads among them.
var curves = map[string]func(n float64) float64{
	"capped":     func(n float64) float64 { return 500 * min(n, 24) },
	"retrograde": func(n float64) float64 { return 1000 * n / max(1, n/12) / max(1, n/12) },
	"cliff": func(n float64) float64 {
		if n > 16 {
			return 4000
		}
		return 1000 * n
	},
	"lock":     func(n float64) float64 { return min(n/0.0021, 10000) },
	"mixed":    func(n float64) float64 { return queued(n, 0.002, 0.0003/2) },
	"rate":     func(n float64) float64 { return min(500*n, 4000) },
	"pipeline": func(n float64) float64 { return queued(n, 0.001, 0.00005) },
	"fsync":    func(n float64) float64 { return 400 * math.Pow(min(n, 32), 0.6) },
	"flat":     func(n float64) float64 { return 1000 },
	"usl":      func(n float64) float64 { return 100 * n / (1 + 0.02*(n-1) + 0.0005*n*(n-1)) },
	"cores":    func(n float64) float64 { return 5000 * min(n, 2) / (1 + 0.001*n) },
	"memory":   func(n float64) float64 { return 100 * min(n, 2) / (1 + 0.02*n) },
	"falling":  func(n float64) float64 { return 1000 / n },
}

// queued is the throughput of n tasks that wait and then queue for a station: mean
// value analysis of a closed network.
func queued(n, wait, service float64) float64 {
	queue, x := 0.0, 0.0
	for k := 1.0; k <= n; k++ {
		residence := service * (1 + queue)
		x = k / (wait + residence)
		queue = x * residence
	}
	return x
}

// The verified size reaches 97 % of the best throughput over all sizes, in 19 of
// 20 trials.
func TestSizeOnCurves(t *testing.T) {
	for name, curve := range curves {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			best := 0.0
			for n := 1.0; n <= 512; n++ {
				best = max(best, curve(n))
			}
			const trials = 100
			bad, worst := 0, 1.0
			for trial := range trials {
				m := &model{rand: rand.New(rand.NewPCG(4, uint64(trial))), cv: 0.02, drift: drifts["waves"], ops: func(size int) float64 {
					if size == 0 {
						size = 4
					}
					return curve(float64(size))
				}}
				e := experimentOn(m)
				e.noise = 0.02
				size, err := e.search(context.Background(), e.ladder(8, 32), 100)
				if err != nil {
					t.Fatal(err)
				}
				reached := curve(float64(size)) / best
				worst = min(worst, reached)
				if reached < 0.97 {
					bad++
				}
			}
			if bad > trials/20 {
				t.Errorf("%d of %d trials below 97 %%, the worst reached %.1f %%", bad, trials, 100*worst)
			}
		})
	}
}

// What its own run shows as slower is never recommended.
func TestSlowerIsNotRecommended(t *testing.T) {
	for trial := range 100 {
		m := &model{rand: rand.New(rand.NewPCG(5, uint64(trial))), cv: 0.03, drift: drifts["waves"], ops: func(size int) float64 {
			if size == 0 {
				return 1000
			}
			return 900
		}}
		v, err := experimentOn(m).verify(context.Background(), advice(0, 8, 16))
		if err != nil {
			t.Fatal(err)
		}
		if v.Size != 0 {
			t.Errorf("trial %d: size %d of %+v", trial, v.Size, v.Wall)
		}
	}
}

// Where nothing is lost, fewer tasks in flight or a bound that was missing are
// worth the edit, however the present limit is written; the same number is not.
func TestSameWithFewer(t *testing.T) {
	for _, c := range []struct {
		name   string
		advice advisor.Advice
		want   bool
	}{
		{"constant", advice(64, 16, 32), true},
		{"cores", advisor.Advice{Site: advisor.Site{Limit: advisor.Limit{Class: "cores"}}, Now: advisor.Setting{Max: 64}, Recommend: advisor.Setting{Min: 16, Max: 32}}, true},
		{"no bound", advisor.Advice{Action: "bound", Recommend: advisor.Setting{Min: 16, Max: 32}}, true},
		{"serial loop", advisor.Advice{Action: "concurrent", Recommend: advisor.Setting{Min: 16, Max: 32}}, false},
	} {
		m := &model{rand: rand.New(rand.NewPCG(6, 1)), ops: func(int) float64 { return 1000 }, cv: 0.005, drift: drifts["steady"]}
		v, err := experimentOn(m).verify(context.Background(), c.advice)
		if err != nil {
			t.Fatal(err)
		}
		if v.Claim != Same || v.Size > 0 != c.want {
			t.Errorf("%s: %s with size %d, want one: %v", c.name, v.Claim, v.Size, c.want)
		}
	}
}

// Noise does not end the search at its first size: where 64 achieve all, a size
// above a hundred is no answer, however much single runs differ.
func TestNoisyScan(t *testing.T) {
	const trials = 100
	far := 0
	for trial := range trials {
		m := &model{rand: rand.New(rand.NewPCG(7, uint64(trial))), cv: 0.5, drift: drifts["steady"], ops: func(size int) float64 {
			return min(float64(max(size, 2)), 60)
		}}
		e := experimentOn(m)
		e.noise = 0.5
		size, err := e.search(context.Background(), e.ladder(4, 754), 20)
		if err != nil {
			t.Fatal(err)
		}
		if size > 200 {
			far++
		}
	}
	if far > trials*2/3 { // without the allowance for noise, more than three quarters
		t.Errorf("%d of %d trials ended above 200", far, trials)
	}
}

// Where forty items are all that there is to do, a size beyond the advice is no
// better, and of many that are as good none beyond it is chosen for its luck.
func TestBeyondTheAdvice(t *testing.T) {
	beyond := 0
	for trial := range 100 {
		m := &model{rand: rand.New(rand.NewPCG(8, uint64(trial))), cv: 0.1, drift: drifts["steady"], ops: func(size int) float64 {
			return float64(min(max(size, 1), 40))
		}}
		v, err := experimentOn(m).verify(context.Background(), advice(1, 2, 62))
		if err != nil {
			t.Fatal(err)
		}
		if v.Size > 62 {
			beyond++
		}
	}
	if beyond > 3 { // without the rule one in three
		t.Errorf("%d of 100 trials chose a size beyond the advice", beyond)
	}
}

// Time and throughput that prove opposites prove nothing.
func TestContradicts(t *testing.T) {
	more := advisor.Change{Ratio: 1.2, Span: advisor.Span{1.1, 1.3}, P: 0.001}
	less := advisor.Change{Ratio: 0.8, Span: advisor.Span{0.7, 0.9}, P: 0.001}
	chance := advisor.Change{Ratio: 0.8, Span: advisor.Span{0.7, 0.9}, P: 0.2}
	for _, c := range []struct {
		rate    advisor.Change
		claimed string
		want    bool
	}{{more, Faster, false}, {less, Faster, true}, {chance, Faster, false}, {more, Slower, true}, {less, Slower, false}, {less, Same, false}} {
		if got := contradicts(c.rate, c.claimed); got != c.want {
			t.Errorf("%+v against %s: %t, want %t", c.rate, c.claimed, got, c.want)
		}
	}
}

func TestRunsFor(t *testing.T) {
	for _, c := range []struct {
		cv, effect float64
		want       int
	}{ // the measured table
		{0.01, 0.02, leastRuns}, {0.02, 0.02, 30}, {0.05, 0.02, 188}, {0.1, 0.02, mostRuns},
		{0.01, 0.1, leastRuns}, {0.05, 0.1, leastRuns}, {0.1, 0.1, 30}, {0.2, 0.1, 120},
	} {
		if got := runsFor(c.cv, c.effect); got != c.want {
			t.Errorf("cv %g, effect %g: %d runs, want %d", c.cv, c.effect, got, c.want)
		}
	}
}

func TestLadder(t *testing.T) {
	for _, c := range []struct {
		lo, hi int
		want   string
	}{
		{0, 0, "[1 2]"}, {1, 1, "[1 2]"}, {32, 64, "[16 32 64 128]"}, {3, 10, "[1 2 3 4 8 10 16]"},
	} {
		if got := fmt.Sprint(new(experiment).ladder(c.lo, c.hi)); got != c.want {
			t.Errorf("%d to %d: %s, want %s", c.lo, c.hi, got, c.want)
		}
	}
}
