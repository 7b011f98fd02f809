package executor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/process"
)

// remote is the part of a run on worker processes: one goroutine encodes
// chunks and submits them, one receives outcomes and fills them in.
type remote[T, R any] struct {
	pool *process.Pool
	name string
	in   func(buf []byte, v T) ([]byte, error) // appends
	out  *codec[R]

	mu     sync.Mutex
	chunks []*chunk[T, R] // submitted; the upper half of a task's ID is the index
	free   []int          // in chunks
}

// processPlan hands chunks to the pool, which batches and places them.
type processPlan struct {
	*cpuPlan
	workers int
}

func newProcess(o Options) *processPlan {
	n := o.Size
	if n == 0 {
		n = runtime.GOMAXPROCS(0)
		if o.Advice.Max > 0 {
			n = min(n, o.Advice.Max)
		}
	}
	reason := "asked for"
	if o.Executor != Process {
		reason = "advised: " + o.Advice.Reason
	}
	o.Limits.Hard = 0 // kept by the pool, whatever the chunk
	chunks := newCPU(o, reason)
	return &processPlan{chunks, n}
}

func (p *processPlan) kind() Kind  { return Process }
func (p *processPlan) size() int   { return 1 } // goroutine that submits
func (p *processPlan) window() int { return window(p.o, 2*p.workers, p.items) }

func (p *processPlan) describe(s *Snapshot) {
	p.cpuPlan.describe(s)
	s.Executor, s.Size = Process, p.workers
}

func (p *processPlan) finished(m *meter, c completion) plan {
	p.cpuPlan.finished(m, c)
	return p
}

// enlist starts the worker processes if the run is for them.
func (e *engine[T, R]) enlist() error {
	auto := e.o.Executor == "" || e.o.Executor == Auto
	if e.o.Executor != Process && !(auto && e.o.Advice.Executor == Process) {
		return nil
	}
	if e.far == nil {
		if auto {
			e.plan.(*pilot).note = "; processes are advised, but the function is not one that executor.Func has made known"
			return nil
		}
		return errors.New("executor: worker processes run functions that executor.Func has made known to them: call its Map, Stream or Stage")
	}
	plan := newProcess(e.o)
	p := e.o.Processes
	conf := process.Config{
		Workers: plan.workers, SoftLimit: e.o.Limits.Soft, HardLimit: e.o.Limits.Hard,
		MaxTasks: p.MaxTasks, MaxRSS: p.MaxRSS, Attempts: p.Deaths,
		Command: p.Command, Env: p.Env, Stderr: p.Stderr,
	}
	conf.Window = mostWindow + mostChunk // the run's own window is the bound
	pool, err := process.Start(e.ctx, conf)
	if err != nil {
		return fmt.Errorf("executor: start of the worker processes: %w", err)
	}
	e.plan = plan
	e.remote = &remote[T, R]{pool: pool, name: e.far.name, in: e.far.encode(), out: newCodec[R]()}
	e.workers.Add(1)
	go e.collect()
	return nil
}

// dispatch is the goroutine that submits.
func (e *engine[T, R]) dispatch(w *worker[T, R], c *chunk[T, R]) {
	defer e.retire(w)
	for c != nil {
		e.submit(w, c)
		e.mu.Lock()
		c = e.following(w)
	}
}

// submit encodes a chunk and hands it to the pool. Items that cannot go end
// here.
func (e *engine[T, R]) submit(w *worker[T, R], c *chunk[T, R]) {
	m := e.remote
	slot := m.slot(c)
	c.tasks = c.tasks[:0]
	c.left.Store(1) // one is held until all are on their way
	for i := range c.items {
		r := &c.items[i]
		if r.Err != nil || e.skip != nil && e.skip(r) {
			continue
		}
		if e.bucket.closed.Load() {
			e.admitted(w) // if it is not, encode says so
		}
		r.Err = e.encode(c, r.In, uint64(slot)<<32|uint64(i))
	}
	c.left.Add(int32(len(c.tasks)))
	accepted, err := m.pool.Submit(c.tasks)
	for _, t := range c.tasks[accepted:] {
		c.items[uint32(t.ID)].Err = err
		e.settle(c, slot)
	}
	e.settle(c, slot)
}

