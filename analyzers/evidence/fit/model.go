package main

import (
	"math"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/evidence"
)

// strictness is how hard a unit of distance from the prior is punished. It stands
// for what people knew before: about as much as so many candidates. Of 0.3, 1 and 3
// it is the one whose warnings are right most often in repositories left out.
const strictness = 1

// A model is the regression of one rule. The first of its names is the base, which
// every sample has.
type model struct {
	rule    string
	names   []string
	prior   []float64 // in log-odds
	samples []point
	bounds  []bound
}

// A point is a sample with its signals as indexes into a model's names.
type point struct {
	sample
	hits []int
}

func newModel(rule string, rows []evidence.Row, samples []sample) *model {
	m := &model{rule: rule}
	for _, r := range rows {
		if evidence.Rule(r.Name) == rule {
			m.names = append(m.names, r.Name)
			m.prior = append(m.prior, float64(r.Prior)/evidence.Scale)
		}
	}
	for _, s := range samples {
		if s.rule != rule {
			continue
		}
		m.samples = append(m.samples, point{s, m.indexes(s.signals)})
	}
	m.share()
	return m
}

// indexes returns where the base and the signals stand. A signal that has been deleted
// since counts for nothing.
func (m *model) indexes(signals []string) []int {
	hits := []int{0}
	for _, name := range signals {
		if i := slices.Index(m.names, name); i > 0 {
			hits = append(hits, i)
		}
	}
	return hits
}

// share makes candidates weigh less that are no news. Those of one function that look
// the same are one decision of a maintainer, and have the weight of one. Those of one
// repository that look the same are the habit of the same people: together they weigh
// as much as the root of their number, so that no repository decides alone what a
// signal is worth.
func (m *model) share() {
	m.scale(func(s point) string { return s.function }, func(n, _ float64) float64 { return 1 / n })
	m.scale(func(point) string { return "" }, func(_, sum float64) float64 { return 1 / math.Sqrt(max(1, sum)) })
}

// scale multiplies the weights of candidates that look the same, in one repository
// and with the same key, by a factor of their number and of the sum of their weights.
func (m *model) scale(key func(point) string, factor func(n, sum float64) float64) {
	whole := func(s point) string {
		return s.repository + "\x00" + key(s) + "\x00" + strings.Join(s.signals, ",")
	}
	n, sum := make(map[string]float64), make(map[string]float64)
	for _, s := range m.samples {
		n[whole(s)]++
		sum[whole(s)] += s.weight
	}
	for i := range m.samples {
		k := whole(m.samples[i])
		m.samples[i].weight *= factor(n[k], sum[k])
	}
}

func points(logOdds float64) int { return int(math.Round(logOdds * evidence.Scale)) }

// fit returns the log-odds that explain the samples best, without the signal of the
// given index if that is not negative. It is Newton's method; the penalty makes the
// problem strictly convex, and steps that do not help are halved.
func (m *model) fit(samples []point, without int) []float64 {
	w := slices.Clone(m.prior)
	if without >= 0 {
		w[without] = 0
	}
	loss := m.loss(w, samples, without)
	for range 200 {
		step := m.step(w, samples, without)
		t, next := 1.0, loss
		var tried []float64
		for ; t > 1e-6; t /= 2 {
			tried = slices.Clone(w)
			for i := range w {
				tried[i] -= t * step[i]
			}
			if next = m.loss(tried, samples, without); next <= loss {
				break
			}
		}
		if loss-next < 1e-9 {
			break
		}
		w, loss = tried, next
	}
	return w
}

func (m *model) loss(w []float64, samples []point, without int) float64 {
	total := 0.0
	for i := range w {
		if i != without {
			total += strictness / 2.0 * (w[i] - m.prior[i]) * (w[i] - m.prior[i])
		}
	}
	for _, b := range m.bounds {
		x := b.outside(w, without)
		total += binding / 2 * x * x
	}
	for _, s := range samples {
		total += s.weight * logLoss(predict(w, s.hits, without), s.label)
	}
	return total
}

func predict(w []float64, hits []int, without int) float64 {
	return evidence.Logistic(sum(w, hits, without))
}

func sum(w []float64, hits []int, without int) float64 {
	x := 0.0
	for _, i := range hits {
		if i != without {
			x += w[i]
		}
	}
	return x
}

func logLoss(p, label float64) float64 {
	return -label*math.Log(max(p, 1e-12)) - (1-label)*math.Log(max(1-p, 1e-12))
}

// step is the gradient divided by the curvature.
func (m *model) step(w []float64, samples []point, without int) []float64 {
	n := len(w)
	a := make([][]float64, n) // curvature, and the gradient in the last column
	for i := range a {
		a[i] = make([]float64, n+1)
		a[i][i] = strictness
		if i != without {
			a[i][n] = strictness * (w[i] - m.prior[i])
		}
	}
	add := func(hits []int, slope, curve float64) {
		for _, i := range hits {
			if i == without {
				continue
			}
			a[i][n] += slope
			for _, j := range hits {
				if j != without {
					a[i][j] += curve
				}
			}
		}
	}
	for _, s := range samples {
		p := predict(w, s.hits, without)
		add(s.hits, s.weight*(p-s.label), s.weight*p*(1-p))
	}
	for _, b := range m.bounds {
		if x := b.outside(w, without); x != 0 {
			add(b.hits, binding*x, binding)
		}
	}
	return solve(a)
}

// solve is Gaussian elimination; the matrix is positive definite, so that no pivot
// is zero.
func solve(a [][]float64) []float64 {
	n := len(a)
	for i := range n {
		for r := i + 1; r < n; r++ {
			if f := a[r][i] / a[i][i]; f != 0 {
				for c := i; c <= n; c++ {
					a[r][c] -= f * a[i][c]
				}
			}
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = a[i][n]
		for c := i + 1; c < n; c++ {
			x[i] -= a[i][c] * x[c]
		}
		x[i] /= a[i][i]
	}
	return x
}

// A guess is what a model that has not seen the repository says of a sample.
type guess struct {
	point
	confidence float64
}

// cross leaves out one repository at a time.
func (m *model) cross(without int) []guess {
	var list []guess
	done := make(map[string]bool)
	for _, s := range m.samples {
		if done[s.repository] {
			continue
		}
		done[s.repository] = true
		others := slices.DeleteFunc(slices.Clone(m.samples), func(o point) bool { return o.repository == s.repository })
		w := m.fit(others, without)
		for _, o := range m.samples {
			if o.repository == s.repository {
				list = append(list, guess{o, predict(w, o.hits, without)})
			}
		}
	}
	return list
}
