package executor

import "time"

// report publishes the figures of the run and starts to call Progress. The
// function that it returns ends that.
func (e *engine[T, R]) report() func() {
	if e.o.Stats != nil {
		live := e.snapshot
		e.o.Stats.live.Store(&live)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	if e.o.Progress == nil {
		close(stopped)
	} else {
		go e.progress(stop, stopped)
	}
	return func() {
		close(stop)
		<-stopped
		last := e.snapshot()
		if e.o.Stats != nil {
			frozen := func() Snapshot { return last }
			e.o.Stats.live.Store(&frozen)
			e.o.Stats.Snapshot = last
		}
		if e.o.Progress != nil {
			e.o.Progress(last)
		}
	}
}

func (e *engine[T, R]) progress(stop, stopped chan struct{}) {
	defer close(stopped)
	every := e.o.ProgressEvery
	if every <= 0 {
		every = time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			e.o.Progress(e.snapshot())
		case <-stop:
			return
		}
	}
}

func (e *engine[T, R]) snapshot() Snapshot {
	cpu := cpuTime() - e.meter.cpuBegan
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.meter.now()
	e.integrate(now)
	s := Snapshot{
		Read: e.read, Done: e.done, Failures: e.failures, Retries: e.retries,
		Abandoned: e.abandoned, Yielded: e.yielded,
		Queued: e.queue.items, Held: e.done - e.yielded,
		Size: e.plan.size(), Chunk: e.plan.chunk(), Window: e.plan.window(),
		Elapsed: now, CPU: cpu, Utilization: utilization(cpu, now),
		CloseErr: e.closeErr,
	}
	if e.open != nil {
		s.Queued += len(e.open.items)
	}
	s.InFlight = s.Read - s.Done - s.Queued
	if now > 0 {
		s.Rate = float64(s.Done) / now.Seconds()
		s.Occupancy = e.occupied / now.Seconds()
	}
	e.plan.describe(&s)
	if e.remote != nil {
		s.Workers = e.remote.pool.Stats()
		s.CPU += s.Workers.CPU
		s.Utilization = utilization(s.CPU, now)
		s.Occupancy = e.busy.Seconds() / now.Seconds() / float64(max(1, s.Size))
	}
	return s
}
