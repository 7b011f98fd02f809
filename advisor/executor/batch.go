package executor

import "time"

// Batch hands the tasks of one goroutine to a pool for a fraction of what Go
// costs: they change hands in batches. It is for tasks of some µs and less, by
// the hundred thousand.
//
// Go is buffered, like a bufio.Writer. A batch goes out with 256 tasks, with 12 µs
// of work if no other batch waits, or when workers have nothing to do; Flush and
// Wait send out what is left. Tasks of a batch run one after the other: those that
// wait for each other belong to Pool.Go.
type Batch struct {
	pool  *Pool
	batch *batch // being filled
}

const (
	batchSize = 256
	// batchTime is how much work may wait in a buffer.
	batchTime = 12 * time.Microsecond
)

// batch is a buffer of tasks on its way.
type batch struct {
	tasks [batchSize]func() error
	n     int          // filled
	run   func() error // runs it: what the queue holds
}

func newBatch(p *Pool) *batch {
	b := new(batch)
	b.run = func() error { p.runBatch(b); return nil }
	return b
}

// Batch returns a submitter for one goroutine. There may be any number.
func (p *Pool) Batch() *Batch { return &Batch{pool: p, batch: p.batches.Get().(*batch)} }

// Go hands over a task, as Pool.Go does.
func (b *Batch) Go(task func() error) {
	t := b.batch
	t.tasks[t.n&(batchSize-1)] = task
	t.n++
	p := b.pool
	if t.n == batchSize || p.eager.Load() || t.n >= int(p.limit.Load()) && p.queue.empty() {
		b.Flush()
	}
}

// Flush sends out what Go has gathered.
func (b *Batch) Flush() {
	t, p := b.batch, b.pool
	if t.n == 0 {
		return
	}
	p.eager.Store(false)
	b.batch = p.batches.Get().(*batch)
	p.submit(t.run)
}

// Wait flushes and waits for all tasks of the pool, as Pool.Wait does. What
// other batches have gathered and not flushed is not waited for.
func (b *Batch) Wait() error {
	b.Flush()
	return b.pool.Wait()
}
