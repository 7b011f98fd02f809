package effects

import (
	"cmp"
	"math/bits"
	"slices"
)

// This file is the lattice of effects. What a function does of one kind is a set
// of cases: a wait that depends on a parameter beside one that does not, one on
// the receiver's own connection beside one on something else. A case has a place,
// the circumstances below, and a certainty. Joining two sets takes the greater
// certainty at each place, so nothing that a caller may need is lost: a call with
// false still sees the wait that does not depend on it. The witness is chosen
// apart and has no part in the order.

// circumstances are the flags that make an effect matter less to some callers.
const circumstances = Hint | Stream | Buffered | Released | Deferred | Linear | Token | Datagram | Witnessed

// apart are those of them that no join may lose: a guess stays one, what runs with
// the lock given back holds nobody up, and a place of a semaphore comes free whatever
// locks the caller holds.
const apart = Hint | Released | Token

// A place is where in the set a case stands.
type place struct {
	guard Guard
	root  Root
	bound Bound
	flags Flags
}

func placeOf(e *Effect) place {
	return place{e.Guard, e.Root, e.Bound, e.Flags & circumstances}
}

// top is the place that says least of all with the same bound, and so holds everything of
// its set: who gives a time limit to all that it does must not look as if it gave none.
func (p place) top() place { return place{root: RootNone, bound: p.bound, flags: p.flags & apart} }

// compare orders places, to choose those that are kept. Any order that is always
// the same makes a join; this one puts last what loses least at the top. Cases that
// depend on a parameter come first, since a call may rule them out, and those with
// the most circumstances next: without them they would matter more than they do.
func (p place) compare(q place) int {
	free := func(g Guard) int {
		if g == 0 {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(free(p.guard), free(q.guard)), cmp.Compare(p.guard, q.guard),
		cmp.Compare(bits.OnesCount16(uint16(q.flags)), bits.OnesCount16(uint16(p.flags))),
		cmp.Compare(q.flags, p.flags), cmp.Compare(q.bound, p.bound), cmp.Compare(q.root, p.root))
}

// maxCases is how many cases a set keeps beside those at the top. A further one
// goes to the top: it is taken for one that depends on nothing.
const maxCases = 2

// together reports whether two effects are cases of one set. Weights are told
// apart as well, since callers carry each on for another distance.
func together(a, b *Effect) bool {
	return a.Kind == b.Kind && a.Weight == b.Weight && (a.Flags^b.Flags)&apart == 0
}

// merge joins e to the list and reports whether the list changed.
func merge(list *[]Effect, e Effect) bool {
	changed := put(list, e)
	last := overflow(*list, &e)
	if last < 0 {
		return changed
	}
	over := (*list)[last]
	*list = slices.Delete(*list, last, last+1)
	if placeOf(&over) == placeOf(&e) {
		changed = false // it came and went
	}
	at := placeOf(&over).top()
	over.Guard, over.Root, over.Bound, over.Flags = at.guard, at.root, at.bound, over.Flags&^circumstances|at.flags
	return put(list, over) || changed
}

// overflow returns the case that has no room in the set of e, or -1.
func overflow(list []Effect, e *Effect) int {
	n, last := 0, -1
	for i := range list {
		p := placeOf(&list[i])
		if !together(&list[i], e) || p == p.top() {
			continue
		}
		if n++; last < 0 || p.compare(placeOf(&list[last])) > 0 {
			last = i
		}
	}
	if n <= maxCases {
		return -1
	}
	return last
}

// put joins e to the case at its place.
func put(list *[]Effect, e Effect) bool {
	for i := range *list {
		o := &(*list)[i]
		if !together(o, &e) || placeOf(o) != placeOf(&e) {
			continue
		}
		if !betterBy(&e, len(e.Chain), o) {
			return false
		}
		*o = e
		return true
	}
	*list = append(*list, e)
	return true
}

// covers reports whether b tells a caller all that a does, and perhaps more.
func covers(b, a *Effect) bool {
	p, q := placeOf(a), placeOf(b)
	return a.Kind == b.Kind && a.Weight <= b.Weight && a.Certainty <= b.Certainty &&
		(a.Weight != Heavy || b.Weight != Steep) && // the nearer one decides the class
		(q.guard == 0 || q.guard == p.guard) && (q.root == RootNone || q.root == p.root) &&
		q.bound <= p.bound && q.flags&^p.flags == 0
}

// condense drops the cases that others cover and puts the one that says most of
// its kind before the others. What the list means stays the same.
func condense(list []Effect) []Effect {
	if len(list) < 2 {
		return list
	}
	kept := make([]Effect, 0, len(list))
	for i := range list {
		if !covered(list, i) {
			kept = append(kept, list[i])
		}
	}
	for i := range kept {
		for j := i + 1; j < len(kept); j++ {
			if kept[i].Kind == kept[j].Kind && before(&kept[j], &kept[i]) {
				kept[i], kept[j] = kept[j], kept[i]
			}
		}
	}
	return kept
}

// before reports whether a belongs before b of its kind, in an order that the one of the
// statements has no part in.
func before(a, b *Effect) bool {
	if better(a, b) != better(b, a) {
		return better(a, b)
	}
	return placeOf(a).compare(placeOf(b)) < 0
}

// covered reports whether another case covers the one at i; of two that cover
// each other the first stays.
func covered(list []Effect, i int) bool {
	for j := range list {
		if i != j && covers(&list[j], &list[i]) && (j < i || !covers(&list[i], &list[j])) {
			return true
		}
	}
	return false
}

// Leading returns the case of each kind that says most.
func Leading(list []Effect) []Effect {
	var out []Effect
	for i := range list {
		if e := leading(list, list[i].Kind); e == &list[i] {
			out = append(out, *e)
		}
	}
	return out
}

// leading returns the case of the kind that says most, or nil.
func leading(list []Effect, k Kind) *Effect {
	var best *Effect
	for i := range list {
		if e := &list[i]; e.Kind == k && (best == nil || better(e, best)) {
			best = e
		}
	}
	return best
}

// better reports whether a says more to people than b, of the same kind.
func better(a, b *Effect) bool { return betterBy(a, len(a.Chain), b) }

// betterBy is better for an effect whose chain has yet to be made.
func betterBy(a *Effect, frames int, b *Effect) bool {
	if ah, bh := a.Flags&Hint, b.Flags&Hint; ah != bh {
		return ah < bh
	}
	if a.Certainty != b.Certainty && (a.Certainty < Usually || b.Certainty < Usually) {
		return a.Certainty > b.Certainty
	}
	if a.Weight != b.Weight {
		return a.Weight > b.Weight
	}
	if a.Certainty != b.Certainty {
		return a.Certainty > b.Certainty
	}
	if ag, bg := a.Guard == 0, b.Guard == 0; ag != bg {
		return ag
	}
	const soft = circumstances &^ Hint
	if as, bs := a.Flags&soft != 0, b.Flags&soft != 0; as != bs {
		return bs
	}
	if a.Bound != b.Bound {
		return a.Bound < b.Bound
	}
	if ad, bd := a.Label == "dns", b.Label == "dns"; ad != bd {
		return bd // what follows the look-up says more
	}
	if frames != len(b.Chain) {
		return frames < len(b.Chain)
	}
	return cmp.Or(cmp.Compare(a.Duration, b.Duration), cmp.Compare(a.Label, b.Label)) > 0 // whichever comes first
}
