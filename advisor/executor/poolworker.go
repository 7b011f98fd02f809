package executor

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

// tally is after how many tasks a worker accounts for them: Wait needs the sum
// only when there is nothing left.
const tally = 64

// loop is a worker.
func (p *Pool) loop() {
	id := p.enter()
	home := false
	ran := 0
	defer func() {
		p.leave(id)
		if home {
			return
		}
		// A task ended this goroutine. Another takes its place.
		p.fail(ErrGoexit)
		p.account(ran + 1)
		go p.loop()
	}()
	for {
		var task func() error
		select {
		case task = <-p.queue:
		default:
			p.account(ran)
			ran = 0
			p.eager.Store(true)
			task = <-p.queue
		}
		if task == nil {
			if p.dismissed() {
				break
			}
			continue
		}
		if int(p.started.Load()) < p.size {
			p.rouse()
		}
		p.run(task)
		if ran++; ran == tally {
			p.account(ran)
			ran = 0
		}
	}
	p.account(ran)
	home = true
}

// dismissed passes the word on that workers may go, and reports whether this one
// may. The last looks whether a task was handed over meanwhile that had counted on
// a worker.
func (p *Pool) dismissed() bool {
	if p.started.Add(-1) == 0 {
		p.rouse()
		return true
	}
	select {
	case p.queue <- nil:
		return true
	default:
		p.started.Add(1) // there is work again
		return false
	}
}

// account tells that so many tasks have run.
func (p *Pool) account(ran int) {
	if ran > 0 && p.pending.Add(-int64(ran)) == 0 && p.waiters.Load() > 0 {
		p.mu.Lock()
		p.idle.Broadcast()
		p.mu.Unlock()
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
		if at < n && time.Since(began) > mostChunkTime && n-at > 1 {
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
	p.pending.Add(1)
	select {
	case p.queue <- half.run:
		p.rouse()
		return middle
	default:
		p.account(1)
		clear(half.tasks[:half.n])
		half.n = 0
		p.batches.Put(half)
		return n
	}
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
func (p *Pool) enter() uint64 {
	id := goroutineID()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tasks[id] = true
	return id
}

func (p *Pool) leave(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.tasks, id)
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
