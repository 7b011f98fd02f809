package process

import (
	"errors"
	"slices"
	"syscall"
	"time"
)

const (
	firstPause  = 10 * time.Millisecond // after a failed start; doubles
	longestWait = time.Second
	mostFails   = 6 // starts in a row, with no worker left: the pool gives up
)

// adopt makes a starting link known, so that stop reaches it.
func (p *Pool) adopt(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over() {
		return false
	}
	p.links[l] = struct{}{}
	p.stats.Started++
	return true
}

// dismiss forgets a link whose worker is gone.
func (p *Pool) dismiss(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.deadline = time.Time{}
	l.limit.Stop()
	delete(p.links, l)
	p.stats.CPU += l.usage.CPU
	p.count()
}

// The functions below are called with p.mu held, unless they say otherwise.

func (p *Pool) count() {
	p.live, p.staying = 0, 0
	for l := range p.links {
		if !l.ready || l.retired {
			continue
		}
		p.live++
		if !l.leaving {
			p.staying++
		}
	}
}

func (p *Pool) over() bool { return p.err != nil || p.closed && p.unsettled == 0 }

// staff starts workers until there are enough.
func (p *Pool) staff() {
	p.count()
	if p.closed && p.waiting() == 0 {
		return // again calls when that changes
	}
	for !p.over() && p.staying+p.starting < p.want {
		p.starting++
		p.wg.Go(p.hire)
	}
}

// enlist puts a started link in service. One that waits for its successor
// retires.
func (p *Pool) enlist(l *link) {
	p.starting--
	p.failures = 0
	l.ready = true
	for old := range p.links {
		if old.leaving && !old.retired {
			old.retired = true
			p.wakeAll()
			break
		}
	}
	p.count()
}

// hire starts one worker, with pauses between attempts, and serves it to its
// end. Called without p.mu.
func (p *Pool) hire() {
	pause := firstPause
	for {
		l, err := p.open()
		p.mu.Lock()
		if err == nil { // also when it comes too late: serve ends it
			p.enlist(l)
			p.mu.Unlock()
			p.serve(l)
			return
		}
		p.failures++
		if p.failures >= mostFails && p.live == 0 {
			p.stop(err)
		}
		if p.over() || p.staying+p.starting > p.want {
			p.starting--
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		select {
		case <-p.quit:
		case <-time.After(pause):
		}
		pause = min(2*pause, longestWait)
	}
}

// serve works a link to its end and sees to its tasks. Called without p.mu.
func (p *Pool) serve(l *link) {
	why := l.work()
	if why != nil {
		l.child.kill()
	}
	p.mu.Lock()
	l.retired = true
	p.idle = slices.DeleteFunc(p.idle, func(i *link) bool { return i == l })
	if why != nil && p.err == nil {
		p.stats.Died++
	}
	guilty := l.salvage(why)
	p.staff()
	p.rouse() // it may have been woken for work that it did not take
	p.mu.Unlock()

	status := l.child.end(p.conf.Grace)
	if why != nil && why != errEnded && !errors.Is(why, syscall.EPIPE) {
		status = why.Error() + "; " + status
	}
	if guilty != nil {
		p.mu.Lock()
		guilty.Err, guilty.Death = ErrDeath, &Death{Status: status, Stderr: l.child.voice.last()}
		p.deliver(*guilty)
		p.mu.Unlock()
	}
	p.dismiss(l)
}

// salvage puts the unfinished tasks of a link back in the queue. The one that
// ran when the worker died is charged with it. If that is not known, all
// of its batch will run alone, until it is. A task that was charged once too
// often is returned: it fails as soon as the status of the worker is known.
func (l *link) salvage(why error) (guilty *Outcome) {
	p := l.pool
	for i := len(l.batches) - 1; i >= 0; i-- {
		b := l.batches[i]
		rest := b.entries[b.done:]
		known := len(rest) == 1 || l.stuck
		blame := i == 0 && why != nil && p.err == nil && len(rest) > 0 && !b.refused
		if blame && l.overran > 0 && l.overran != l.finished+1 {
			blame = false // it ended just in time, and this batch is innocent
		}
		if blame && l.overran > 0 {
			p.deliver(Outcome{ID: rest[0].ID, Deaths: rest[0].deaths, Err: &LimitError{p.conf.HardLimit}, Elapsed: time.Since(b.sent)})
			rest = rest[1:]
			blame = false
		}
		for k := len(rest) - 1; k >= 0; k-- {
			e := rest[k]
			if blame {
				e.alone = true
			}
			if blame && known && k == 0 {
				e.deaths++
			}
			if e.deaths >= p.conf.Attempts {
				guilty = &Outcome{ID: e.ID, Deaths: e.deaths, Elapsed: time.Since(b.sent)}
				continue
			}
			if p.err == nil {
				p.stats.Retried++
			}
			p.again(e)
		}
	}
	l.batches = l.batches[:0]
	return guilty
}
