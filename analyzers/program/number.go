package program

import (
	"fmt"
	"math"
	"slices"
)

// A Number is what is known of an integer wherever the program runs: an
// interval whose ends may follow the number of cores. Where nothing finite is
// above it, By says who decides. The order is that of inclusion:
//
//	nothing < n < at most n < a setting < data < unknown
//
// and the same for what follows the cores, k·cores + c, between machines.
type Number struct {
	Least, Most Curve
	By          Source
	// Set says that a setting takes part, also below a finite Most: min(n, 8) is
	// no fixed 8. So does a share of data, as many items to each as somebody chose.
	Set bool
	// Usual is what a setting is unless somebody chooses, as far as that follows the
	// cores or is the default of a flag; of several the largest, zero for none.
	Usual Curve
}

// A Curve is the value on machines of 1, 16 and 64 cores. The three tell k·cores
// + c from a constant, and unlike k and c they stay exact through truncating
// division, min and max. They are floats since sizes are scaled by fractions
// (int(float64(n) * 0.75)) and to have infinities.
type Curve [3]float64

var machines = Curve{1, 16, 64}

// A Source is who decides a number that nothing finite bounds.
type Source uint8

// The sources, from the tightest to the loosest.
const (
	Fixed   Source = iota // nobody: Most is finite
	Setting               // whoever runs or calls the program
	Data                  // the size of a collection
	Unknown
)

var inf = math.Inf(1)

func flat(v float64) Curve { return Curve{v, v, v} }

// Constant is the number n.
func Constant(n float64) Number { return Number{Least: flat(n), Most: flat(n)} }

// AtMost is any number from 0 to n.
func AtMost(n float64) Number { return Number{Least: flat(0), Most: flat(n)} }

// cores is the number of cores, always at least one.
var cores = Number{Least: machines, Most: machines, Usual: machines}

// nothing is the number of a value that never is: the least element.
var nothing = Number{Least: flat(inf), Most: flat(-inf)}

func setting() Number { return Number{Least: flat(-inf), Most: flat(inf), By: Setting, Set: true} }
func data() Number    { return Number{Least: flat(0), Most: flat(inf), By: Data} }
func unknown() Number { return Number{Least: flat(-inf), Most: flat(inf), By: Unknown, Set: true} }

func (n Number) empty() bool { return n.Least[2] > n.Most[2] }

// impossible reports whether there is no such number on any machine.
func (n Number) impossible() bool {
	return every(n.Most, n.Least, func(a, b float64) bool { return a < b })
}

// Const returns the largest value where it is finite and the same on every
// machine.
func (n Number) Const() (int64, bool) {
	if n.By != Fixed || n.empty() || n.Most[0] != n.Most[2] || math.Abs(n.Most[0]) > 1<<53 {
		return 0, false
	}
	return int64(n.Most[0]), true
}

// share reports whether a number is a part of the size of data, as that divided by workers: it
// grows with the data.
func (n Number) share() bool { return n.By == Data && n.Set }

// Exact returns the value where there is only one.
func (n Number) Exact() (int64, bool) {
	if n.Least != n.Most || n.Set {
		return 0, false
	}
	return n.Const()
}

// Cores reports whether the largest value follows the number of cores.
func (n Number) Cores() bool { return n.By == Fixed && n.Most[0] != n.Most[2] }

// TimesCores is how many times the number of cores a large machine has; 0 for
// what does not go on growing.
func (n Number) TimesCores() float64 {
	if n.By != Fixed {
		return 0
	}
	return n.Most.timesCores()
}

// mostAdded is how many times its part of the cores a number may add to them, as for the one
// who hands out: 100 + cores is a hundred.
const mostAdded = 4

func (c Curve) timesCores() float64 {
	if c[1] == c[2] {
		return 0
	}
	k := (c[2] - c[1]) / (machines[2] - machines[1])
	if c[2]-k*machines[2] > mostAdded*k {
		return 0
	}
	return k
}

// UsuallyTimesCores is how many times the number of cores a setting is unless
// somebody chooses; 0 for what is something else.
func (n Number) UsuallyTimesCores() float64 {
	if n.By == Fixed && !n.Set {
		return 0
	}
	return n.Usual.timesCores()
}

// Includes reports whether everything that m may be, n may be, too. What a number
// usually is has no part in it.
func (n Number) Includes(m Number) bool {
	return m == nothing || n.By >= m.By && (n.Set || !m.Set) && every(n.Least, m.Least, lessEqual) && every(m.Most, n.Most, lessEqual)
}

func lessEqual(a, b float64) bool { return a <= b }

func every(a, b Curve, holds func(a, b float64) bool) bool {
	return holds(a[0], b[0]) && holds(a[1], b[1]) && holds(a[2], b[2])
}

func pointwise(a, b Curve, f func(a, b float64) float64) Curve {
	return Curve{f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2])}
}

// Join is what is known of a value that is one of the two.
func (n Number) Join(m Number) Number {
	return Number{
		Least: pointwise(n.Least, m.Least, math.Min),
		Most:  pointwise(n.Most, m.Most, math.Max),
		By:    max(n.By, m.By),
		Set:   n.Set || m.Set,
		Usual: pointwise(n.Usual, m.Usual, math.Max),
	}
}

