package verify

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/concurlint/concurlint/advisor"
)

// An arm is a program with a size, one side of a comparison.
type arm struct {
	proposed bool // the edited program; else the present one, which has no size
	size     int
}

func (a arm) String() string {
	if !a.proposed {
		return "present"
	}
	return fmt.Sprintf("size %d", a.size)
}

// A sample is one run.
type sample struct {
	wall, cpu float64 // seconds per operation; cpu is NaN where it is not known
	rate      float64 // throughput in units a second
	unit      string
	took      time.Duration
}

// slice is the length of one run. A process starts in about 10 ms, so a third of
// a second wastes little, and the turn between both sides comes often enough that
// they see the same machine.
const slice = 300 * time.Millisecond

// noiseRuns of one program against itself tell how many more are needed.
const noiseRuns = 8

// An experiment is a series of runs within a budget. Its measure may be a real
// program or, in tests, a model of one.
type experiment struct {
	// measure runs an arm for so many operations.
	measure func(ctx context.Context, a arm, n int) (sample, error)
	budget  time.Duration
	spent   time.Duration
	last    time.Duration // that the last run took
	log     func(format string, args ...any)
	notes   []string

	noise float64
	unit  string // of throughput
	curve map[int]*point
	most  int // size that is tried, 0 for no limit but largest
	// advised is the largest size of the advice: it takes proof to go beyond, as of
	// many sizes that are as good the best is a matter of luck
	advised int
}

func (e *experiment) note(format string, args ...any) {
	e.notes = append(e.notes, fmt.Sprintf(format, args...))
}

// run measures and keeps the account.
func (e *experiment) run(ctx context.Context, a arm, n int) (sample, error) {
	s, err := e.measure(ctx, a, n)
	e.spent, e.last, e.unit = e.spent+s.took, s.took, s.unit
	return s, err
}

// work finds how many operations an arm does in a slice. The first run, with
// cold caches, is not used for more than that.
func (e *experiment) work(ctx context.Context, a arm) (int, error) {
	n := 1
	for range 4 {
		s, err := e.run(ctx, a, n)
		if err != nil {
			return 0, err
		}
		fits := int(math.Ceil(slice.Seconds() / s.wall))
		if fits <= 2*n {
			return max(fits, 1), nil
		}
		// One operation may have been a cold one: do not leap.
		n = min(fits, 100*n)
	}
	return n, nil
}

// warn says beforehand that so many runs of the last one's length do not fit into
// the budget: fewer of them would prove nothing.
func (e *experiment) warn(runs int) {
	if all := time.Duration(runs) * e.last; all > e.budget {
		e.note("a run takes %s, and the %d that are needed about %s: longer than the %s planned; a benchmark with shorter operations, or a larger budget, fits better",
			e.last.Round(10*time.Millisecond), runs, all.Round(time.Second), e.budget)
		e.log("%s", e.notes[len(e.notes)-1])
	}
}

// measureNoise runs one program against itself.
func (e *experiment) measureNoise(ctx context.Context, a arm, n int) error {
	var walls []float64
	for range noiseRuns {
		s, err := e.run(ctx, a, n)
		if err != nil {
			return err
		}
		walls = append(walls, s.wall)
	}
	e.noise = variation(walls)
	e.log("noise %.1f %%, same against same", 100*e.noise)
	return nil
}

// plan says how many runs of each side a comparison gets: what the noise wants,
// within the rest of the budget.
func (e *experiment) plan(pair time.Duration) int {
	want := runsFor(e.noise, wantedEffect)
	most := int((e.budget - e.spent) / max(pair, time.Millisecond))
	runs := max(min(want, most), leastRuns)
	if runs < want {
		e.note("noise of %.0f %% wants %d runs to show %.0f %%; the time allowed %d, which show %.0f %%",
			100*e.noise, want, 100*wantedEffect, runs, 100*effectOf(e.noise, runs))
	}
	return runs
}

// A comparison is the outcome of present against proposed.
type comparison struct {
	runs            int
	wall, rate, cpu advisor.Change
	hasCPU          bool
	claim           string
}

// compare runs two arms strictly in turn, in the order ABBA, so that a drift
// meets both alike. Both do the same number of operations. The first run of each
// is dropped.
func (e *experiment) compare(ctx context.Context, a, b arm, n int) (comparison, error) {
	var pair time.Duration
	for _, x := range []arm{a, b} {
		s, err := e.run(ctx, x, n)
		if err != nil {
			return comparison{}, err
		}
		pair += s.took
	}
	runs := e.plan(pair)
	runs += runs % 2 // whole turns of ABBA
	wall, rate, cpu := make(map[arm][]float64), make(map[arm][]float64), make(map[arm][]float64)
	e.log("%d runs of each side", runs)
	for i := range runs {
		order := [2]arm{a, b}
		if i%2 == 1 {
			order = [2]arm{b, a}
		}
		for _, x := range order {
			s, err := e.run(ctx, x, n)
			if err != nil {
				return comparison{}, err
			}
			wall[x], rate[x], cpu[x] = append(wall[x], s.wall), append(rate[x], s.rate), append(cpu[x], s.cpu)
		}
	}
	c := comparison{runs: runs, wall: change(wall[a], wall[b]), rate: change(rate[a], rate[b])}
	c.claim = claim(c.wall)
	if contradicts(c.rate, c.claim) {
		c.claim = Unclear
		e.note("time and throughput (%s) do not agree: the benchmark does not do the same work on both sides", e.unit)
	}
	if known(cpu[a]) && known(cpu[b]) {
		c.cpu, c.hasCPU = change(cpu[a], cpu[b]), true
	}
	return c, nil
}

func known(values []float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || v <= 0 {
			return false
		}
	}
	return true
}
