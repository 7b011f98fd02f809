package process

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// An entry is a task between Submit and its outcome.
type entry struct {
	Task
	deaths int
	alone  bool // was in a batch that killed a worker: run by itself until the culprit is known
}

// A batch is a frame of tasks on its way through a worker. Outcomes come in the
// order of the tasks, so done alone says which are missing.
type batch struct {
	entries []entry
	done    int
	sent    time.Time
	busy    time.Duration // in handlers, of those done
	watched bool          // a lonely task, whose outcome is awaited by the mailbox
	refused bool          // by a dead worker, behind another batch: never begun
}

// A link is one worker and what it has been given. A single goroutine writes
// and reads its pipes.
type link struct {
	pool  *Pool
	child *child
	in    *frameReader
	buf   []byte    // frame to the worker, reused
	got   []Outcome // of one frame, reused
	luck  luck      // of watching the mailbox
	told  bool      // the worker was told to watch after the last batch
	spare [][]entry // of past batches, for new ones

	// Guarded by pool.mu.
	wake     sync.Cond
	batches  []batch // sent, at most 2; the first one runs
	taken    int     // tasks so far
	usage    usage
	ready    bool  // has said hello
	gone     bool  // its process has ended
	lent     bool  // a caller of the pool does this link's work, see lone
	fault    error // that the caller met
	stuck    bool  // the worker said that the first batch is one long task
	leaving  bool  // to be replaced: works on until the successor is there
	retired  bool  // takes no more tasks
	limit    *time.Timer
	armed    bool // limit runs, until fires
	fires    time.Time
	deadline time.Time // of the running task; zero: none
	blind    bool      // deadline is that of a worker which says nothing
	finished int       // batches
	overran  int       // the batch, counted from 1, at whose deadline the worker was killed
}

func newLink(p *Pool, outcomes io.Reader) *link {
	l := &link{pool: p, in: newFrameReader(outcomes, p.conf.MaxFrame+frameSlack), batches: make([]batch, 0, 2)}
	l.wake.L = &p.mu
	l.limit = time.AfterFunc(time.Hour, l.checkLimit)
	l.limit.Stop()
	return l
}

// open starts a worker and exchanges the first frames.
func (p *Pool) open() (*link, error) {
	c, err := spawn(&p.conf, &p.forward)
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	l := newLink(p, c.outcomes)
	l.child = c
	go l.attend()
	if !p.adopt(l) {
		c.kill()
		c.end(0)
		return nil, errLate
	}
	timer := time.AfterFunc(p.conf.StartLimit, c.kill)
	err = l.greet()
	if !timer.Stop() && err != nil {
		err = fmt.Errorf("no report within %v", p.conf.StartLimit)
	}
	if err == nil {
		return l, nil
	}
	c.kill()
	status := c.end(0)
	p.dismiss(l)
	return nil, fmt.Errorf("worker did not start: %w; %s; does the program call process.Main first thing in main? %s", err, status, c.voice.last())
}

// attend notices the end of the process, also while nothing is read from it.
func (l *link) attend() {
	l.child.wait()
	l.pool.mu.Lock()
	defer l.pool.mu.Unlock()
	l.gone = true
	if l.pool.loose == l {
		l.pool.handOver()
	}
	l.wake.Signal()
}

func (l *link) greet() error {
	if _, err := l.child.tasks.Write(l.pool.conf.settings().encode(nil)); err != nil {
		return err
	}
	l.child.mailbox.piped()
	kind, _, err := l.in.next()
	if err == nil && kind != kindHello {
		err = fmt.Errorf("first frame is of kind %q", kind)
	}
	return err
}

// work feeds the worker until it dies or is no longer needed. The error says
// why the worker has to go.
func (l *link) work() error {
	for {
		b, ok, err := l.next()
		if !ok {
			return err
		}
		if b != nil {
			err = l.refused(b, l.send(b))
		} else {
			err = l.receive()
		}
		if err != nil {
			return err
		}
	}
}

// refused takes in that b could not be written. Behind another batch that is no
// reason to stop: outcomes of the first one may still be in the pipe.
func (l *link) refused(b *batch, err error) error {
	if err == nil || b == &l.batches[0] {
		return err
	}
	l.pool.mu.Lock()
	defer l.pool.mu.Unlock()
	b.refused, l.retired = true, true
	return nil
}

// next returns a batch to send; nil: outcomes are to be received; false: there
// is nothing left to do.
func (l *link) next() (b *batch, ok bool, err error) {
	p := l.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if l.fault != nil {
			return nil, false, l.fault
		}
		if l.lent {
			l.wake.Wait()
			continue
		}
		if p.err != nil {
			return nil, len(l.batches) > 0, nil
		}
		if l.gone && len(l.batches) == 0 {
			return nil, false, errEnded
		}
		if b := l.take(); b != nil {
			return b, true, nil
		}
		if len(l.batches) > 0 {
			return nil, true, nil
		}
		if l.retired || p.closed && p.unsettled == 0 {
			return nil, false, nil
		}
		p.idle = append(p.idle, l)
		l.wake.Wait()
	}
}

// take moves tasks from the queue to a new batch, unless it is better to
// receive first.
func (l *link) take() *batch {
	p := l.pool
	if l.retired || l.stuck || len(l.batches) == 2 {
		return nil
	}
	second := len(l.batches) == 1
	if second {
		// A second batch in the pipe spares the worker the wait for the parent,
		// but a task in it cannot be run elsewhere: for short tasks only. It has
		// to fit in the pipe, or both sides could wait in a write.
		if !p.pace.short || l.batches[0].entries[0].alone {
			return nil
		}
	}
	n := p.share()
	if p.conf.MaxTasks > 0 {
		n = min(n, p.conf.MaxTasks-l.taken)
	}
	var entries []entry
	if k := len(l.spare); k > 0 {
		entries, l.spare = l.spare[k-1], l.spare[:k-1]
	}
	entries = p.draw(entries, n, second, l.child.ahead)
	if len(entries) == 0 {
		l.spare = append(l.spare, entries)
		return nil
	}
	l.taken += len(entries)
	l.age()
	l.batches = append(l.batches, batch{entries: entries, sent: time.Now()})
	if len(l.batches) == 1 {
		l.watch()
	}
	p.rouse() // one link at a time takes, each wakes the next
	return &l.batches[len(l.batches)-1]
}

// age has the link replaced when it has done enough. Its successor is started
// early, so that it is there when this one retires.
func (l *link) age() {
	p := l.pool
	most := p.conf.MaxTasks
	old := most > 0 && l.taken >= most-min(most/4, 2*p.pace.limit)
	fat := p.conf.MaxRSS > 0 && l.usage.RSS > p.conf.MaxRSS
	if most > 0 && l.taken >= most {
		l.retired = true
	}
	if (old || fat) && !l.leaving {
		l.leaving = true
		p.stats.Recycled++
		p.staff()
	}
}
