package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/truth/measure"
)

// A report is what the suite reads of "concurlint advise -format json", and of
// the findings of "concurlint -format json".
type report struct {
	Host struct {
		Overcommit float64 `json:"overcommit"`
	} `json:"host"`
	Profiles []struct {
		Format  string `json:"format"`
		Samples int64  `json:"samples"`
	} `json:"profiles"`
	Findings []finding  `json:"findings"`
	Advice   []advice   `json:"advice"`
	Classes  []measured `json:"classes"`
}

type finding struct {
	place
	Rule       string   `json:"rule"`
	Message    string   `json:"message"`
	Confidence float64  `json:"confidence"`
	Verdict    string   `json:"verdict"`
	Because    []string `json:"because"`
	Related    []struct {
		place
		Message string `json:"message"`
	} `json:"related"`
}

type place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// about tells whether a finding is about a line: it stands there, or it stands where the
// size is said of what is handed over there.
func (f finding) about(at place) bool {
	for _, r := range f.Related {
		if r.place == at && r.Message == "the tasks are handed over here" {
			return true
		}
	}
	return f.place == at
}

type advice struct {
	Site struct {
		File     string `json:"file"`
		Line     int    `json:"line"`
		Function string `json:"function"`
	} `json:"site"`
	Title  string `json:"title"`
	Action string `json:"action"`
	Now    struct {
		Executor string `json:"executor"`
		Binds    *bool  `json:"binds"`
	} `json:"now"`
	Recommend struct {
		Executor string `json:"executor"`
	} `json:"recommend"`
	Cost struct {
		Tasks int64                 `json:"tasks"` // 0: the waits are sums
		Wait  map[string][2]float64 `json:"wait"`
	} `json:"cost"`
}

type measured struct {
	Function string             `json:"function"`
	Class    string             `json:"class"`
	CPU      float64            `json:"cpu"`
	Range    [2]float64         `json:"cpuRange"` // zero: the point is meant
	Wait     map[string]float64 `json:"wait"`
}

// What is compared, in the order of the table's columns.
var aspects = []string{"kind", "class", "C", "W", "idle", "executor", "action", "binds", "verdict"}

// verdicts are the comparisons of one case by aspect; no entry is right.
type verdicts map[string][]outcome

type outcome struct {
	right bool
	says  string // what the advisor said, and the truth
}

// String says what is wrong, or that all is right.
func (v verdicts) String() string {
	right := 0
	var wrong []string
	for _, aspect := range aspects {
		for _, o := range v[aspect] {
			if o.right {
				right++
			} else {
				wrong = append(wrong, aspect+": "+o.says)
			}
		}
	}
	if wrong == nil {
		return fmt.Sprintf("all %d right", right)
	}
	return strings.Join(wrong, "\n\t")
}

func broken(format string, args ...any) verdicts {
	return verdicts{"verdict": {{false, fmt.Sprintf(format, args...)}}}
}

func (v verdicts) note(aspect string, right bool, format string, args ...any) {
	v[aspect] = append(v[aspect], outcome{right, fmt.Sprintf(format, args...)})
}

// The kinds of wait whose length has to be right. Locks and channels are the
// program's own, and what the scheduler adds is not told from them.
var outside = map[string]bool{"sleep": true, "net": true, "syscall": true, "file": true}

// Below these figures there are too few samples to hold anybody to them.
const (
	leastWait = 0.1 // seconds
	leastCPU  = 0.4 // seconds, 40 samples
)

// period is the CPU time between two samples, in seconds.
const period = 0.01

// overcommitted is from where on what a host takes is given as ranges.
const overcommitted = 1.5

func judge(set setting, name string, marks []mark, truth measure.Truth, r report) verdicts {
	v := make(verdicts)
	for _, m := range marks {
		switch m.what {
		case "task":
			v.task(set, name, m, truth, r)
		case "idle":
			v.idle(name, m, r)
		case "site":
			v.site(name, m, r)
		case "finding":
			v.finding(name, m, r)
		}
	}
	return v
}

func (v verdicts) task(set setting, name string, m mark, truth measure.Truth, r report) {
	i := slices.IndexFunc(truth.Functions, func(f measure.Function) bool { return f.Function == m.function })
	if i < 0 && m.in != name {
		return
	}
	j := slices.IndexFunc(r.Classes, func(c measured) bool { return c.Function == m.function })
	if j < 0 {
		v.note("class", false, "%s is not measured", m.function)
		return
	}
	have := r.Classes[j]
	kind, longest := longestWait(have.Wait)
	if m.words[0] == "-" {
		v.note("kind", longest < have.CPU, "%s waits %.3gs for %s, computes %.3gs; truth: waits for nothing", m.function, longest, kind, have.CPU)
	} else {
		v.note("kind", m.says(0, kind), "%s waits for %s; truth: %s", m.function, cmp.Or(kind, "nothing"), m.words[0])
	}
	if m.words[1] == "measured" && i >= 0 {
		m.words = []string{m.words[0], classOf(truth.Functions[i])}
	}
	v.note("class", m.says(1, have.Class), "%s is %s; truth: %s", m.function, cmp.Or(have.Class, "without class"), m.words[1])
	if i < 0 {
		return
	}
	want := truth.Functions[i]
	if want.CPU > leastCPU && set.bench && m.words[0] == "-" {
		off, says := have.off(want.CPU)
		v.note("C", math.Abs(off) <= computing && have.narrow(truth.CPU, r), "%s computes %s, %+.1f%%; the process %.3gs", m.function, says, 100*off, truth.CPU)
	}
	if want.Wait > leastWait && outside[kind] {
		off := have.Wait[kind]/want.Wait - 1
		v.note("W", math.Abs(off) <= set.wait || r.spanHolds(kind, want), "%s waits %.3gs, %+.1f%%", m.function, have.Wait[kind], 100*off)
	}
}

