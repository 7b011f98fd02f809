package program

import (
	"go/types"
	"math"
)

// A question about a variable whose answer is the same wherever it is asked: what
// all callers give a parameter, what all who set a field or package variable set.
type question struct {
	v    *types.Var
	size bool
}

// A trail is what an evaluator has come by and not left again. What it meets there
// once more adds nothing, which is right for the whole but not for the part that
// stands below: an answer is kept only if it met nothing from above its question.
// So the strongly connected components of Tarjan's algorithm are told, here for
// values that are worked out on the way.
type trail struct {
	at    map[types.Object]int // by how many stand above it
	low   int                  // the highest that was met again since it was last set
	steps int                  // numbers that were asked for
}

// enter adds an object, and reports false if it is there already.
func (t *trail) enter(o types.Object) bool {
	if n, ok := t.at[o]; ok {
		t.low = min(t.low, n)
		return false
	}
	t.at[o] = len(t.at)
	return true
}

func (t *trail) leave(o types.Object) { delete(t.at, o) }

// met notes that the answer depends on what stands n from the top.
func (t *trail) met(n int) { t.low = min(t.low, n) }

// maxNumbers is how many numbers one question may ask for on the way. In a server
// of 150,000 lines the most are 16,384 to 32,768, in three others of 50,000 to 240,000 fewer
// than 256; helpers that each call the next one twice on two ways ask for 4^maxDepth.
const maxNumbers = 50_000

// tooDeep reports whether no more is followed, and notes that.
func (ev *evaluator) tooDeep() bool {
	if ev.depth < maxDepth && ev.trail.steps < maxNumbers {
		return false
	}
	ev.trail.met(-1)
	return true
}

// known returns the answer to a question about v, which is on the trail: the one
// that is kept, or else that of f. In large packages every call site of a helper
// asks the same of its parameters.
func (ev *evaluator) known(v *types.Var, size bool, f func() Number) Number {
	if ev.within != Package || ev.fixed != nil {
		return f()
	}
	q, t := question{v, size}, ev.trail
	if n, ok := ev.p.known[q]; ok {
		return n
	}
	above := t.low
	t.low = math.MaxInt
	n := f()
	if t.low >= t.at[v] {
		ev.p.known[q] = n
	}
	t.low = min(t.low, above)
	return n
}
