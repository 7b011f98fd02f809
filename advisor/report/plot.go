package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// A frame is the area of a plot in units of its viewBox.
type frame struct{ Left, Top, Right, Bottom float64 }

func (f frame) x(share float64) float64 { return round(f.Left + share*(f.Right-f.Left)) }
func (f frame) y(share float64) float64 { return round(f.Bottom - share*(f.Bottom-f.Top)) }

var (
	curveFrame   = frame{58, 14, 448, 206}
	scatterFrame = frame{58, 14, 588, 366}
)

// A curve is throughput against size.
type curve struct {
	Frame  frame
	X, Y   []tick
	Bands  []string // polygons between the ends of the intervals; sizes without one part them
	Line   string
	Points []mark
	Best   float64 // of the recommended size, 0 if there is none
	Label  string
	Unit   string
	Told   bool // some sizes have an interval
	Single bool // some have too few runs for one
}

// A mark is a point of a plot.
type mark struct {
	X, Y, Low, High float64
	Class           string
	Shape           string // a path around 0, 0
	Text            string
	Chosen          bool
	Single          bool // no interval
}

func newCurve(a *advisor.Advice) *curve {
	v := a.Verified
	var points []advisor.Point
	most, widest, narrowest := 0.0, 1, math.MaxInt
	for _, p := range v.Curve {
		if p.Size > 0 && p.Ops >= 0 && !math.IsInf(p.Ops, 0) {
			points = append(points, p)
			most = math.Max(most, math.Max(p.Ops, p.Span[1]))
			widest, narrowest = max(widest, p.Size), min(narrowest, p.Size)
		}
	}
	if len(points) < 2 || !(most > 0) || widest == narrowest || math.IsInf(most, 0) {
		return nil
	}
	x := logScale{float64(narrowest), float64(widest)}
	c := &curve{Frame: curveFrame, Unit: v.Unit}
	c.X, c.Y = powersOfTwo(x, c.Frame), linear(&most, c.Frame)
	var line, upper, lower []string
	part := func() {
		if len(upper) > 1 {
			slices.Reverse(lower)
			c.Bands = append(c.Bands, strings.Join(append(upper, lower...), " "))
		}
		upper, lower = nil, nil
	}
	for _, p := range points {
		m := mark{X: c.Frame.x(x.at(float64(p.Size))), Y: c.Frame.y(p.Ops / most), Class: "io", Chosen: p.Size == v.Size, Single: !hasInterval(p)}
		m.Low, m.High = m.Y, m.Y
		if m.Single {
			c.Single = true
			part()
		} else {
			c.Told = true
			m.Low, m.High = c.Frame.y(p.Span[0]/most), c.Frame.y(p.Span[1]/most)
			upper, lower = append(upper, fmt.Sprintf("%g,%g", m.X, m.High)), append(lower, fmt.Sprintf("%g,%g", m.X, m.Low))
		}
		m.Text = fmt.Sprintf("size %d: %s %s", p.Size, pointText(p), v.Unit)
		if m.Single {
			m.Text += ", too few for an interval"
		}
		if m.Chosen {
			c.Best, c.Label = m.X, fmt.Sprintf("%d", v.Size)
			m.Text += ", the smallest within the band of the best"
		}
		line = append(line, fmt.Sprintf("%g,%g", m.X, m.Y))
		c.Points = append(c.Points, m)
	}
	part()
	c.Line = strings.Join(line, " ")
	return c
}

func powersOfTwo(s logScale, f frame) (list []tick) {
	step := 2.0
	if s.high/s.low > 1024 {
		step = 4
	}
	for x := math.Exp2(math.Ceil(math.Log2(s.low))); x <= s.high; x *= step {
		list = append(list, tick{At: f.x(s.at(x)), Text: thousands(int64(x))})
	}
	return list
}

