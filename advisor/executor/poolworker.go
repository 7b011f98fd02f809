package executor

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// tally is after how many tasks a worker accounts for them: Wait needs the sum
// only when there is nothing left.
const tally = 64

// poolWorker is a goroutine that runs tasks.
type poolWorker struct {
	*Pool
	id     uint64 // of the goroutine
	ran    int    // tasks that are not accounted for
	called bool   // for a task, and on its way to it
}

// start starts the worker that was hired for a task.
func (p *Pool) start() {
	w := &poolWorker{Pool: p, called: true}
	go w.loop()
}

func (w *poolWorker) loop() {
	w.enter()
	w.labels.set()
	home := false
	defer func() {
		w.leave()
		if home {
			return
		}
		// A task ended this goroutine. Another takes its place.
		w.fail(ErrGoexit)
		w.ran++
		w.account()
		go w.loop()
	}()
	for w.drain() || w.rest() {
	}
	home = true
}

// drain runs what is in the queue, up to a task that panics, and reports whether
// there was one.
func (w *poolWorker) drain() (panicked bool) {
	defer func() {
		if v := recover(); v != nil {
			panicked = true
			w.fail(&PanicError{Value: v, Stack: debug.Stack()})
			w.ran++
		}
	}()
	for {
		task := w.queue.take()
		if w.called {
			w.called = false
			w.crew.arrived()
		}
		if task == nil {
			w.account()
			return false
		}
		w.rouse()
		w.admit()
		if !w.stopped() {
			if err := task(); err != nil {
				w.fail(err)
			}
		}
		if w.ran++; w.ran >= tally {
			w.account()
		}
	}
}

// rest waits for more, and reports false when the worker may go home instead.
func (w *poolWorker) rest() bool {
	w.eager.Store(true)
	w.crew.lie()
	switch {
	case !w.queue.empty():
		if w.crew.rise() {
			return true
		}
	case w.state.Load() != active:
		if w.crew.quit() {
			w.rouse() // for what came too late to find this worker
			return false
		}
	}
	w.crew.sleep()
	w.called = true
	return true
}

// admit lets those who wait for room go on, once half of the queue is room.
func (p *Pool) admit() {
	if p.blocked.Load() == 0 || p.queue.len() > p.queue.half() {
		return
	}
	p.mu.Lock()
	p.room.Broadcast()
	p.mu.Unlock()
	runtime.Gosched() // they fill the queue before it is empty, also if all cores are taken
}

// account tells that the worker's tasks have run.
func (w *poolWorker) account() {
	if w.ran == 0 {
		return
	}
	w.Pool.ran.Add(uint64(w.ran))
	w.ran = 0
	if w.waiters.Load() > 0 && !w.pending() {
		w.mu.Lock()
		w.idle.Broadcast()
		w.mu.Unlock()
	}
}

// run runs one task, unless the pool has ended, and takes its error or panic.
func (p *Pool) run(task func() error) {
	if p.stopped() {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			p.fail(&PanicError{Value: v, Stack: debug.Stack()})
		}
	}()
	if err := task(); err != nil {
		p.fail(err)
	}
}

// runBatch runs a batch. Once it has lasted for longer than a batch should, half
// of the rest goes back into the queue: it was gathered when tasks were quicker.
func (p *Pool) runBatch(b *batch) {
	began := time.Now()
	at, n := 0, b.n
	for at < n && !p.stopped() {
		until := min(n, at+max(1, int(p.limit.Load())))
		p.runSome(b, &at, until)
		if at < n && time.Since(began) > sizing.MostChunk && n-at > 1 {
			n = p.give(b, at, n)
		}
	}
	if ran := time.Duration(max(at, 1)); !p.over() {
		each := max(time.Since(began)/ran, 1)
		if limit := int32(max(1, min(batchTime/each, batchSize))); limit != p.limit.Load() {
			p.limit.Store(limit)
		}
	}
	clear(b.tasks[:b.n])
	b.n = 0
	p.batches.Put(b)
}

// give pushes the second half of what is left of b, if there is room, and
// returns where the first half ends.
func (p *Pool) give(b *batch, at, n int) int {
	half := p.batches.Get().(*batch)
	middle := at + (n-at)/2
	half.n = copy(half.tasks[:], b.tasks[middle:n])
	if p.queue.put(half.run) {
		p.rouse()
		return middle
	}
	clear(half.tasks[:half.n])
	half.n = 0
	p.batches.Put(half)
	return n
}

// runSome runs tasks of b from *at on, up to the one that panics.
func (p *Pool) runSome(b *batch, at *int, until int) {
	defer func() {
		if v := recover(); v != nil {
			p.fail(&PanicError{Value: v, Stack: debug.Stack()})
		}
	}()
	for *at < until {
		task := b.tasks[*at]
		*at++
		if err := task(); err != nil {
			p.fail(err)
			return
		}
	}
}

// enter and leave keep account of the goroutines that run tasks. Only a full
// queue and Wait ask for it, so that Go need not know where it is called.
func (w *poolWorker) enter() {
	w.id = goroutineID()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tasks[w.id] = true
}

func (w *poolWorker) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.tasks, w.id)
}

// inTask reports whether the caller is a task of this pool.
func (p *Pool) inTask() bool {
	id := goroutineID()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tasks[id]
}

// goroutineID returns the number of this goroutine, from the header of its stack
// dump: "goroutine 12 [running]:".
func goroutineID() uint64 {
	var buf [64]byte
	header := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	if i := bytes.IndexByte(header, ' '); i >= 0 {
		header = header[:i]
	}
	id, _ := strconv.ParseUint(string(header), 10, 64)
	return id
}
