package process

import "time"

// A lonely task goes to its worker and back on the goroutines of the callers:
// Submit writes it, and Receive reads the outcome. To pass it through the
// link's goroutine would cost two wake-ups, as much as the whole round trip.
//
// A caller that reads one worker does not see what other workers deliver in
// the meantime. So this is done only when nothing else is in flight and tasks
// have been short; when one is not, the worker says so after its relief time,
// and the link's goroutine takes over.
const (
	loneBytes  = 4 << 10 // fits in an idle worker's pipe, so that Submit does not wait
	loneTask   = 100 * time.Microsecond
	loneRelief = 10 * time.Millisecond
)

// lone gives the only task to an idle worker, if that is the thing to do. The
// lock is released while writing.
func (p *Pool) lone(t Task) bool {
	k := len(p.idle)
	if p.unsettled > 0 || k == 0 || len(t.Body)+len(t.Func) > loneBytes || p.pace.each == 0 || p.pace.each > loneTask || p.relief > loneRelief {
		return false
	}
	l := p.idle[k-1]
	if l.retired || l.gone {
		return false
	}
	p.accept(t)
	b := l.take()
	if b == nil {
		return true // it was too long
	}
	p.idle = p.idle[:k-1]
	l.lent = true
	b.watched = l.child.mailbox != nil && l.luck.next(b.sent)
	p.mu.Unlock()
	err := l.send(b)
	p.mu.Lock()
	p.loose = l
	if err != nil || l.gone || p.unsettled > 1 || p.over() || p.closed {
		p.handOver() // it reads what is left, or the end
		return true
	}
	p.ready.Signal()
	return true
}

// handOver leaves the loose link to its own goroutine.
func (p *Pool) handOver() {
	l := p.loose
	if l == nil {
		return
	}
	p.loose, l.lent = nil, false
	l.wake.Signal()
}

// readLoose receives from the loose link. The lock is released while reading.
func (p *Pool) readLoose() {
	l := p.loose
	p.loose = nil
	p.mu.Unlock()
	if l.batches[0].watched {
		begun := time.Now()
		found := l.child.mailbox.await(l.in)
		now := time.Now()
		l.luck.learn(now, found, now.Sub(begun))
	}
	err := l.receive()
	p.mu.Lock()
	l.lent, l.fault = false, err
	if err == nil && len(l.batches) == 0 && !l.retired && !l.gone && p.waiting() == 0 && !p.closed && p.err == nil {
		p.idle = append(p.idle, l)
		return
	}
	l.wake.Signal()
}
