package lockio

import (
	"flag"
	"sync"
)

var shelf = flag.Int("shelf", 32, "parcels that wait for a courier")

// A Courier takes parcels away.
type Courier interface{ Carry(parcel int) }

// Who empties the shelf calls a courier through an interface, and the courier takes
// the lock under which a parcel is put there. The buffer is a setting, which may be
// full as well as any other.
type depot struct {
	waiting chan int
	courier Courier
}

type office struct {
	mu    sync.Mutex
	seen  map[int]bool
	depot *depot
}

func OpenOffice() *office {
	o := &office{seen: make(map[int]bool), depot: &depot{waiting: make(chan int, *shelf)}}
	o.depot.courier = o
	go o.depot.clear()
	return o
}

func (d *depot) clear() {
	for parcel := range d.waiting {
		d.courier.Carry(parcel)
	}
}

func (d *depot) put(parcel int) { d.waiting <- parcel }

// The courier comes back to the very function that sends.
func (o *office) Carry(parcel int) { o.accept(parcel + 1) }

func (o *office) accept(parcel int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen[parcel] = true
	o.depot.put(parcel) // want `warning: .*o.mu is held while .*depot..put can block on a channel, and the other side takes it first: deadlock`
}

// After the lock.
func (o *office) refuse(parcel int) {
	o.mu.Lock()
	delete(o.seen, parcel)
	o.mu.Unlock()
	o.depot.put(parcel)
}

// Of several that may take the parcel away, those that are in use may leave the lock
// alone: no deadlock is known.
type Carter interface{ Cart(parcel int) }

type cartage struct {
	mu      sync.Mutex
	waiting chan int
	carter  Carter
}

type slow struct{ c *cartage }

func (s slow) Cart(int) {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
}

type quick struct{}

func (quick) Cart(int) {}

func (c *cartage) clear() {
	for parcel := range c.waiting {
		c.carter.Cart(parcel)
	}
}

func (c *cartage) put(parcel int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting <- parcel // want "warning: lockio: c.mu is held while this sends to c.waiting, so all who want the lock wait too"
}

func newCartage() *cartage { return &cartage{waiting: make(chan int, *shelf), carter: quick{}} }
