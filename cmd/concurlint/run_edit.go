package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
	running "github.com/concurlint/concurlint/advisor/run"
)

// sourceEdit is what does the same in the user's own code, "" if the executor was
// neither asked for nor found by inputs that succeeded.
func (p *plan) sourceEdit(last *running.Event) string {
	if p.config.Executor == string(executor.Auto) && !last.Report.Tells() {
		return ""
	}
	stages := last.Report.Stages
	if len(stages) == len(p.functions) && len(stages) > 1 {
		options, why := p.optionsText(stages[0].Executor, stages[0].Trials)
		lines := []string{fmt.Sprintf("p0 := executor.Stage(%q, %s%s)", p.functions[0].Name, p.functions[0].Literal(false), options) + why}
		for i, fn := range p.functions[1:] {
			options, why := p.optionsText(stages[i+1].Executor, stages[i+1].Trials)
			lines = append(lines, fmt.Sprintf("p%d := executor.Then(p%d, %q, %s%s)", i+1, i, fn.Name, fn.Literal(false), options)+why)
		}
		lines = append(lines, fmt.Sprintf("for r := range p%d.Stream(ctx, inputs) { … }", len(stages)-1))
		return strings.Join(lines, "\n")
	}
	if len(p.functions) > 1 {
		return "" // of worker processes: a function around them all
	}
	fn := p.functions[0]
	options, why := p.optionsText(last.Executor, last.Report.Trials)
	if last.Executor == string(executor.Process) {
		return fmt.Sprintf("var do = executor.Func(%q, %s)\nexecutor.ServeWorker() // first thing in main\nfor r := range do.Stream(ctx, inputs%s) { … }", fn.Name, fn.Literal(false), options)
	}
	if !fn.HasResult() && !fn.Stateful() {
		return fmt.Sprintf("err := executor.ForEach(ctx, inputs, %s%s)", fn.Literal(true), options) + why
	}
	return fmt.Sprintf("for r := range executor.Stream(ctx, inputs, %s%s) { … }", fn.Literal(true), options) + why
}

// optionsText are the options in Go, behind a comma, that lead to this executor, and a comment on
// the size if it was found by measuring. Where nothing was measured, the size is
// left to be found.
func (p *plan) optionsText(kind string, trials []running.Trial) (options, why string) {
	var opts []string
	if name := kindName(kind); name != "" && name != "Process" { // which a Function is for
		opts = append(opts, "Executor: executor."+name)
	}
	c := &p.config
	size := c.Size
	if kind == "io" && size == 0 {
		size, why = measuredSize(trials)
	}
	for _, o := range []struct {
		name string
		set  bool
		text string
	}{
		{"Size", size != 0, strconv.Itoa(size)},
		{"Unordered", c.Unordered, "true"},
		{"Retry", c.Attempts > 1, fmt.Sprintf("executor.Retry{Attempts: %d}", c.Attempts)},
		{"Limits", c.Soft > 0 || c.Hard > 0, limitsText(c.Soft, c.Hard)},
		{"Rate", c.Rate > 0, fmt.Sprintf("executor.Rate{PerSecond: %v}", c.Rate)},
	} {
		if o.set {
			opts = append(opts, o.name+": "+o.text)
		}
	}
	if len(opts) == 0 {
		return "", why
	}
	return ", executor.Options{" + strings.Join(opts, ", ") + "}", why
}

// limitsText are the limits of an attempt as Go writes them.
func limitsText(soft, hard time.Duration) string {
	var parts []string
	if soft > 0 {
		parts = append(parts, "Soft: "+durationText(soft))
	}
	if hard > 0 {
		parts = append(parts, "Hard: "+durationText(hard))
	}
	return "executor.Limits{" + strings.Join(parts, ", ") + "}"
}

// measuredSize is the size that the trials speak for, with the evidence and its
// limit as a comment.
func measuredSize(trials []running.Trial) (size int, why string) {
	best, largest, ok := running.Recommend(trials)
	switch {
	case !ok:
		return 0, ""
	case best.Size == largest:
		return best.Size, fmt.Sprintf(" // %s at %d, the most that was measured; whether the far end bears more is not known", rateText(best.Rate), largest)
	}
	return best.Size, fmt.Sprintf(" // %s, the fewest within 2%% of the best; the far end beyond the %d that were measured is not known", rateText(best.Rate), largest)
}

// durationText is a time as Go writes it.
func durationText(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%d * time.Second", d/time.Second)
	}
	return fmt.Sprintf("%g * time.Millisecond", float64(d)/float64(time.Millisecond))
}

func kindName(kind string) string {
	return map[string]string{"serial": "Serial", "cpu": "CPU", "io": "IO", "process": "Process"}[kind]
}
