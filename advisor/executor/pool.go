package executor

import (
	"errors"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Pool runs closures on a fixed number of workers. It is for tasks that are
// made as the program goes; a stream of inputs is better off with ForEach.
//
// Submit is buffered, like a bufio.Writer: it costs under 10 ns and allocates
// nothing because tasks change hands in batches. A batch goes out with 256 tasks,
// with 12 µs of work if no other batch waits, or when workers have nothing to do;
// Flush sends out what is left and Wait does so too. Flush before blocking on a
// submitted task by other means than Wait.
//
// Submit, Flush and Wait of one Pool belong to one goroutine. Another
// goroutine takes a Submitter of its own. A task neither waits for its own pool
// nor submits to it: Submit blocks while the queue is full, and when all workers
// are in it, none empties the queue. What a task leads to belongs in a second
// pool or in a Pipeline.
type Pool struct {
	Submitter
	shared *tasks
}

// Submitter hands the tasks of one goroutine to a pool.
type Submitter struct {
	shared *tasks
	batch  *batch
}

const (
	batchSize = 256
	// batchTime is how much work may wait in a submitter's buffer.
	batchTime = 12 * time.Microsecond
	// spins is how often an idle worker looks before it parks: some µs, longer
	// than it takes to fill a batch.
	spins = 2000
)

// batch is a buffer of tasks on its way.
type batch struct {
	tasks [batchSize]func()
	n     int // filled
	taken int // handed to workers
	left  int // not yet run
}

// tasks is what the goroutines of a pool share.
type tasks struct {
	limit  atomic.Int32 // tasks that make a batch full
	hungry atomic.Bool  // a worker gave up looking
	queued atomic.Int32 // batches waiting

	mu        sync.Mutex
	work      sync.Cond // workers wait for batches
	room      sync.Cond // submitters wait for room: half of the ring, so that they do not wake for each batch
	idle      sync.Cond // Wait waits for all to be done
	ring      []*batch
	head, len int
	free      []*batch
	pending   int // tasks handed over and not yet run
	parked    int
	spinning  int
	closed    bool
	err       error
	workers   sync.WaitGroup
}

// NewPool starts size workers; 0 means one per core. Close it.
func NewPool(size int) *Pool {
	if size <= 0 {
		size = runtime.GOMAXPROCS(0)
	}
	s := &tasks{ring: make([]*batch, 4*size+4)}
	s.limit.Store(1)
	s.work.L, s.room.L, s.idle.L = &s.mu, &s.mu, &s.mu
	s.workers.Add(size)
	for range size {
		go s.loop(taken{})
	}
	return &Pool{Submitter: Submitter{shared: s, batch: new(batch)}, shared: s}
}

// ErrClosed is returned by Wait if tasks were submitted after Close.
var ErrClosed = errors.New("executor: the pool is closed")

// NewSubmitter returns a handle for another goroutine.
func (p *Pool) NewSubmitter() *Submitter { return &Submitter{shared: p.shared, batch: new(batch)} }

// Close runs what was submitted, ends the workers and returns the first error,
// as Wait does. Other submitters must have flushed before.
func (p *Pool) Close() error {
	err := p.Wait()
	s := p.shared
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.work.Broadcast()
	s.workers.Wait()
	return err
}

// Submit hands over a task. It blocks while 4 batches for each worker wait. A
// panic of a task ends that task alone and is returned by Wait.
func (b *Submitter) Submit(task func()) {
	batch := b.batch
	batch.tasks[batch.n&(batchSize-1)] = task
	batch.n++
	s := b.shared
	full := batch.n == batchSize || batch.n >= int(s.limit.Load()) && s.queued.Load() == 0
	if full || s.hungry.Load() {
		b.Flush()
	}
}

// Flush sends out what Submit has gathered.
func (b *Submitter) Flush() {
	if b.batch.n > 0 {
		b.batch = b.shared.put(b.batch)
	}
}

// Wait flushes and waits until all tasks of the pool have run, those of other
// submitters that were flushed included. It returns the first panic
// (*PanicError) or ErrGoexit since the last Wait.
func (b *Submitter) Wait() error {
	b.Flush()
	s := b.shared
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.pending > 0 {
		s.idle.Wait()
	}
	err := s.err
	s.err = nil
	return err
}

// put queues a batch and returns an empty one.
func (s *tasks) put(b *batch) *batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.len == len(s.ring) && !s.closed {
		s.room.Wait()
	}
	if s.closed {
		s.err = ErrClosed
		clear(b.tasks[:b.n])
		b.n = 0
		return b
	}
	b.left = b.n
	s.ring[(s.head+s.len)%len(s.ring)] = b
	s.len++
	s.pending += b.n
	s.queued.Store(int32(s.len))
	wake := s.parked > 0 && (s.spinning == 0 || s.len > 1)
	if wake {
		s.parked--
	}
	s.hungry.Store(false)
	var next *batch
	if n := len(s.free); n > 0 {
		next = s.free[n-1]
		s.free = s.free[:n-1]
	}
	if wake {
		s.work.Signal()
	}
	if next == nil {
		next = new(batch)
	}
	return next
}

// taken is a part of a batch that one worker runs.
type taken struct {
	batch    *batch
	from, to int
	at       int // the task that runs
}

// loop is a worker. t is what a predecessor, ended by Goexit, had left.
func (s *tasks) loop(t taken) {
	normal := false
	defer func() {
		if normal {
			s.workers.Done()
			return
		}
		s.fail(ErrGoexit)
		t.at++
		go s.loop(t)
	}()
	share := 1
	for {
		began := time.Now()
		for t.at < t.to {
			s.run(&t)
		}
		share = s.next(&t, share, time.Since(began))
		if t.batch == nil {
			normal = true
			return
		}
	}
}

// run runs tasks to the end of t, or through the one that panics.
func (s *tasks) run(t *taken) {
	normal := false
	defer func() {
		if normal {
			return
		}
		if v := recover(); v != nil {
			s.fail(&PanicError{Value: v, Stack: debug.Stack()})
			t.at++
		}
	}()
	for b := t.batch; t.at < t.to; t.at++ {
		b.tasks[t.at]()
	}
	normal = true
}

func (s *tasks) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}