// off is how far what was measured is from the truth, of a range the nearer end: 0
// within it.
func (c measured) off(want float64) (off float64, says string) {
	if c.Range == [2]float64{} {
		return c.CPU/want - 1, fmt.Sprintf("%.3gs", c.CPU)
	}
	says = fmt.Sprintf("%.3gs to %.3gs", c.Range[0], c.Range[1])
	return max(c.Range[0]/want-1, 0) + min(c.Range[1]/want-1, 0), says
}

// narrow reports whether a range is no wider than what the report says of its cause:
// than from what the samples hold to what the system counted, or, where others had the
// cores, than by how much longer goroutines ran than they computed, and half as wide
// again at most: beside four busy processes it was 1.42 times as wide.
func (c measured) narrow(process float64, r report) bool {
	sampled := 0.0
	for _, p := range r.Profiles {
		if p.Format == "cpu" {
			sampled += float64(p.Samples) * period
		}
	}
	width := process / sampled * 1.02
	if r.Host.Overcommit >= overcommitted {
		width = max(width, min(r.Host.Overcommit, 1.5*width))
	}
	return c.Range == [2]float64{} || c.Range[1]/c.Range[0] <= width
}

// classOf is the class by the clocks: where one of computing and waiting is less than
// a tenth of the other, the other names it.
func classOf(f measure.Function) string {
	switch {
	case f.Wait < f.CPU/10:
		return "cpu"
	case f.Wait < 10*f.CPU:
		return "mixed"
	}
	return "io"
}

func longestWait(waits map[string]float64) (kind string, longest float64) {
	for k, w := range waits {
		if k != "idle" && w > longest {
			kind, longest = k, w
		}
	}
	return kind, longest
}

// spanHolds tells whether the wait of each task, or of all where they were not
// counted, is given as a range that holds the truth. A task of a case waits once.
func (r report) spanHolds(kind string, want measure.Function) bool {
	return slices.ContainsFunc(r.Advice, func(a advice) bool {
		wait, span := want.Wait, a.Cost.Wait[kind]
		if a.Cost.Tasks > 0 {
			wait /= float64(want.Count)
		}
		return span[0] < span[1] && span[0] <= wait && wait <= span[1]
	})
}

// An idle function costs nothing: it has no other wait that counts, and nothing
// is to be done about it.
func (v verdicts) idle(name string, m mark, r report) {
	if m.in != name {
		return
	}
	for _, c := range r.Classes {
		if c.Function != m.function {
			continue
		}
		kind, longest := longestWait(c.Wait)
		v.note("idle", longest <= c.Wait["idle"]/20, "%s waits %.3gs for %s; truth: idle", m.function, longest, kind)
	}
	for _, a := range r.Advice {
		if a.Site.Function == m.function && a.Action != "keep" {
			v.note("idle", false, "%s: %s; truth: idle", m.function, a.Title)
		}
	}
}

func (v verdicts) site(name string, m mark, r report) {
	if m.in != name {
		return
	}
	i := slices.IndexFunc(r.Advice, func(a advice) bool { return a.Site.File == m.file && a.Site.Line == m.line })
	if i < 0 {
		v.note("action", m.says(1, "keep"), "%s: no advice; truth: %s", m.at(), m.words[1])
		return
	}
	a := r.Advice[i]
	v.note("executor", m.says(0, a.Recommend.Executor), "%s: %s; truth: %s", m.at(), a.Recommend.Executor, m.words[0])
	v.note("action", m.says(1, a.Action), "%s: %s (%s); truth: %s", m.at(), a.Action, a.Title, m.words[1])
	binds := "unknown"
	if a.Now.Binds != nil {
		binds = map[bool]string{true: "binds", false: "free"}[*a.Now.Binds]
	}
	v.note("binds", m.says(2, binds), "%s: the limit %s; truth: %s", m.at(), binds, m.words[2])
}

// A finding of another case is cold here.
func (v verdicts) finding(name string, m mark, r report) {
	for _, f := range r.Findings {
		if !f.about(m.place()) || f.Rule != m.words[0] {
			continue
		}
		right := f.Verdict == "cold" || f.Verdict == "nodata"
		truth := "cold"
		if m.in == name {
			right, truth = m.says(1, f.Verdict), m.words[1]
		}
		v.note("verdict", right, "%s %s: %s (%s); truth: %s", m.at(), f.Rule, cmp.Or(f.Verdict, "no verdict"), strings.Join(f.Because, "; "), truth)
	}
}
