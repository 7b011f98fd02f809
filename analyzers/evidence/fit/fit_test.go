package main

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/concurlint/concurlint/analyzers/evidence"
)

const judged = "../../../testdata/judged"

// All that has been judged can be read, every rule that it names has points, and the
// points are those that it makes.
func TestJudged(t *testing.T) {
	rows, samples, err := load("../points.tsv", judged)
	if err != nil || len(samples) == 0 {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	list, err := models(rows, samples, judged+"/cases/cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		if !slices.ContainsFunc(list, func(m *model) bool { return m.rule == s.rule }) {
			t.Errorf("%s: no rule %s", s.repository, s.rule)
		}
	}
	for i, r := range fitted(rows, list) {
		if r.Points != rows[i].Points {
			t.Errorf("%s has %d points, the fit makes them %d: run go run ./analyzers/evidence/fit -write", r.Name, rows[i].Points, r.Points)
		}
	}
}

// A case binds the fit, whatever the labels say.
func TestBound(t *testing.T) {
	rows := []evidence.Row{{Signal: evidence.Signal{Name: "r.base"}, Prior: 12}, {Signal: evidence.Signal{Name: "r.doubt"}, Prior: -2}}
	var samples []sample
	for i := range 100 {
		samples = append(samples, sample{repository: "a", function: strconv.Itoa(i), rule: "r", weight: 1})
	}
	m := newModel("r", rows, samples)
	if p := predict(m.fit(m.samples, -1), []int{0}, -1); p >= evidence.Quarter {
		t.Errorf("a hundred times no is told %.2f", p)
	}
	b := spans["warning"]
	b.hits = []int{0}
	m.bounds = append(m.bounds, b)
	if p := predict(m.fit(m.samples, -1), []int{0}, -1); p < evidence.Sure {
		t.Errorf("what a case calls a warning is told %.2f", p)
	}
}

// Without samples the points are the prior, with many they are the odds.
func TestFit(t *testing.T) {
	rows := []evidence.Row{
		{Signal: evidence.Signal{Name: "r.base"}, Prior: 10},
		{Signal: evidence.Signal{Name: "r.doubt"}, Prior: -5},
		{Signal: evidence.Signal{Name: "r.idle"}, Prior: 3},
	}
	w := newModel("r", rows, nil).fit(nil, -1)
	for i, want := range []float64{1, -0.5, 0.3} {
		if math.Abs(w[i]-want) > 1e-6 {
			t.Errorf("without samples %s has %.3f, want the prior %.3f", rows[i].Name, w[i], want)
		}
	}
	var samples []sample
	for i := range 4000 {
		samples = append(samples,
			sample{repository: "a", function: strconv.Itoa(i), rule: "r", weight: 400000, label: share(i%4 != 0)},                                // odds 3
			sample{repository: "b", function: strconv.Itoa(i), rule: "r", weight: 400000, label: share(i%10 == 0), signals: []string{"r.doubt"}}, // odds 1/9
		)
	}
	m := newModel("r", rows, samples)
	w = m.fit(m.samples, -1)
	for i, want := range []float64{math.Log(3), math.Log(1.0/9) - math.Log(3), 0.3} {
		if math.Abs(w[i]-want) > 0.02 { // the prior pulls a little
			t.Errorf("%s has %.3f, want %.3f", rows[i].Name, w[i], want)
		}
	}
	// A repository that is left out is judged by the others alone.
	for _, g := range m.cross(-1) {
		if want := 0.75; g.repository == "b" && g.confidence > want {
			t.Fatalf("the doubt of repository b is told %.2f, want the prior's doubt about %.2f", g.confidence, want)
		}
	}
	if weaker := meanLoss(m.cross(1)); weaker < meanLoss(m.cross(-1)) {
		t.Errorf("the guesses do not get worse without the signal: %.3f", weaker)
	}
}

func share(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
