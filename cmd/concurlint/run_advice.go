package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/executor"
	"github.com/concurlint/concurlint/advisor/report"
	running "github.com/concurlint/concurlint/advisor/run"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
)

// advised is what the file of -advice recommends for each function. The pilot
// keeps the last word: advice bounds its choice and does not replace it.
func (p *plan) advised() error {
	name := p.opts.run.advice
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("cannot read %s (-advice): %v", name, cause.Of(err))
	}
	for i, fn := range p.functions {
		r, err := executor.ReadAdvice(bytes.NewReader(text), fn.Name)
		if err != nil {
			return fmt.Errorf("%s (-advice): %s", name, strings.TrimPrefix(err.Error(), "executor: "))
		}
		if r.Executor == "" {
			r.Executor = p.config.Advice[i].Executor
		}
		p.config.Advice[i] = r
	}
	return nil
}

// writeAdvice writes what the run measured in the form of concurlint advise, for
// -advice of a later run or for a page.
func (p *plan) writeAdvice(last *running.Event) error {
	name := p.opts.run.adviceOut
	rep := &advisor.Report{
		Version:  1,
		Matched:  1,
		Host:     advisor.Host{Cores: runtime.GOMAXPROCS(0), Busy: last.Report.Efficiency},
		Seconds:  last.Elapsed,
		Evidence: "a run of concurlint run",
		Profiles: []advisor.Profile{{Name: "concurlint run " + strings.Join(p.config.Stages, " "), Format: "run", Seconds: last.Elapsed, Samples: int64(last.Report.Succeeded), Matched: 1}},
	}
	stages := last.Report.Stages
	if len(stages) != len(p.functions) {
		stages = []running.StageReport{{Name: p.functions[0].Name, Executor: last.Executor, Size: last.Size, Reason: last.Reason, Occupancy: 1, Trials: last.Report.Trials}}
	}
	ran := last.Report.Ran
	succeeded := float64(last.Report.Succeeded) / float64(ran)
	for i, s := range stages {
		if steady := p.config.Size != 0 || s.Executor == "cpu"; len(s.Trials) == 0 && steady {
			s.Trials = []running.Trial{{Size: s.Size, Rate: last.Rate * succeeded, Inputs: ran, Failures: 1 - succeeded}}
		}
		rep.Advice = append(rep.Advice, p.measuredAdvice(i, s))
	}
	var b bytes.Buffer
	if err := report.JSON(&b, rep); err != nil {
		return err
	}
	if err := replace(name, b.Bytes()); err != nil {
		return fmt.Errorf("cannot write %s (-write-advice): %v", name, cause.Of(err))
	}
	return nil
}

// measuredAdvice is one stage's executor with the size that its trials speak for. A
// size that it had throughout is one trial; that which a search ended at is none.
func (p *plan) measuredAdvice(stage int, s running.StageReport) advisor.Advice {
	pkg, fn := splitName(p.functions[stage].Name)
	size, why := measuredSize(s.Trials)
	if size == 0 {
		size = s.Size
	}
	a := advisor.Advice{
		Site: advisor.Site{
			Package: pkg, Function: fn, Via: "concurlint run", Executor: "pool",
			Task: advisor.Task{Class: p.classes[stage].Class, Bodies: []advisor.Body{{Package: pkg, Function: fn}}},
		},
		Title:     fmt.Sprintf("run %s on %s with %d in flight", fn, s.Executor, size),
		Action:    "keep",
		Now:       advisor.Setting{Executor: s.Executor, Min: s.Size, Max: s.Size},
		Stake:     s.Occupancy,
		Recommend: advisor.Setting{Executor: s.Executor, Min: size, Max: size},
		Gain:      advisor.Span{1, 1},
		Because:   []string{s.Reason},
	}
	if s.Executor == string(executor.Auto) {
		a.Title = fmt.Sprintf("no executor was chosen for %s: too few inputs", fn)
		a.Recommend = advisor.Setting{}
	}
	if why != "" {
		a.Because = append(a.Because, strings.TrimPrefix(why, " // "))
		a.Unknown = []string{"what the far end bears beyond the sizes that were tried"}
		a.Verified = &advisor.Verified{Benchmark: "concurlint run", Runs: 1, Unit: "inputs a second", Size: size, Curve: curve(s.Trials)}
	}
	return a
}

// curve has each size once, with the least and the most that it achieved where it
// was tried more than once.
func curve(trials []running.Trial) []advisor.Point {
	bySize := make(map[int]*advisor.Point)
	inputs := make(map[int]float64)
	seconds := make(map[int]float64)
	var order []int
	for _, t := range trials {
		pt := bySize[t.Size]
		if pt == nil {
			pt = &advisor.Point{Size: t.Size, Span: advisor.Span{t.Rate, t.Rate}}
			bySize[t.Size] = pt
			order = append(order, t.Size)
		}
		pt.Span = advisor.Span{min(pt.Span[0], t.Rate), max(pt.Span[1], t.Rate)}
		pt.Runs++
		succeeded := float64(t.Inputs) * (1 - t.Failures)
		inputs[t.Size] += succeeded
		if t.Rate > 0 {
			seconds[t.Size] += succeeded / t.Rate
		}
	}
	slices.Sort(order)
	var list []advisor.Point
	for _, n := range order {
		pt := bySize[n]
		if seconds[n] > 0 {
			pt.Ops = inputs[n] / seconds[n]
		}
		if pt.Runs == 1 {
			pt.Span = advisor.Span{}
		}
		list = append(list, *pt)
	}
	return list
}

// splitName parts "example.com/a.(*T).F" into package and function.
func splitName(name string) (pkg, fn string) {
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	return name[:slash+dot], name[slash+dot+1:]
}
