package process

import "time"

// A pace says how many tasks make a batch: doubled while a full batch lasts
// less than half the target, as joblib's AutoBatchingMixin does four orders of
// magnitude slower, and cut to the measure when it lasts more than twice as
// long.
type pace struct {
	target time.Duration
	most   int
	limit  int           // tasks in a batch, 1..most
	each   time.Duration // of a task in the last batch, at least 1; 0: unknown
	short  bool          // each is less than the target
}

// learn takes in a finished batch of n tasks that spent busy in their handlers.
func (p *pace) learn(n int, busy time.Duration) {
	p.each = max(1, busy/time.Duration(n))
	p.short = p.each < p.target
	if n >= p.limit && busy < p.target/2 {
		p.limit = min(p.most, 2*p.limit)
	}
	if busy > 2*p.target {
		p.limit = min(p.limit, max(1, int(p.target/p.each)))
	}
}

// shrink takes in that a batch had to be broken off.
func (p *pace) shrink() {
	p.each, p.short = p.target, false
	p.limit = max(1, p.limit/4)
}
