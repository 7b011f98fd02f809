package silent

import "sync"

// Nothing is said here: what the function has tested or emptied stays so, as all who could
// undo that hold the lock too. The carrier takes it between two parcels.
type hatch struct {
	mu      sync.Mutex
	parcels chan int
	newest  chan int
	carried int
}

func newHatch(room int) *hatch {
	h := &hatch{parcels: make(chan int, room), newest: make(chan int, 1)}
	go h.show()
	return h
}

func (h *hatch) offer(n int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.full() {
		return false
	}
	h.parcels <- n
	return true
}

func (h *hatch) full() bool { return len(h.parcels) == cap(h.parcels) }

func (h *hatch) offerAll(list []int) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for n < len(list) && cap(h.parcels) > len(h.parcels) {
		h.parcels <- list[n]
		n++
	}
	return n
}

func (h *hatch) pick() (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.parcels) > 0 {
		h.carried++
		return <-h.parcels, true
	}
	return 0, false
}

func (h *hatch) pickNow() (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.picked()
}

// All of its callers hold the lock.
func (h *hatch) picked() (int, bool) {
	if len(h.parcels) == 0 {
		return 0, false
	}
	n := <-h.parcels
	h.carried++
	return n, true
}

func (h *hatch) pickAll() (list []int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.parcels) != 0 {
		list = append(list, <-h.parcels)
	}
	return list
}

// A function that is called under the lock, and a length that has a name.
func (h *hatch) first(n int) {
	h.mu.Lock()
	h.hint(n)
	h.mu.Unlock()
}

func (h *hatch) hint(n int) {
	if waiting := len(h.newest); waiting == 0 {
		h.newest <- n
	}
}

// Who shows the newest one takes no lock to receive it: that makes room, and no less.
func (h *hatch) publish(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.newest:
	default:
	}
	h.newest <- n
}

func (h *hatch) republish(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n > h.carried {
		empty(h.newest)
		h.newest <- n
	}
}

func empty[T any](ch <-chan T) {
	for {
		select {
		case <-ch:
		default:
			return
		}
	}
}

func (h *hatch) show() {
	for n := range h.newest {
		h.mu.Lock()
		h.carried = n
		h.mu.Unlock()
	}
}

// Variables of the package have one lock as well.
var (
	shelfMu sync.Mutex
	shelf   = make(chan int, 32)
	sold    int
)

func put(n int) bool {
	shelfMu.Lock()
	defer shelfMu.Unlock()
	if len(shelf) == cap(shelf) {
		return false
	}
	shelf <- n
	return true
}

func sell() (int, bool) {
	shelfMu.Lock()
	defer shelfMu.Unlock()
	if len(shelf) == 0 {
		return 0, false
	}
	n := <-shelf
	sold++
	return n, true
}

// A wake-up: a flag under the lock says whether somebody waits for it, and the one place is
// free then.
type feeder struct {
	mu    sync.Mutex
	waits bool
	room  chan struct{}
	items []int
}

func newFeeder() *feeder { return &feeder{room: make(chan struct{}, 1)} }

func (f *feeder) feed(all []int) {
	for _, n := range all {
		f.mu.Lock()
		f.items = append(f.items, n)
		f.waits = len(f.items) > 8
		wait := f.waits
		f.mu.Unlock()
		if wait {
			<-f.room
		}
	}
}

func (f *feeder) take() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, f.items = f.items[0], f.items[1:]
	if f.waits {
		f.waits = false
		f.room <- struct{}{} // want "silent: .*f.mu is held while this sends to f.room, so all who want the lock wait too"
	}
	return n
}
