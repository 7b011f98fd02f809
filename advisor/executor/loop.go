package executor

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Loop runs callbacks in one goroutine, one after the other, so that what they
// share needs no lock. A watchdog reports the callback that holds it up, with
// its stack, while it does. The zero value is usable; so are its fields until
// Run.
type Loop struct {
	// Threshold is how long a callback may run before Slow is called, once for
	// each. It is noticed within half a threshold more. 0: 100 ms, the
	// slow_callback_duration of asyncio; negative: no watchdog.
	Threshold time.Duration
	// Slow is called in the watchdog's goroutine; nil: no watchdog.
	Slow func(SlowCallback)
	// Failed is called in the loop with the panic of a callback, and the loop
	// goes on; nil: Run returns it.
	Failed func(*PanicError)

	mu      sync.Mutex
	posted  []func()
	timers  timers
	order   int64 // of timers, to keep those due at once in order
	wake    chan struct{}
	stopped bool
	running bool

	turn atomic.Int64 // odd while a callback runs
}

// Timer is a callback to come.
type Timer struct {
	loop  *Loop
	due   time.Time
	every time.Duration // 0: once
	order int64
	call  func()
	at    int  // in the heap; -1: not there
	alive bool // it will run, perhaps as one of the callbacks of this turn
}

type timers []*Timer

func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	return cmp.Or(t[i].due.Compare(t[j].due), cmp.Compare(t[i].order, t[j].order)) < 0
}
func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].at, t[j].at = i, j
}
func (t *timers) Push(x any) { x.(*Timer).at = len(*t); *t = append(*t, x.(*Timer)) }
func (t *timers) Pop() any {
	last := len(*t) - 1
	x := (*t)[last]
	(*t)[last] = nil
	*t = (*t)[:last]
	x.at = -1
	return x
}

// Post queues f from any goroutine. It reports false once the loop has
// stopped: f will not run then.
func (l *Loop) Post(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	l.posted = append(l.posted, f)
	l.rouse()
	return true
}

// After runs f in the loop once d has passed.
func (l *Loop) After(d time.Duration, f func()) *Timer { return l.schedule(d, 0, f) }

// Every runs f each d, for the first time after d. A turn that comes late does
// not move the later ones; turns that were missed are left out.
func (l *Loop) Every(d time.Duration, f func()) *Timer {
	d = max(d, 1)
	return l.schedule(d, d, f)
}

func (l *Loop) schedule(d, every time.Duration, f func()) *Timer {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &Timer{loop: l, due: time.Now().Add(d), every: every, order: l.order, call: f, at: -1, alive: !l.stopped}
	l.order++
	if !l.stopped {
		heap.Push(&l.timers, t)
		l.rouse()
	}
	return t
}

// Stop keeps the timer from running again, and reports whether it would have.
// After a Stop within the loop it does not run, even if it is due already.
func (t *Timer) Stop() bool {
	t.loop.mu.Lock()
	defer t.loop.mu.Unlock()
	alive := t.alive
	t.alive = false
	if t.at >= 0 {
		heap.Remove(&t.loop.timers, t.at)
	}
	return alive
}

// fire runs the callback, unless an earlier one of the same turn stopped it.
func (t *Timer) fire() {
	t.loop.mu.Lock()
	alive := t.alive
	t.alive = alive && t.every > 0
	t.loop.mu.Unlock()
	if alive {
		t.call()
	}
}

// Stop lets Run return nil after the callbacks posted so far.
func (l *Loop) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	l.rouse()
}

// rouse wakes Run. The lock is held.
func (l *Loop) rouse() {
	select {
	case l.wakeup() <- struct{}{}:
	default:
	}
}

func (l *Loop) wakeup() chan struct{} {
	if l.wake == nil {
		l.wake = make(chan struct{}, 1)
	}
	return l.wake
}

// Run runs callbacks until Stop or the end of ctx, whose cause it returns, or
// until one panics and Failed is nil.
func (l *Loop) Run(ctx context.Context) error {
	l.mu.Lock()
	if l.running {
		l.mu.Unlock()
		return errors.New("executor: the loop runs already")
	}
	l.running = true
	wake := l.wakeup()
	l.mu.Unlock()
	defer l.halt()
	defer l.watch()()
	sleep := time.NewTimer(time.Hour)
	defer sleep.Stop()
	for {
		batch, wait, stopped := l.due()
		for _, f := range batch {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if p := l.call(f); p != nil && l.Failed == nil {
				return p
			} else if p != nil {
				l.Failed(p)
			}
		}
		if stopped {
			return nil
		}
		if len(batch) > 0 {
			continue // time has passed: look again
		}
		sleep.Reset(wait)
		select {
		case <-wake:
		case <-sleep.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// halt ends the loop for good.
func (l *Loop) halt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	for _, t := range l.timers {
		t.at, t.alive = -1, false
	}
	l.posted, l.timers = nil, nil
}

// due returns the callbacks to run now and how long to sleep after them.
func (l *Loop) due() (batch []func(), wait time.Duration, stopped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	batch, l.posted = l.posted, nil
	if l.stopped {
		return batch, 0, true
	}
	now := time.Now()
	for len(l.timers) > 0 && !l.timers[0].due.After(now) {
		t := heap.Pop(&l.timers).(*Timer)
		batch = append(batch, t.fire)
		if t.every > 0 {
			missed := now.Sub(t.due) / t.every
			t.due = t.due.Add((missed + 1) * t.every)
			heap.Push(&l.timers, t)
		}
	}
	wait = time.Hour
	if len(l.timers) > 0 {
		wait = l.timers[0].due.Sub(now)
	}
	return batch, wait, false
}

// call runs one callback and returns its panic.
func (l *Loop) call(f func()) (p *PanicError) {
	l.turn.Add(1)
	defer func() {
		l.turn.Add(1)
		if v := recover(); v != nil {
			p = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	f()
	return nil
}
