package executor

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/process"
)

// chunk is the unit that workers take: consecutive items, later their results.
type chunk[T, R any] struct {
	items []Result[T, R]
	done  bool
	tasks []process.Task // for worker processes
	arena []byte         // their bodies
	left  atomic.Int32   // of them, those without an outcome
	after *chunk[T, R]   // next in the order of the input
	link  *chunk[T, R]   // next in the queue, among the finished or among the free
}

// engine is one run. A goroutine feeds chunks from the input, workers run
// them, and the caller's goroutine yields them; all meet in one lock that is
// taken once a chunk (by the feeder once an item).
type engine[T, R any] struct {
	parent  context.Context        // of the caller
	ctx     context.Context        // of the tasks
	labels  atomic.Pointer[labels] // of the workers, for pprof; tasks have the first in their context too
	cancel  context.CancelCauseFunc
	do      func(context.Context, T) (R, error)
	skip    func(*Result[T, R]) bool // items that pass by without running; nil: none
	far     *remoteFunc[T]           // how do is called in a process; nil: not known there
	misuse  error                    // of the call; nil: none
	figures *figures
	remote  *remote[T, R] // the worker processes; nil: goroutines
	cutter  func()        // called in place of a last result when the run is cut; nil: yield one
	o       Options
	meter   meter
	bucket  bucket

	lazy    bool           // the reader does not wait for each result
	patient bool           // the input is sure to end once the context is done
	stopped atomic.Bool    // the context is done: start nothing more
	workers sync.WaitGroup // goroutines that run tasks
	ready   chan struct{}  // wakes the reader
	room    chan struct{}  // wakes the feeder
	fed     chan struct{}  // closed when the feeder has ended

	mu           sync.Mutex
	plan         plan
	open         *chunk[T, R]    // being filled
	queue        fifo[T, R]      // full, waiting for a worker
	first, last  *chunk[T, R]    // order of the input, not yet yielded
	ended        fifo[T, R]      // finished, when order does not matter
	free         *chunk[T, R]    // for reuse
	idle         []*worker[T, R] // parked, the latest on top
	running      int             // workers that have a chunk
	resting      int             // of them and others, those that wait before an attempt
	sampler      *time.Timer     // of auto; nil: none
	pushing      bool            // a late push of the open chunk is due
	exhausted    bool            // the input has ended
	closing      bool            // workers go home
	feederWaits  bool
	readerWaits  bool
	feederCalled bool // it was woken and has not come yet
	readerCalled bool
	cut          bool // the context was done before the input had ended
	inputErr     error
	closeErr     error
	counts
}

// counts are the running totals of a run.
type counts struct {
	read, done, failures, retries, abandoned, yielded int
	dropped                                           int // read, and not to be done: the reader has left
	busy                                              time.Duration
	occupied                                          float64       // ∫ running ÷ size dt, in seconds
	changed                                           time.Duration // instant up to which occupied counts
}

func newEngine[T, R any](ctx context.Context, do func(context.Context, T) (R, error), o Options) *engine[T, R] {
	e := &engine[T, R]{
		parent: ctx, do: traced(do, o), o: o,
		ready: make(chan struct{}, 1),
		room:  make(chan struct{}, 1),
		fed:   make(chan struct{}),
	}
	first := newLabels(ctx, o.kind(), o.name())
	e.labels.Store(first)
	e.ctx, e.cancel = context.WithCancelCause(first.ctx)
	e.stopped.Store(ctx.Err() != nil)
	e.meter.start()
	e.bucket.limit(o.Rate.PerSecond, o.Rate.Burst)
	e.plan = newPlan(o, &e.meter)
	return e
}

// fifo is a queue of chunks through their links.
type fifo[T, R any] struct {
	head, tail *chunk[T, R]
	items      int
}

func (q *fifo[T, R]) push(c *chunk[T, R]) {
	c.link = nil
	if q.tail == nil {
		q.head = c
	} else {
		q.tail.link = c
	}
	q.tail = c
	q.items += len(c.items)
}

