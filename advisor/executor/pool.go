package executor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Pool runs closures that are made as the program goes, at most so many at a time
// as NewPool says. A stream of inputs is better off with ForEach, which takes
// Options: retries, rates and limits are not for a Pool.
//
//	pool := executor.NewPool(ctx, 8)
//	var visit func(url string)
//	visit = func(url string) {
//		if _, again := seen.LoadOrStore(url, true); again { // a sync.Map
//			return
//		}
//		pool.Go(func() error {
//			links, err := fetch(pool.Context(), url)
//			if err != nil {
//				return err // nil, with the error kept elsewhere, if the others are to go on
//			}
//			for _, link := range links {
//				visit(link)
//			}
//			return nil
//		})
//	}
//	visit(start)
//	err := pool.Wait()
//
// All methods may be called from any goroutine, and Go from tasks too. Tasks
// start in the order of Go. The first error, the first panic or the end of the
// context ends the pool: tasks that have not started do not run then, what runs
// sees the end of Context, and Wait returns the error from then on.
//
// Workers start when there is something to do and end with Wait, so a pool needs
// no Close.
type Pool struct {
	parent  context.Context
	labels  *labels // of the workers, for pprof
	queue   *ring
	state   atomic.Int32 // dormant, active or ended
	waiters atomic.Int32 // calls of Wait
	blocked atomic.Int32 // calls of Go that wait for room
	eager   atomic.Bool  // a worker found nothing: batches need not be full
	limit   atomic.Int32 // tasks that make a batch full
	batches sync.Pool
	crew    crew
	_       [cacheLine]byte
	ran     atomic.Uint64 // tasks of the queue that are known to have run
	_       [cacheLine]byte

	mu     sync.Mutex
	idle   sync.Cond       // Wait
	room   sync.Cond       // Go
	ctx    context.Context // of the tasks since the last Wait
	cancel context.CancelCauseFunc
	unhook func() bool
	tasks  map[uint64]bool // goroutines that run tasks
	err    error
}

// States of a pool.
const (
	dormant int32 = iota // nothing to do since the start or the last Wait: the context need not be watched
	active
	ended // something failed, or the context is done: start nothing more
)

// NewPool returns a pool for size tasks at a time; 0 means one per core.
func NewPool(ctx context.Context, size int) *Pool {
	return newPool(ctx, size, kindPool)
}

func newPool(ctx context.Context, size int, kind Kind) *Pool {
	if size <= 0 {
		size = runtime.GOMAXPROCS(0)
	}
	p := &Pool{parent: ctx, labels: newLabels(ctx, kind, string(kind)), crew: newCrew(size), queue: newRing(roomFor(size)), tasks: map[uint64]bool{}}
	p.idle.L, p.room.L = &p.mu, &p.mu
	p.limit.Store(1)
	p.batches.New = func() any { return newBatch(p) }
	return p
}

// roomFor is how many tasks may wait for size workers: enough that a submitter
// does not wake for each.
func roomFor(size int) int { return min(max(1024, 32*size), 1<<16) }

// Context returns the context for the tasks: it ends with the pool's own, with
// the first error, which is its cause then, and with Wait.
func (p *Pool) Context() context.Context {
	if p.state.Load() == dormant {
		p.begin()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ctx
}

// begin makes a dormant pool watch its context.
func (p *Pool) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state.Load() != dormant {
		return
	}
	p.ctx, p.cancel = context.WithCancelCause(p.parent)
	p.state.Store(active)
	if p.parent.Err() != nil {
		p.end(context.Cause(p.parent))
		return
	}
	p.unhook = context.AfterFunc(p.parent, func() { p.fail(context.Cause(p.parent)) })
}

// Go hands over a task. It blocks while the queue of a thousand tasks is full.
// A task never blocks there, since all workers might: it runs the new task itself,
// before Go returns, so that no more run at a time than may. So a task must not
// call Go with a lock that the new one takes.
func (p *Pool) Go(task func() error) { p.submit(task) }

func (p *Pool) submit(task func() error) {
	if p.state.Load() != active {
		p.begin()
		if p.over() {
			return
		}
	}
	if p.blocked.Load() > 0 || !p.queue.put(task) {
		p.insist(task)
		return
	}
	p.rouse()
}

// insist gets a task into a full queue, or runs it.
func (p *Pool) insist(task func() error) {
	switch {
	case !p.inTask():
		p.await(task)
	case !p.queue.put(task):
		p.run(task)
		return
	}
	p.rouse()
}

// await waits until a queue that was full is half empty, so that submitters and
// workers do not wake each other for each task.
func (p *Pool) await(task func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		p.blocked.Add(1)
		if p.queue.len() <= p.queue.half() && p.queue.put(task) {
			p.blocked.Add(-1)
			return
		}
		p.room.Wait()
		p.blocked.Add(-1)
	}
}

// rouse calls a worker for a task that was put into the queue, if none is there
// for it: what lies in the queue waits for one that is busy.
func (p *Pool) rouse() {
	for p.crew.idle() && !p.queue.empty() {
		if p.crew.call() {
			p.start()
		}
	}
}

// errWaited is the cause of a pool's context once all tasks have run.
var errWaited = fmt.Errorf("executor: all tasks of the pool have run: %w", context.Canceled)

var errWaitsForItself = errors.New("executor: a task waits for the pool that it runs in")

// Wait waits until all tasks have run, those included that tasks hand over
// meanwhile, and returns the first error: that of a task, a *PanicError, ErrGoexit,
// or the cause of the context's end. After a Wait without an error the pool may be
// used again. A task cannot wait for its own pool and is told so by an error.
func (p *Pool) Wait() error {
	if p.pending() && p.inTask() {
		return errWaitsForItself
	}
	p.mu.Lock()
	p.waiters.Add(1)
	for p.pending() {
		p.idle.Wait()
	}
	if p.parent.Err() != nil && p.state.Load() == active {
		p.end(context.Cause(p.parent))
	}
	if p.waiters.Add(-1) == 0 && p.state.CompareAndSwap(active, dormant) {
		p.unhook()
		p.cancel(errWaited)
	}
	err := p.err
	p.mu.Unlock()
	p.crew.dismiss()
	return err
}

// pending reports whether tasks are not known to have run. What has run is read
// first: both counts only grow, so they were equal at an instant if they are now.
func (p *Pool) pending() bool {
	ran := p.ran.Load()
	return ran != p.queue.count()
}

// stopped reports whether nothing more may start. The hook on the context runs
// in a goroutine of its own, which may be late.
func (p *Pool) stopped() bool { return p.over() || p.parent.Err() != nil }

func (p *Pool) over() bool { return p.state.Load() == ended }

// fail ends the pool, if err is the first.
func (p *Pool) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end(err)
}

// end is fail with the lock.
func (p *Pool) end(err error) {
	if p.err == nil {
		p.err = err
	}
	p.state.Store(ended)
	if p.unhook != nil {
		p.unhook()
	}
	p.cancel(err)
}
