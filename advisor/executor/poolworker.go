package executor

import "time"

// next returns what the worker has run, waits for tasks and takes some: as
// many as last about chunkTarget by the latest measure. t.batch is nil when
// the pool is closed.
func (s *tasks) next(t *taken, share int, took time.Duration) int {
	ran := t.to - t.from
	if ran > 0 {
		clear(t.batch.tasks[t.from:t.to])
		each := max(took/time.Duration(ran), 1)
		share = int(max(1, min(chunkTarget/each, batchSize)))
		if limit := int32(max(1, min(batchTime/each, batchSize))); limit != s.limit.Load() {
			s.limit.Store(limit)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ran > 0 {
		s.done(t.batch, ran)
	}
	*t = taken{}
	for spun := false; s.len == 0; {
		if s.closed {
			return share
		}
		if !spun && s.spinning == 0 {
			spun = true
			s.spin()
			continue
		}
		if spun {
			s.hungry.Store(true)
		}
		s.parked++
		s.work.Wait()
	}
	b := s.ring[s.head]
	n := min(share, b.n-b.taken)
	*t = taken{batch: b, from: b.taken, to: b.taken + n, at: b.taken}
	b.taken += n
	if b.taken == b.n {
		s.ring[s.head] = nil
		s.head = (s.head + 1) % len(s.ring)
		s.len--
		if s.len == len(s.ring)/2 {
			s.room.Broadcast()
		}
		s.queued.Store(int32(s.len))
	}
	if s.len > 0 && s.parked > 0 && s.spinning == 0 {
		s.parked--
		s.work.Signal()
	}
	return share
}

// spin looks for a batch without the lock, for some µs. One worker at a time
// does so.
func (s *tasks) spin() {
	s.spinning++
	s.mu.Unlock()
	for range spins {
		if s.queued.Load() != 0 {
			break
		}
	}
	s.mu.Lock()
	s.spinning--
}

// done accounts for n tasks that have run.
func (s *tasks) done(b *batch, n int) {
	b.left -= n
	if b.left == 0 {
		b.n, b.taken = 0, 0
		s.free = append(s.free, b)
	}
	s.pending -= n
	if s.pending == 0 {
		s.idle.Broadcast()
	}
}
