package simulate

import "slices"

// event is the end of a wait or of a computation.
type event struct {
	at   int64 // ns
	slot int32
	kind eventKind
}

type eventKind int32

const (
	waited eventKind = iota
	computed
	refused // the attempt ends in a failure
)

// heap is a 4-ary heap of events, earliest first. It is written out because
// container/heap allocates for each event and calls through an interface.
type heap []event

func (h *heap) push(e event) {
	s := append(*h, e)
	*h = s
	i := len(s) - 1
	for i > 0 {
		up := (i - 1) / 4
		if s[up].at <= e.at {
			break
		}
		s[i] = s[up]
		i = up
	}
	s[i] = e
}

func (h *heap) pop() event {
	s := *h
	first, n := s[0], len(s)-1
	e := s[n]
	s = s[:n]
	*h = s
	if n == 0 {
		return first
	}
	i := 0
	for {
		kid := 4*i + 1
		if kid >= n {
			break
		}
		least := kid
		for j := kid + 1; j < min(kid+4, n); j++ {
			if s[j].at < s[least].at {
				least = j
			}
		}
		if e.at <= s[least].at {
			break
		}
		s[i] = s[least]
		i = least
	}
	s[i] = e
	return first
}

// servers holds the instants at which each server of a capped back-end is
// free, earliest first: with first come, first served, the end of a request
// is known when it arrives.
type servers []int64

// resize takes the servers away that are free first, or adds idle ones.
func (v *servers) resize(n int, now int64) {
	slices.Sort(*v) // a sorted slice is a heap
	for len(*v) < n {
		*v = append(*v, now)
	}
	*v = (*v)[len(*v)-n:]
	slices.Sort(*v)
}

// serve occupies the next free server from free to free+service.
func (v servers) serve(now, service int64) (end int64) {
	end = max(now, v[0]) + service
	v[0] = end
	v.down()
	return end
}

func (v servers) down() {
	i, n := 0, len(v)
	for {
		kid := 2*i + 1
		if kid >= n {
			return
		}
		if kid+1 < n && v[kid+1] < v[kid] {
			kid++
		}
		if v[i] <= v[kid] {
			return
		}
		v[i], v[kid] = v[kid], v[i]
		i = kid
	}
}
