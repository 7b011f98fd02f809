package lockio

import "sync"

// Who is called with the lock held may give it back by another way to it, and wait then.

type desk struct {
	mu     sync.Mutex
	clerks map[int]*clerk
}

type clerk struct {
	desk   *desk
	orders chan *order
}

type order struct{ done chan struct{} }

func (d *desk) serve(n int) {
	d.mu.Lock()
	d.clerks[n].take() // want "note: .*take can block on a channel, so all who want the lock wait too .note: there is room"
}

func (c *clerk) take() {
	o := &order{make(chan struct{}, 1)}
	c.orders <- o
	c.desk.mu.Unlock()
	<-o.done
}

func hireClerk(d *desk, n int) {
	c := &clerk{d, make(chan *order, 100)}
	d.clerks[n] = c
	go c.work()
}

func (c *clerk) work() {
	for o := range c.orders {
		c.desk.mu.Lock()
		println(len(c.desk.clerks))
		c.desk.mu.Unlock()
		o.done <- struct{}{}
	}
}

// The lock of another one, which has it itself, is not that.
type annex struct {
	mu   sync.Mutex
	near *annex
	done chan struct{}
}

func (a *annex) both() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.near.leave() // want "note: lockio: a.mu is held while .*leave waits to receive"
}

func (a *annex) leave() {
	a.mu.Unlock()
	<-a.done
	a.mu.Lock()
}
