package process

import "time"

// mute is how much longer than the hard limit a whole batch may stay without a
// word: a worker reports a long task by itself, unless it is stopped.
const mute = 2 * time.Second

// watch sets the deadline for the batch that runs now.
func (l *link) watch() {
	limit := l.pool.conf.HardLimit
	if limit <= 0 {
		return
	}
	if len(l.batches) == 0 {
		l.deadline = time.Time{}
		return
	}
	if len(l.batches[0].entries) == 1 {
		l.arm(limit, false)
		return
	}
	l.arm(limit+mute, true)
}

// arm sets the deadline. The timer is left running when it fires too early,
// which is cheaper than to set it for each batch.
func (l *link) arm(after time.Duration, blind bool) {
	l.deadline = time.Now().Add(after)
	l.blind = blind
	if l.armed && !l.fires.After(l.deadline) {
		return
	}
	l.armed, l.fires = true, l.deadline
	l.limit.Reset(after)
}

// checkLimit kills the worker whose task has run too long.
func (l *link) checkLimit() {
	l.pool.mu.Lock()
	defer l.pool.mu.Unlock()
	l.armed = false
	if l.deadline.IsZero() {
		return
	}
	if rest := time.Until(l.deadline); rest > 0 {
		l.armed, l.fires = true, l.deadline
		l.limit.Reset(rest)
		return
	}
	if !l.blind {
		l.overran = l.finished + 1
	}
	l.child.kill()
}