func (e *engine[T, R]) encode(c *chunk[T, R], v T, id uint64) error {
	if e.stopped.Load() {
		return context.Cause(e.ctx)
	}
	from := len(c.arena)
	arena, err := e.remote.in(c.arena, v)
	if err != nil {
		return fmt.Errorf("input cannot travel to a process: %w", err)
	}
	c.arena = arena
	c.tasks = append(c.tasks, process.Task{ID: id, Func: e.remote.name, Body: arena[from:len(arena):len(arena)]})
	return nil
}

// slot keeps c until its outcomes are there.
func (m *remote[T, R]) slot(c *chunk[T, R]) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.free); n > 0 {
		slot := m.free[n-1]
		m.free = m.free[:n-1]
		m.chunks[slot] = c
		return slot
	}
	m.chunks = append(m.chunks, c)
	return len(m.chunks) - 1
}

// collect is the goroutine that receives.
func (e *engine[T, R]) collect() {
	defer e.workers.Done()
	outcomes := make([]process.Outcome, 256)
	chunks := make([]*chunk[T, R], len(outcomes))
	for {
		n, err := e.remote.pool.Receive(outcomes)
		if err != nil {
			return
		}
		e.remote.find(chunks[:n], outcomes)
		for i := range n {
			e.receive(chunks[i], &outcomes[i])
		}
		clear(outcomes[:n])
		clear(chunks[:n])
	}
}

// find sets chunks to those of the outcomes.
func (m *remote[T, R]) find(chunks []*chunk[T, R], outcomes []process.Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range chunks {
		chunks[i] = m.chunks[outcomes[i].ID>>32]
	}
}

// receive fills in one outcome.
func (e *engine[T, R]) receive(c *chunk[T, R], o *process.Outcome) {
	m := e.remote
	slot, i := int(o.ID>>32), int(uint32(o.ID))
	r := &c.items[i]
	r.Attempts++
	r.Elapsed = o.Elapsed
	if r.Err = translate(o); r.Err == nil {
		if r.Value, r.Err = m.out.decode(o.Body); r.Err != nil {
			r.Err = fmt.Errorf("result cannot travel from a process: %w", r.Err)
		}
		e.settle(c, slot)
		return
	}
	if cause := context.Cause(e.ctx); cause != nil && errors.Is(o.Err, cause) {
		r.Attempts-- // the run stopped, the item did not fail
	}
	e.failure(r.Err)
	wait := e.again(r)
	if wait < 0 {
		e.settle(c, slot)
		return
	}
	e.mu.Lock()
	e.retries++
	e.mu.Unlock()
	e.workers.Add(1)
	go e.resubmit(c, o.ID, wait)
}

// resubmit tries an item again after a while.
func (e *engine[T, R]) resubmit(c *chunk[T, R], id uint64, wait time.Duration) {
	defer e.workers.Done()
	if w := new(worker[T, R]); e.pause(w, wait) && e.admitted(w) {
		i := 0
		for c.tasks[i].ID != id {
			i++
		}
		if n, _ := e.remote.pool.Submit(c.tasks[i : i+1]); n == 1 {
			return
		}
	}
	e.settle(c, int(id>>32)) // with the error of the last attempt
}

// translate returns the executor's own error for one of the pool.
func translate(o *process.Outcome) error {
	err := o.Err
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*process.PanicError](err); ok {
		return &PanicError{Value: p.Value, Stack: p.Stack}
	}
	if l, ok := errors.AsType[*process.LimitError](err); ok {
		return &HardLimitError{Limit: l.Limit}
	}
	if t, ok := errors.AsType[*process.TaskError](err); ok {
		return &RemoteError{Message: t.Message, err: t}
	}
	if o.Death != nil {
		return &DeathError{Deaths: o.Deaths, Status: o.Death.Status, Stderr: o.Death.Stderr}
	}
	return err
}

// settle counts one item of a chunk as ended, and with the last one the chunk.
func (e *engine[T, R]) settle(c *chunk[T, R], slot int) {
	if c.left.Add(-1) > 0 {
		return
	}
	m := e.remote
	m.mu.Lock()
	m.chunks[slot] = nil
	m.free = append(m.free, slot)
	m.mu.Unlock()
	var elapsed time.Duration
	for i := range c.items {
		elapsed += c.items[i].Elapsed
	}
	clear(c.tasks)
	c.tasks, c.arena = c.tasks[:0], c.arena[:0]
	e.mu.Lock()
	e.finish(c, completion{now: e.meter.now(), elapsed: elapsed, held: elapsed})
	e.mu.Unlock()
}
