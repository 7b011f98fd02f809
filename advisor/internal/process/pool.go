package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// ErrClosed is returned by Submit after Close.
var ErrClosed = errors.New("process pool is closed")

var errEnded = errors.New("the worker ended")

const (
	batchBytes  = 64 << 10 // a batch has no more, unless it is a single task
	directBytes = 16 << 10 // a single body of so much is written without a copy
	longestName = 32 << 10
	longestText = 64 << 10  // of an error, and of a stack
	frameSlack  = 256 << 10 // of a frame, beyond MaxFrame of bodies
	taskBytes   = 16        // of a task in a frame, beside its name and body
)

// A Pool runs tasks on worker processes. Its methods are safe for concurrent
// use.
type Pool struct {
	conf    Config
	forward forwarder
	wg      sync.WaitGroup
	once    sync.Once
	quit    chan struct{} // closed when there is nothing left to start workers for
	detach  func() bool   // from the context

	mu        sync.Mutex
	room      sync.Cond // Submit waits for the window
	ready     sync.Cond // Receive waits for outcomes
	queue     ring[entry]
	alone     ring[entry] // to be run by themselves
	done      ring[Outcome]
	held      int // accepted and not received
	unsettled int // accepted and not in done
	links     map[*link]struct{}
	idle      []*link // the last one waited least, and is warm
	starting  int
	want      int   // workers
	loose     *link // has a lonely task that nobody waits for yet, see lone
	live      int   // links that take tasks
	staying   int   // of these, those that are not to be replaced
	failures  int   // starts that failed since one succeeded
	pace      pace
	relief    time.Duration // when a worker breaks off a batch
	closed    bool
	err       error // why the pool stopped early
	stats     Stats
}

// Stats are counters since Start, and the present state.
type Stats struct {
	Workers  int           // in service
	Batch    int           // tasks that make a batch now
	Started  int           // workers so far
	Died     int           // workers that ended by themselves or at a limit
	Recycled int           // workers replaced for MaxTasks or MaxRSS
	Tasks    uint64        // that workers finished
	Retried  uint64        // tasks that were sent again after a death
	RSS      int64         // resident set of all workers in service, bytes, as last reported
	CPU      time.Duration // user and system time of all workers, those that ended included, as last reported
}

// Start starts the workers and returns when the first one is ready. When ctx
// is done, workers are killed, and tasks without an outcome get ctx's cause as
// their error.
func Start(ctx context.Context, c Config) (*Pool, error) {
	if IsWorker() {
		return nil, errors.New("a worker started a pool before it called process.Main: call it first thing in main")
	}
	p := newPool(c)
	p.detach = context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stop(context.Cause(ctx))
	})
	l, err := p.open()
	if err != nil {
		p.detach()
		return nil, or(context.Cause(ctx), err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting++
	p.enlist(l)
	p.wg.Go(func() { p.serve(l) })
	p.staff()
	return p, nil
}

func newPool(c Config) *Pool {
	c = c.withDefaults()
	p := &Pool{
		conf:   c,
		quit:   make(chan struct{}),
		links:  map[*link]struct{}{},
		want:   c.Workers,
		relief: c.settings().Relief,
		pace:   pace{target: c.BatchTarget, most: c.MaxBatch, limit: 1},
	}
	p.forward.w = c.Stderr
	p.room.L, p.ready.L = &p.mu, &p.mu
	return p
}

// Submit accepts tasks in order, waiting while the window is full, and returns
// how many it accepted. All are accepted unless there is an error.
func (p *Pool) Submit(tasks []Task) (accepted int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for accepted < len(tasks) {
		for p.held >= p.conf.Window && p.err == nil && !p.closed {
			p.room.Wait()
		}
		if p.err != nil {
			return accepted, p.err
		}
		if p.closed {
			return accepted, ErrClosed
		}
		if len(tasks) == 1 && p.lone(tasks[0]) {
			return 1, nil
		}
		p.handOver()
		n := min(len(tasks)-accepted, p.conf.Window-p.held)
		for _, t := range tasks[accepted : accepted+n] {
			p.accept(t)
		}
		accepted += n
		p.rouse()
	}
	return accepted, nil
}

func (p *Pool) accept(t Task) {
	p.held++
	p.unsettled++
	if len(t.Body) > p.conf.MaxFrame || len(t.Func) > longestName {
		p.deliver(Outcome{ID: t.ID, Err: fmt.Errorf("the task has %d bytes, more than the %d of MaxFrame", len(t.Func)+len(t.Body), p.conf.MaxFrame)})
		return
	}
	p.queue.pushBack(entry{Task: t})
}

// Receive waits for outcomes, moves as many as there are and fit to out, and
// returns their number. They come in the order in which tasks end. The error
// is io.EOF when the pool was closed or stopped and all were received.
func (p *Pool) Receive(out []Outcome) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.done.len() == 0 {
		if (p.closed || p.err != nil) && p.unsettled == 0 {
			return 0, io.EOF
		}
		if p.loose != nil {
			p.readLoose()
			continue
		}
		p.ready.Wait()
	}
	n = min(len(out), p.done.len())
	for i := range n {
		out[i] = p.done.popFront()
	}
	p.held -= n
	p.room.Broadcast()
	if p.done.len() > 0 {
		p.ready.Signal()
	}
	return n, nil
}

// Close accepts no more tasks, waits until those accepted have outcomes, and
// ends the workers. Outcomes can be received during and after it. The error
// says why the pool stopped early.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	p.wakeAll()
	p.mu.Unlock()
	p.wg.Wait()
	p.detach()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Resize changes the number of workers, at least 1. Surplus workers finish what
// they have.
func (p *Pool) Resize(workers int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.want = max(1, workers)
	for l := range p.links {
		if p.staying <= p.want {
			break
		}
		if l.ready && !l.leaving && !l.retired {
			l.leaving, l.retired = true, true
			p.count()
		}
	}
	p.wakeAll()
	p.staff()
}

// Stats returns the counters.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Workers, s.Batch = p.live, p.pace.limit
	for l := range p.links {
		s.RSS += l.usage.RSS
		s.CPU += l.usage.CPU
	}
	return s
}
