package process

// The functions below are called with p.mu held.

func (p *Pool) waiting() int { return p.queue.len() + p.alone.len() }

// deliver hands outcomes to Receive.
func (p *Pool) deliver(outcomes ...Outcome) {
	if len(outcomes) == 0 {
		return
	}
	for i := range outcomes {
		p.done.pushBack(outcomes[i])
	}
	p.unsettled -= len(outcomes)
	p.ready.Signal()
	if p.unsettled == 0 && (p.closed || p.err != nil) {
		p.wakeAll()
	}
}

// again puts a task back in front of the queue.
func (p *Pool) again(e entry) {
	if p.err != nil {
		p.deliver(Outcome{ID: e.ID, Deaths: e.deaths, Err: p.err})
		return
	}
	if e.alone {
		p.alone.pushBack(e)
	} else {
		p.queue.pushFront(e)
	}
	p.rouse()
	if p.closed {
		p.staff()
	}
}

// share is how many tasks a link may take: a batch, but no more than its part
// of what waits.
func (p *Pool) share() int {
	workers := max(1, p.live)
	return min(p.pace.limit, (p.queue.len()+workers-1)/workers)
}

// draw appends the tasks of the next batch to entries: one that is to run
// alone, or up to most from the queue. A second batch of a link is behind
// another: nothing that has to run alone, and no more bytes than ahead.
func (p *Pool) draw(entries []entry, most int, second bool, ahead int) []entry {
	if p.alone.len() > 0 && !second {
		return append(entries, p.alone.popFront())
	}
	bytes := 0
	for len(entries) < most && p.queue.len() > 0 {
		t := &p.queue.front().Task
		bytes += taskBytes + len(t.Func) + len(t.Body)
		if bytes > batchBytes && len(entries) > 0 || second && bytes > ahead {
			break
		}
		entries = append(entries, p.queue.popFront())
	}
	return entries
}

// rouse wakes one idle link if there is work; when it has taken its part it
// wakes the next.
func (p *Pool) rouse() {
	if k := len(p.idle); k > 0 && p.waiting() > 0 {
		l := p.idle[k-1]
		p.idle = p.idle[:k-1]
		l.wake.Signal()
	}
}

func (p *Pool) wakeAll() {
	if p.over() {
		p.once.Do(p.endStarts)
	}
	p.handOver()
	for _, l := range p.idle {
		l.wake.Signal()
	}
	p.idle = p.idle[:0]
	p.room.Broadcast()
	p.ready.Broadcast()
}

// endStarts does away with workers that come too late.
func (p *Pool) endStarts() {
	close(p.quit)
	for l := range p.links {
		if !l.ready {
			l.child.kill()
		}
	}
}

// stop ends the pool early: every task without an outcome gets err.
func (p *Pool) stop(err error) {
	if p.err != nil || p.closed && p.unsettled == 0 {
		return
	}
	p.err = err
	for l := range p.links {
		l.child.kill()
	}
	for _, r := range []*ring[entry]{&p.queue, &p.alone} {
		for r.len() > 0 {
			p.again(r.popFront())
		}
	}
	p.wakeAll()
}
