package executor

import "sync/atomic"

// crew counts the workers of a pool. The counts are one word, because who wakes a
// worker, starts one or goes to sleep decides on all of them at once.
//
// At most one worker is on its way at a time, woken or new: it takes a task and
// looks whether there is more before it runs it. So tasks that are over at once do
// not wake everybody, and those that take long or wait for each other soon have
// all the workers there are.
type crew struct {
	size int
	word atomic.Uint64
	wake chan struct{} // a token for each sleeper that was counted awake
}

const (
	oneAsleep = 1
	oneHired  = 1 << 31
	onItsWay  = 1 << 62
	most      = oneHired - 1
)

func newCrew(size int) crew {
	size = min(size, most)
	return crew{size: size, wake: make(chan struct{}, size)}
}

func asleep(w uint64) int { return int(w & most) }
func hired(w uint64) int  { return int(w / oneHired & most) }

// change applies f to the counts, unless f declines.
func (c *crew) change(f func(w uint64) (uint64, bool)) bool {
	for {
		w := c.word.Load()
		next, ok := f(w)
		if !ok || c.word.CompareAndSwap(w, next) {
			return ok
		}
	}
}

// idle reports whether more workers could work, and none is on its way.
func (c *crew) idle() bool {
	w := c.word.Load()
	return w < onItsWay && hired(w)-asleep(w) < c.size
}

// call wakes a worker, or tells that a new one is to be started, unless one is on
// its way or all work.
func (c *crew) call() (start bool) {
	called := c.change(func(w uint64) (uint64, bool) {
		switch {
		case w >= onItsWay || hired(w)-asleep(w) >= c.size:
			return 0, false
		case asleep(w) > 0:
			start = false
			return w - oneAsleep + onItsWay, true
		}
		start = true
		return w + oneHired + onItsWay, true
	})
	if called && !start {
		c.wake <- struct{}{}
	}
	return called && start
}

// arrived tells that the worker that was on its way is there.
func (c *crew) arrived() { c.word.And(^uint64(onItsWay)) }

// lie counts the caller as asleep. It must look for work once more before it
// sleeps: those who bring some do not call a worker that is up.
func (c *crew) lie() { c.word.Add(oneAsleep) }

// rise takes that back, unless somebody called meanwhile: that worker's token is
// the caller's then, and it sleeps for an instant.
func (c *crew) rise() bool {
	return c.change(func(w uint64) (uint64, bool) { return w - oneAsleep, asleep(w) > 0 })
}

// quit is rise for good.
func (c *crew) quit() bool {
	return c.change(func(w uint64) (uint64, bool) { return w - oneAsleep - oneHired, asleep(w) > 0 })
}

// dismiss wakes all sleepers.
func (c *crew) dismiss() {
	n := 0
	c.change(func(w uint64) (uint64, bool) {
		n = asleep(w)
		return w - uint64(n), true
	})
	for range n {
		c.wake <- struct{}{}
	}
}

// sleep waits for a call.
func (c *crew) sleep() { <-c.wake }
