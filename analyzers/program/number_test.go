package program

import (
	"math"
	"math/rand/v2"
	"testing"
)

// samples are numbers of every kind, and such as operations make of them.
func samples() []Number {
	list := []Number{nothing, Constant(0), Constant(1), Constant(-3), Constant(8), AtMost(4), AtMost(100), cores, setting(), data(), unknown()}
	base := list
	for _, a := range base {
		for _, b := range base {
			list = append(list, a.Min(b), a.Max(b), a.Add(b), a.Sub(b), a.Mul(b), a.Join(b))
		}
	}
	return list
}

var operations = map[string]struct {
	abstract func(a, b Number) Number
	concrete func(a, b float64) float64
}{
	"min": {Number.Min, math.Min},
	"max": {Number.Max, math.Max},
	"+":   {Number.Add, func(a, b float64) float64 { return a + b }},
	"-":   {Number.Sub, func(a, b float64) float64 { return a - b }},
	"*":   {Number.Mul, func(a, b float64) float64 { return a * b }},
	"/":   {Number.Div, func(a, b float64) float64 { return a / b }},
}

// bounds is a number without what it usually is, which the order leaves out.
func bounds(n Number) Number {
	n.Usual = Curve{}
	return n
}

// Join is the least upper bound of the order Includes.
func TestJoin(t *testing.T) {
	all := samples()
	for range 20000 {
		a, b, c := pick(all), pick(all), pick(all)
		ab := a.Join(b)
		switch {
		case !a.Includes(a):
			t.Fatalf("%v does not include itself", a)
		case a.Includes(b) && b.Includes(a) && bounds(a) != bounds(b):
			t.Fatalf("%v and %v include each other", a, b)
		case a.Includes(b) && b.Includes(c) && !a.Includes(c):
			t.Fatalf("%v includes %v, that %v, but not the first the last", a, b, c)
		case ab != b.Join(a) || a.Join(a) != a || ab.Join(c) != a.Join(b.Join(c)):
			t.Fatalf("join of %v, %v, %v depends on their order", a, b, c)
		case !ab.Includes(a) || !ab.Includes(b):
			t.Fatalf("join %v does not include %v and %v", ab, a, b)
		case c.Includes(a) && c.Includes(b) && !c.Includes(ab):
			t.Fatalf("%v includes %v and %v but not their join %v", c, a, b, ab)
		}
	}
}

// Knowing more of an operand never makes the result less known.
func TestMonotone(t *testing.T) {
	all := samples()
	for name, op := range operations {
		for range 20000 {
			a, b := pick(all), pick(all)
			more := a.Join(pick(all))
			if r, s := op.abstract(a, b), op.abstract(more, b); !s.Includes(r) {
				t.Fatalf("%v %s %v = %#v, but of %v %#v", a, name, b, r, more, s)
			}
			if name == "-" || name == "/" {
				continue // the right sides are taken for counts, see TestSound
			}
			if r, s := op.abstract(b, a), op.abstract(b, more); !s.Includes(r) {
				t.Fatalf("%v %s %v = %v, but of %v %v", b, name, a, r, more, s)
			}
		}
	}
}

// What a program computes from numbers that are included is included.
func TestSound(t *testing.T) {
	all := samples()
	for name, op := range operations {
		for range 20000 {
			a, b := pick(all), pick(all)
			for i := range machines {
				if a.Least[i] > a.Most[i] || b.Least[i] > b.Most[i] {
					continue
				}
				x, y := among(a, i), among(b, i)
				if name == "-" && y < 0 || name == "/" && y < 1 {
					continue // counts are taken away, sizes divided by
				}
				r, v := op.abstract(a, b), op.concrete(x, y)
				if v < r.Least[i] || v > r.Most[i] {
					t.Fatalf("%v %s %v = %v of %v and %v", x, name, y, r, a, b)
				}
			}
		}
	}
}

var random = rand.New(rand.NewPCG(1, 2))

func pick(list []Number) Number { return list[random.IntN(len(list))] }

// among returns a number that n includes on machine i.
func among(n Number, i int) float64 {
	lo, hi := math.Max(n.Least[i], -50), math.Min(n.Most[i], 50)
	if lo >= hi {
		return math.Max(math.Min(n.Most[i], math.Max(n.Least[i], hi)), n.Least[i])
	}
	return lo + math.Floor(random.Float64()*(hi-lo+1)*0.999)
}
