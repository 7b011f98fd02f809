package effects

import (
	"math/rand/v2"
	"testing"
)

// A meaning is a set of cases as the lattice sees it: no order, no witnesses.
type meaning map[meant]Certainty

type meant struct {
	kind   Kind
	weight Weight
	place  place
}

func meaningOf(list []Effect) meaning {
	m := make(meaning)
	for i := range list {
		e := &list[i]
		at := meant{e.Kind, e.Weight, placeOf(e)}
		m[at] = max(m[at], e.Certainty)
	}
	return m
}

func (m meaning) equal(n meaning) bool { return m.below(n) && n.below(m) && len(m) == len(n) }

// below reports whether n says all that m does at the same places or at the top.
func (m meaning) below(n meaning) bool {
	for at, c := range m {
		top := at
		top.place = at.place.top()
		if n[at] < c && n[top] < c {
			return false
		}
	}
	return true
}

func join(lists ...[]Effect) []Effect {
	var out []Effect
	for _, list := range lists {
		for _, e := range list {
			merge(&out, e)
		}
	}
	return out
}

func randomCases(r *rand.Rand) []Effect {
	pick := func(n int) int { return r.IntN(n) }
	var list []Effect
	for range pick(6) {
		e := Effect{Kind: []Kind{Net, Chan, CPU}[pick(3)], Certainty: Rarely + Certainty(pick(4)), Guard: Guard(pick(5) - 2), Root: Root(pick(4) - 2), Chain: make([]Frame, 1+pick(3))}
		switch e.Kind {
		case CPU:
			e.Weight = LoopOnce + Weight(pick(3))
		default:
			e.Bound = Bound(pick(4))
			e.Flags = []Flags{0, Stream, Buffered, Hint, Stream | Hint, Receive, Released, Released | Deferred}[pick(8)]
		}
		list = append(list, e)
	}
	return join(list)
}

// TestJoin holds the join to the laws of a semilattice, and to its bounds.
func TestJoin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		a, b, c := randomCases(r), randomCases(r), randomCases(r)
		ab := meaningOf(join(a, b))
		if !ab.equal(meaningOf(join(b, a))) {
			t.Fatalf("not commutative:\n%v\n%v", a, b)
		}
		if !meaningOf(join(join(a, b), c)).equal(meaningOf(join(a, join(b, c)))) {
			t.Fatalf("not associative:\n%v\n%v\n%v", a, b, c)
		}
		if !meaningOf(join(a, a)).equal(meaningOf(a)) {
			t.Fatalf("not idempotent:\n%v", a)
		}
		if !meaningOf(a).below(ab) {
			t.Fatalf("not above what it joins:\n%v\n%v", a, b)
		}
		if !ab.below(meaningOf(join(a, b, c))) {
			t.Fatalf("not monotone:\n%v\n%v\n%v", a, b, c)
		}
		checkSize(t, join(a, b, c))
	}
}

func checkSize(t *testing.T, list []Effect) {
	t.Helper()
	type set struct {
		kind   Kind
		weight Weight
		hint   Flags
	}
	n := make(map[set]int)
	for i := range list {
		e := &list[i]
		n[set{e.Kind, e.Weight, e.Flags & apart}]++
	}
	for s, k := range n {
		if k > maxCases+int(Const)+1 { // a top for each bound
			t.Fatalf("%d cases of %v in %v", k, s, list)
		}
	}
}

// TestCondense: what is left covers what was there, and nothing in it is said twice.
func TestCondense(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		list := join(randomCases(r), randomCases(r))
		short := condense(list)
		for i := range list {
			found := false
			for j := range short {
				found = found || covers(&short[j], &list[i])
			}
			if !found {
				t.Fatalf("%v is lost in %v", list[i], short)
			}
		}
		for i := range short {
			if covered(short, i) {
				t.Fatalf("%v is said twice in %v", short[i], short)
			}
		}
		for _, e := range Leading(list) {
			best := leading(short, e.Kind)
			if best != nil {
				e.Chain = best.Chain // the witness is not part of the order
			}
			if best == nil || better(&e, best) {
				t.Fatalf("%v leads no longer in %v", e, short)
			}
		}
	}
}

// TestChanged: merge tells whether the list changed, as the fixpoint relies on.
func TestChanged(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		list, more := randomCases(r), randomCases(r)
		for _, e := range more {
			before := meaningOf(list)
			if changed := merge(&list, e); !changed && !before.equal(meaningOf(list)) {
				t.Fatalf("%v changed %v silently", e, before)
			}
			if merge(&list, e) {
				t.Fatalf("%v changes %v again and again", e, list)
			}
		}
	}
}
