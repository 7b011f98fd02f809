package simulate

// request sends an attempt to the back-end; its end is known at once.
func (s *state) request(id int32, wait int64) {
	s.waiting++
	s.slots[id].behind = true
	end, kind := s.now+wait, waited
	switch s.w.Backend {
	case Open, Thrashing:
	case Capped:
		end = s.servers.serve(s.now, wait)
	case Timeouts:
		end, kind = s.impatient(wait)
	case Degrading, Retrograde:
		s.shared.push(event{at: s.progress + wait, slot: id, kind: waited})
		return
	case Shaped, Refusing:
		end, kind = s.token(wait)
	}
	s.events.push(event{at: end, slot: id, kind: kind})
}

// left takes an attempt out of the back-end.
func (s *state) left(id int32) {
	if s.slots[id].behind {
		s.slots[id].behind = false
		s.waiting--
	}
}

// impatient serves a request whose caller gives up in the end. The server does
// not hear of it and works in vain; only what would not even begin before the
// caller is gone costs it nothing.
func (s *state) impatient(wait int64) (end int64, kind eventKind) {
	limit := s.now + int64(s.w.Patience*float64(s.w.Wait))
	if s.servers[0] >= limit {
		return limit, refused
	}
	end = s.servers.serve(s.now, wait)
	if end > limit {
		return limit, refused
	}
	return end, waited
}

// burst is how many tokens a full bucket holds, and deepest how far a bucket
// may be overdrawn, in seconds of its rate.
const (
	burst   = 10
	deepest = 2
)

// token takes a token of the bucket (the generic cell rate algorithm). Without
// one a request waits (Shaped), or is refused after a third of its wait.
func (s *state) token(wait int64) (end int64, kind eventKind) {
	now, gap := float64(s.now), 1e9/s.w.Rate
	s.bucket = max(s.bucket, now)
	early := s.bucket - now - burst*gap // > 0: there is no token for so long
	if early <= 0 {
		s.bucket += gap
		return s.now + wait, waited
	}
	if s.w.Backend == Shaped {
		s.bucket += gap
		return s.now + int64(early) + wait, waited
	}
	s.bucket = min(s.bucket+s.w.Harm*gap, now+burst*gap+deepest*1e9)
	return s.now + wait/3, refused
}

// slowness is by how much the requests in a shared back-end slow each other.
func (s *state) slowness() float64 {
	n := float64(s.waiting)
	if s.w.Backend == Retrograde {
		// N/(1 + σ(N-1) + κN(N-1)) has its maximum at sqrt((1-σ)/κ).
		kappa := (1 - s.w.Harm) / (s.w.Capacity * s.w.Capacity)
		return 1 + s.w.Harm*(n-1) + kappa*n*(n-1)
	}
	over := max(1, n/s.w.Capacity)
	return over * (1 + s.w.Harm*(over-1))
}

// next takes the earliest event from the heap or from the shared back-end,
// where all requests progress alike and slowness turns progress into time.
func (s *state) next() (event, bool) {
	if len(s.shared) == 0 {
		if len(s.events) == 0 {
			return event{}, false
		}
		return s.events.pop(), true
	}
	at := s.now + max(0, int64(float64(s.shared[0].at-s.progress)*s.slowness()))
	if len(s.events) > 0 && s.events[0].at <= at {
		return s.events.pop(), true
	}
	e := s.shared.pop()
	s.ended = e.at
	e.at = at
	return e, true
}
