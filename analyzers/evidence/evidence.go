// Package evidence turns what is observed about a candidate into a confidence
// and a severity.
//
// A candidate is a structural fact, such as a lock that is held at a call. A
// signal is a named observation about it that makes a maintainer more or less
// likely to change the code. Each signal has points: ten times the logarithm of
// the odds that it adds. The points of a candidate are those of its rule and of
// its signals, and the confidence is the share of such candidates that
// maintainers change. No signal is a veto; a few that point the same way decide.
//
// The points are data, fitted to candidates that maintainers or readers have judged
// (testdata/judged) and bound by the severities of the case files:
//
//	go run ./analyzers/evidence/fit -write
package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The confidence from which on a candidate is shown at all, is what a maintainer
// would fix, and is broken in production sooner or later: odds of one to three, two to
// one and nine to one. With three to one for a warning, fitted to 2,192 labels, as many of
// the warnings are right in repositories that are left out (82 %), and fewer of what
// maintainers change are warnings (32 instead of 36 %).
const (
	Quarter = 0.25
	Sure    = 2.0 / 3
	Certain = 0.90
)

// A Signal is an observation about a candidate.
type Signal struct {
	Name   string `json:"name"` // rule.observation
	Says   string `json:"says"` // for people, a clause
	Points int    `json:"points"`
}

// A Judgement is what the signals say together.
type Judgement struct {
	Confidence float64
	Signals    []Signal // that hit, the weightiest first
}

// Judge adds up the points of a rule and of the signals that hit, each counted
// once. A signal that the table does not have is a mistake of the rule, and
// panics.
func Judge(rule string, hits []string) Judgement {
	var j Judgement
	points := base(rule)
	for _, name := range hits {
		s, ok := table()[name]
		if !ok || Rule(name) != rule {
			panic(fmt.Sprintf("evidence: rule %s has no signal %q", rule, name))
		}
		if !slices.Contains(j.Signals, s) {
			j.Signals = append(j.Signals, s)
			points += s.Points
		}
	}
	slices.SortFunc(j.Signals, func(a, b Signal) int {
		if d := abs(b.Points) - abs(a.Points); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	j.Confidence = Logistic(float64(points) / Scale)
	return j
}

// Scale is how many points make one unit of log-odds.
const Scale = 10

// Logistic is the probability of log-odds x.
func Logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Points is how many points make a confidence, rounded up.
func Points(confidence float64) int {
	return int(math.Ceil(Scale * math.Log(confidence/(1-confidence))))
}

// Severity is that of a finding which is at most so severe if it is true. What
// is a warning at most is one as soon as it is sure.
func (j Judgement) Severity(most Severity) Severity {
	switch {
	case most == Note || j.Confidence < Sure:
		return Note
	case most == Error && j.Confidence >= Certain:
		return Error
	}
	return Warning
}

// Doubts are the signals that speak against the finding.
func (j Judgement) Doubts() []Signal {
	return slices.DeleteFunc(slices.Clone(j.Signals), func(s Signal) bool { return s.Points >= 0 })
}

// Reason says in a few words why a note is one.
func (j Judgement) Reason() string {
	doubts := j.Doubts()
	if j.Confidence >= Sure {
		return "no finding of this kind is more"
	}
	if len(doubts) == 0 {
		return "maintainers seldom change such places"
	}
	return doubts[0].Says
}

// Aside is the reason as it stands behind the message of a note.
func (j Judgement) Aside() string { return " (note: " + j.Reason() + ")" }

// Signals returns those of a rule, in the order of the table.
func Signals(rule string) []Signal {
	var list []Signal
	for _, s := range rows() {
		if Rule(s.Name) == rule && s.Name != rule+baseSuffix {
			list = append(list, s)
		}
	}
	return list
}

// Base is what a candidate of the rule has before any signal.
func Base(rule string) int { return base(rule) }

// Rule is the rule that a signal belongs to.
func Rule(signal string) string {
	rule, _, _ := strings.Cut(signal, ".")
	return rule
}

func abs(n int) int { return max(n, -n) }