// linear rounds most up and divides the axis at round figures.
func linear(most *float64, f frame) (list []tick) {
	step := math.Pow(10, math.Floor(math.Log10(*most)))
	for _, k := range []float64{0.2, 0.25, 0.5, 1} {
		if *most/(step*k) <= 5 {
			step *= k
			break
		}
	}
	*most = math.Ceil(*most/step) * step
	for y := 0.0; y <= *most*1.0001; y += step {
		list = append(list, tick{At: f.y(y / *most), Text: digits(y)})
	}
	return list
}

// shapes are the second cue beside colour, one for each static class.
var shapes = []struct{ class, path string }{
	{"io", "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z"},
	{"cpu", "M-4.5 -4.5H4.5V4.5H-4.5Z"},
	{"mixed", "M0 -6.5L6.5 0L0 6.5L-6.5 0Z"},
	{"coordination", "M0 -6L6 5H-6Z"},
	{"light", "M-6 -1.6H-1.6V-6H1.6V-1.6H6V1.6H1.6V6H-1.6V1.6H-6Z"},
	{"unknown", "M0 6L-6 -5H6Z"},
}

// A scatter is functions by computing and waiting.
type scatter struct {
	Frame  frame
	X, Y   []tick
	Legend []mark
	Points []mark
	Hidden int
}

// maxPoints is where a cloud becomes a blot.
const maxPoints = 400

// newScatter draws the heaviest functions on logarithmic axes. The left and
// bottom edges stand for nothing measured, as 0 has no logarithm.
func newScatter(classes []advisor.Measured) *scatter {
	list := heaviestFirst(classes)
	if len(list) == 0 {
		return nil
	}
	s := &scatter{Frame: scatterFrame, Hidden: max(len(list)-maxPoints, 0)}
	list = list[:min(maxPoints, len(list))]
	x, y := decades(list, func(m advisor.Measured) float64 { return m.CPU }), decades(list, func(m advisor.Measured) float64 { return total(m.Wait) })
	s.X, s.Y = tens(x, s.Frame.x), tens(y, s.Frame.y)
	used := make(map[string]bool)
	for i := len(list) - 1; i >= 0; i-- { // the heaviest last, on top
		m := list[i]
		class, path := shape(m.Static)
		used[class] = true
		text := fmt.Sprintf("%s: CPU %s, waits %s; source %s, recording %s", m.Function, computed(m), duration(total(m.Wait)), m.Static, m.Class)
		s.Points = append(s.Points, mark{X: s.Frame.x(x.at(m.CPU)), Y: s.Frame.y(y.at(total(m.Wait))), Class: class, Shape: path, Text: text, Chosen: m.Differs != ""})
	}
	for _, sh := range shapes {
		if used[sh.class] {
			s.Legend = append(s.Legend, mark{Class: sh.class, Shape: sh.path, Text: sh.class})
		}
	}
	return s
}

func shape(class string) (string, string) {
	for _, s := range shapes {
		if s.class == class {
			return s.class, s.path
		}
	}
	last := shapes[len(shapes)-1]
	return last.class, last.path
}

// decades spans what get gives, in whole powers of ten, at most seven: below
// that everything is nothing.
func decades(list []advisor.Measured, get func(advisor.Measured) float64) logScale {
	low, high := math.Inf(1), 0.0
	for _, m := range list {
		if v := get(m); v > 0 && !math.IsInf(v, 0) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	if high == 0 {
		return logScale{1e-3, 1}
	}
	top := math.Pow(10, math.Ceil(math.Log10(high)))
	bottom := math.Max(math.Pow(10, math.Floor(math.Log10(low))), top/1e7)
	return logScale{math.Min(bottom, top/10), top}
}

func tens(s logScale, at func(float64) float64) (list []tick) {
	for v := s.low; v <= s.high*1.001; v *= 10 {
		list = append(list, tick{At: at(s.at(v)), Text: duration(v)})
	}
	return list
}

// computed is the CPU time of a function, a range where it is not known better.
func computed(m advisor.Measured) string {
	if m.Range != (advisor.Span{}) {
		return span(m.Range, duration)
	}
	return duration(m.CPU)
}
