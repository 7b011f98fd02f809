package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// Exit statuses of a harness. Its last event says the same and more.
const (
	exitDone        = 0
	exitFailures    = 1
	exitStopped     = 2
	exitInterrupted = 130
)

// Main is the main function of a harness.
func Main() {
	catchTerm() // in worker processes too, as what follows
	roomyHeap()
	executor.ServeWorker()
	ctl, err := connect()
	if err != nil {
		fmt.Fprintf(os.Stderr, "concurlint run: %v\n", err)
		os.Exit(exitStopped)
	}
	catchSignals()
	os.Exit(serve(ctl))
}

// serve runs what the command asks for and returns the exit status.
func serve(ctl *control) int {
	r := newRunner(ctl)
	if ctl.config.Plan {
		return r.planned(r.plan(ctl.inputs, ctl.results))
	}
	if err := r.prepare(ctl.inputs, ctl.results); err != nil {
		r.events.send(Event{Event: "done", Report: &Report{Stopped: err.Error()}})
		return exitStopped
	}
	go r.obey(ctl.orders, ctl.interrupts)
	ticking := r.ticking()
	err := r.run()
	ticking()
	return r.finished(err)
}

func newRunner(ctl *control) *runner {
	r := &runner{config: ctl.config, events: ctl.events, start: time.Now()}
	r.drain, r.begin = context.WithCancel(context.Background())
	r.work, r.cancel = context.WithCancel(context.Background())
	return r
}

// prepare opens all that the run needs.
func (r *runner) prepare(inputs, results *os.File) (err error) {
	c := &r.config
	c.fill()
	if r.source, r.total, err = openSource(c, inputs); err != nil {
		return err
	}
	if r.chain, err = newChain(c.Stages, c.Coding); err != nil {
		return err
	}
	if err := r.openJournal(); err != nil {
		return err
	}
	var failures *os.File
	if c.Failures != "" {
		if failures, err = os.Create(c.Failures); err != nil {
			if r.journal != nil {
				r.journal.Close()
			}
			return err
		}
	}
	r.output = newOutput(results, failures, *c, r.chain.hasOutput(), r.tellFailure)
	if r.output.files, err = newOutDir(c); err != nil {
		return err
	}
	r.window = newWindow(c.Window, windowBytes, !c.Unordered, r.count, r.output.write)
	r.order = make([]uint64, len(r.window.slots))
	if r.targets, err = newTargets(c, r.output.files, len(r.window.slots)); err != nil {
		return err
	}
	r.output.targets = r.targets
	r.prepareRun()
	if r.cache, err = newCache(c, len(r.window.slots)); err != nil {
		return err
	}
	return nil
}

// obey follows the command's orders, and Ctrl-C and SIGTERM, which do not wait
// for the command where every process gets them: they end the subprocesses of the
// user's function at once, which is no failure then. Without the command there is nobody who wants the results:
// what runs is cancelled and the journal is closed.
func (r *runner) obey(orders <-chan string, interrupts <-chan os.Signal) {
	for here := true; here; {
		o := Drain
		select {
		case o, here = <-orders:
		case <-interrupts:
		}
		switch o {
		case Drain:
			r.interrupted.Store(true)
			r.draining()
		case Quit:
			os.Exit(exitInterrupted)
		}
	}
	gone := errors.New("the concurlint command is gone")
	r.output.abandon(gone)
	time.AfterFunc(orphaned, func() { os.Exit(exitStopped) })
	r.stop(gone)
}

// orphaned is how long a harness without its command may take to end.
const orphaned = 3 * time.Second

// finished sends the last event.
func (r *runner) finished(err error) int {
	ev := r.event("done")
	snap := r.snapshot()
	ev.Report = &Report{
		Interrupt:  r.interrupted.Load(),
		Ran:        snap.Done - r.spared,
		Succeeded:  snap.Done - snap.Failures,
		Retries:    snap.Retries,
		Abandoned:  snap.Abandoned,
		CPU:        snap.CPU.Seconds(),
		Efficiency: snap.Utilization,
	}
	ev.Report.Trials = trials(snap)
	if r.stages != nil {
		ev.Report.Stages = r.stageReports()
	}
	if r.journal != nil {
		ev.Report.Cut, ev.Report.Damaged = r.journal.Cut, r.journal.Damaged
	}
	if r.history != nil && !ev.Report.Interrupt && err == nil {
		ev.Report.Missing = r.history.Beyond(r.done.Load())
	}
	if err != nil {
		ev.Report.Stopped = err.Error()
	}
	r.events.send(ev)
	switch {
	case err != nil:
		return exitStopped
	case ev.Report.Interrupt:
		return exitInterrupted
	case ev.Failed > 0:
		return exitFailures
	}
	return exitDone
}

func trials(snap executor.Snapshot) []Trial {
	var list []Trial
	for _, t := range snap.Trials {
		list = append(list, Trial{Size: t.Size, Rate: t.Rate, Inputs: t.Attempts, Failures: t.Failures})
	}
	return list
}

func (r *runner) stageReports() []StageReport {
	var list []StageReport
	for _, s := range r.stages() {
		list = append(list, StageReport{s.Name, string(s.Executor), s.Size, s.Reason, s.Occupancy, trials(s.Snapshot)})
	}
	return list
}

// event returns an event with the counters.
func (r *runner) event(name string) Event {
	snap := r.snapshot()
	ev := Event{
		Event:    name,
		Elapsed:  time.Since(r.start).Seconds(),
		Done:     r.done.Load(),
		Failed:   r.failed.Load(),
		Resumed:  r.resumed.Load(),
		Cached:   r.cached.Load(),
		Fresh:    r.fresh.Load(),
		InFlight: snap.InFlight,
		Total:    r.total,
		Executor: string(snap.Executor),
		Size:     snap.Size,
		Reason:   snap.Reason,
	}
	ev.Held, ev.Bytes = r.window.progress()
	ev.Rate, ev.ETA = r.rate.of(ev)
	return ev
}

// ticking sends progress events until the function it returns is called.
func (r *runner) ticking() (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(r.config.Every)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				r.events.send(r.event("progress"))
			}
		}
	}()
	return func() { close(quit); <-ended }
}

// mostTold is how many failures are told as events.
const mostTold = 20

func (r *runner) tellFailure(f Failure) {
	if r.told++; r.told <= mostTold {
		r.events.tell(f, time.Since(r.start).Seconds())
	}
}

// A pace estimates the rate of late.
type pace struct {
	at   float64
	done uint64
	rate float64
}

// of returns inputs a second, and the seconds that are left or 0. Recent
// seconds count most: with a mean over the whole run, a change of size would
// not show.
func (p *pace) of(ev Event) (rate, eta float64) {
	if dt := ev.Elapsed - p.at; dt > 0.2 {
		now := float64(ev.Done-p.done) / dt
		const weight = 0.3
		if p.at == 0 {
			p.rate = now
		} else {
			p.rate += weight * (now - p.rate)
		}
		p.at, p.done = ev.Elapsed, ev.Done
	}
	rate = p.rate
	if ev.Event == "done" && ev.Elapsed > 0 {
		return float64(ev.Done-ev.Resumed-ev.Cached-ev.Fresh) / ev.Elapsed, 0
	}
	if ev.Total > 0 && ev.Bytes > 0 && ev.Done > 0 && rate > 0 {
		all := float64(ev.Done) * float64(ev.Total) / float64(ev.Bytes)
		eta = max(0, all-float64(ev.Done)) / rate
	}
	return rate, eta
}