func (q *fifo[T, R]) pushFront(c *chunk[T, R]) {
	c.link = q.head
	q.head = c
	if q.tail == nil {
		q.tail = c
	}
	q.items += len(c.items)
}

func (q *fifo[T, R]) pop() *chunk[T, R] {
	c := q.head
	if c == nil {
		return nil
	}
	q.head = c.link
	if q.head == nil {
		q.tail = nil
	}
	c.link = nil
	q.items -= len(c.items)
	return c
}

// put takes one item from the input and reports whether it wants another. It
// returns only when there is room for that.
func (e *engine[T, R]) put(v T, err error) bool {
	e.mu.Lock()
	if e.stopped.Load() {
		e.mu.Unlock()
		return false
	}
	if e.open == nil {
		e.open = e.fresh()
	}
	c := e.open
	c.items = append(c.items, Result[T, R]{Index: e.read, In: v, Err: inputFailure(err)})
	e.read++
	if len(c.items) >= e.plan.chunk() {
		e.seal()
	}
	e.pump(false)
	for e.read-e.yielded >= e.plan.window() && !e.stopped.Load() {
		if e.open != nil {
			e.seal()
			e.pump(false)
		}
		e.feederWaits = true
		e.mu.Unlock()
		<-e.room
		e.mu.Lock()
		e.feederCalled = false
	}
	e.mu.Unlock()
	return !e.stopped.Load()
}

// fresh returns an empty chunk at the end of the order.
func (e *engine[T, R]) fresh() *chunk[T, R] {
	c := e.free
	if c == nil {
		c = &chunk[T, R]{items: make([]Result[T, R], 0, min(e.plan.chunk(), 64))}
	} else {
		e.free = c.link
		c.link = nil
	}
	if e.o.Unordered {
		return c
	}
	if e.last == nil {
		e.first = c
	} else {
		e.last.after = c
	}
	e.last = c
	return c
}

// seal moves the open chunk into the queue.
func (e *engine[T, R]) seal() {
	e.queue.push(e.open)
	e.open = nil
}

// take returns the next chunk to run, the open one if no other is left.
func (e *engine[T, R]) take() *chunk[T, R] {
	if c := e.queue.pop(); c != nil {
		return c
	}
	c := e.open
	e.open = nil
	return c
}

// pump starts workers while there is work and the plan allows it. A part of a
// chunk alone does not wake a second worker, since the first will be back for
// it within the 50 µs of its chunk; if it is not, a timer pushes.
func (e *engine[T, R]) pump(push bool) {
	size := e.plan.size()
	for e.running < size {
		if e.queue.head == nil && e.running > 0 && !push && e.plan.chunk() > 1 {
			e.pushLater()
			return
		}
		c := e.take()
		if c == nil {
			return
		}
		now := e.meter.now()
		e.integrate(now)
		e.running++
		if n := len(e.idle); n > 0 {
			w := e.idle[n-1]
			e.idle = e.idle[:n-1]
			w.handed = now
			w.wake <- c
			continue
		}
		e.hire(c, now)
	}
}

func (e *engine[T, R]) pushLater() {
	if e.open == nil || e.pushing {
		return
	}
	e.pushing = true
	time.AfterFunc(time.Millisecond, func() {
		e.mu.Lock()
		e.pushing = false
		if !e.closing {
			e.pump(true)
		}
		e.mu.Unlock()
	})
}

// occupy changes the number of busy workers at the instant of a completion,
// which saves a look at the clock.
func (e *engine[T, R]) occupy(delta int) {
	e.integrate(e.meter.last)
	e.running += delta
}

// integrate brings the occupancy up to now.
func (e *engine[T, R]) integrate(now time.Duration) {
	if now > e.changed {
		e.occupied += float64(e.running) / float64(max(1, e.plan.size())) * (now - e.changed).Seconds()
		e.changed = now
	}
}
