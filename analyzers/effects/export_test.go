package effects

import "math"

// Above returns the functions that can call target, found by the way up alone.
func (r *Result) Above(target *Func) map[*Func]bool {
	up := r.p.ascent(target)
	up.climb(r.p.callers, math.MaxInt)
	return up.seen
}
