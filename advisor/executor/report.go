package executor

// report publishes the figures of the run. The function that it returns keeps
// those of the end.
func (e *engine[T, R]) report() func() {
	live := e.snapshot
	e.figures.live.Store(&live)
	return func() { e.figures.freeze(e.snapshot()) }
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
	s.InFlight = s.Read - s.Done - s.Queued - e.dropped
	if now > 0 {
		s.Rate = float64(s.Done) / now.Seconds()
		s.Occupancy = e.occupied / now.Seconds()
	}
	e.plan.describe(&s)
	if e.remote != nil {
		w := e.remote.pool.Stats()
		s.Workers = WorkerStats{w.Started, w.Died, w.Recycled, int(w.Retried), w.RSS, w.CPU}
		s.CPU += s.Workers.CPU
		s.Utilization = utilization(s.CPU, now)
		s.Occupancy = e.busy.Seconds() / now.Seconds() / float64(max(1, s.Size))
	}
	return s
}