// Min is the smaller of the two. What is finite, and then what a setting bounds,
// bounds both.
func (n Number) Min(m Number) Number {
	return n.combine(m, min(n.By, m.By), func(a, b Number) (Curve, Curve) {
		return pointwise(a.Least, b.Least, math.Min), pointwise(a.Most, b.Most, math.Min)
	})
}

// Max is the larger of the two.
func (n Number) Max(m Number) Number {
	return n.combine(m, max(n.By, m.By), func(a, b Number) (Curve, Curve) {
		return pointwise(a.Least, b.Least, math.Max), pointwise(a.Most, b.Most, math.Max)
	})
}

// Add is the sum.
func (n Number) Add(m Number) Number {
	return n.combine(m, max(n.By, m.By), func(a, b Number) (Curve, Curve) {
		return pointwise(a.Least, b.Least, plus), pointwise(a.Most, b.Most, plus)
	})
}

// Sub is the difference. What is taken away is a count of something and not
// negative, so len(x) − n is no more than len(x).
func (n Number) Sub(m Number) Number {
	return n.combine(m, n.By, func(a, b Number) (Curve, Curve) {
		least := pointwise(b.Least, flat(0), math.Max)
		if every(b.Least, b.Most, func(x, y float64) bool { return x == y }) {
			least = b.Least
		}
		return pointwise(a.Least, b.Most, minus), pointwise(a.Most, least, minus)
	})
}

// Mul is the product.
func (n Number) Mul(m Number) Number {
	return n.combine(m, max(n.By, m.By), func(a, b Number) (Curve, Curve) {
		return corners(a, b, times)
	})
}

// Div is the quotient, not yet truncated. A divisor that may be anything counts
// as at least one: the program would fail otherwise.
func (n Number) Div(m Number) Number {
	out := n.combine(m, n.By, func(a, b Number) (Curve, Curve) {
		for i, v := range b.Least {
			if v <= 0 {
				b.Least[i], b.Most[i] = 1, math.Max(1, b.Most[i])
			}
		}
		return corners(a, b, func(x, y float64) float64 { return x / y })
	})
	if n.By == Data && m.Most != flat(1) && out != nothing {
		out.Set = true
	}
	return out
}

// Each applies a function that never decreases, such as math.Trunc.
func (n Number) Each(f func(float64) float64) Number {
	for i := range n.Least {
		n.Least[i], n.Most[i], n.Usual[i] = f(n.Least[i]), f(n.Most[i]), f(n.Usual[i])
	}
	return n
}

// combine applies a binary operation. By is that of the result where it is not
// finite; nothing combined with anything is nothing.
func (n Number) combine(m Number, by Source, op func(a, b Number) (least, most Curve)) Number {
	if n == nothing || m == nothing {
		return nothing
	}
	least, most := op(n, m)
	out := Number{Least: least, Most: most, Set: n.Set || m.Set, Usual: usual(n, m, op)}
	if math.IsInf(most[0], 1) || math.IsInf(most[2], 1) {
		out.Most, out.By = flat(inf), max(by, Setting)
	}
	return out
}

// usual applies an operation to what two numbers usually are, where that is known of
// one of them. Beside a number that may be anything it tells only of the
// smaller or larger of the two, which may well be the other.
func usual(n, m Number, op func(a, b Number) (least, most Curve)) Curve {
	none := Curve{}
	if n.Usual == none && m.Usual == none {
		return none
	}
	a, b := n.usually(), m.usually()
	_, c := op(Number{Least: a, Most: a}, Number{Least: b, Most: b})
	if slices.ContainsFunc(c[:], func(v float64) bool { return math.IsInf(v, 0) || math.IsNaN(v) || v < 0 }) {
		return none
	}
	return c
}

func (n Number) usually() Curve {
	if n.Usual != (Curve{}) {
		return n.Usual
	}
	return n.Most
}

func plus(a, b float64) float64 { return number(a+b, inf) }

func minus(a, b float64) float64 { return number(a-b, inf) }

func times(a, b float64) float64 { return number(a*b, 0) }

// number is v, or what is meant by an operation on infinities that has no value.
func number(v, otherwise float64) float64 {
	if math.IsNaN(v) {
		return otherwise
	}
	return v
}

// corners is the hull of an operation that is monotone in each operand.
func corners(a, b Number, f func(a, b float64) float64) (least, most Curve) {
	for i := range least {
		least[i], most[i] = inf, -inf
		for _, x := range []float64{a.Least[i], a.Most[i]} {
			for _, y := range []float64{b.Least[i], b.Most[i]} {
				v := number(f(x, y), 0)
				least[i], most[i] = math.Min(least[i], v), math.Max(most[i], v)
			}
		}
	}
	return least, most
}

// String is for tests and for people who look for a mistake.
func (n Number) String() string {
	switch {
	case n == nothing:
		return "nothing"
	case n.By != Fixed:
		s := [...]string{Setting: "setting", Data: "data", Unknown: "unknown"}[n.By]
		if n.Least[0] >= 1 {
			s += fmt.Sprintf(" from %v", n.Least[0])
		}
		return s
	case n.Least == n.Most:
		return n.Most.String()
	}
	s := "at most " + n.Most.String()
	if n.Set {
		s = "setting " + s
	}
	return s
}

func (c Curve) String() string {
	if c[0] == c[2] {
		return fmt.Sprint(c[0])
	}
	return fmt.Sprintf("%v|%v|%v", c[0], c[1], c[2]) // on 1, 16 and 64 cores
}
