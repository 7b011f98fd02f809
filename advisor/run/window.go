package run

import "sync"

// A window holds the inputs that are read and not yet written, so that reading
// never runs far ahead of writing, and puts the results back into the order of
// the inputs.
type window struct {
	mu      sync.Mutex
	room    *sync.Cond // the head moved on, or the run stopped
	slots   []slot     // a ring: that of index i is i & mask
	mask    uint64
	head    uint64 // first that is not written
	tail    uint64 // first that is not admitted
	passed  int64  // where the input before the head ends
	held    int64  // bytes of the inputs and results between them
	most    uint64 // items
	bytes   int64  // most bytes held
	ordered bool
	stopped bool
	count   func(failed bool) // called for each input that is settled
	write   func(*slot) error // called in order, one at a time
	failed  error             // of write; nothing is written after it
}

// A slot is an input on its way.
type slot struct {
	item
	out    []byte
	failed error // why there is no result
	state  state
}

type state uint8

const (
	free     state = iota
	admitted       // being run
	finished       // has its result, which is perhaps not durable yet
	settled        // may be written
	written        // out of order, before the head
)

func newWindow(items int, bytes int64, ordered bool, count func(failed bool), write func(*slot) error) *window {
	size := uint64(1)
	for size < uint64(items) {
		size *= 2
	}
	w := &window{slots: make([]slot, size), mask: size - 1, most: uint64(items), bytes: bytes, ordered: ordered, count: count, write: write}
	w.room = sync.NewCond(&w.mu)
	return w
}

// admit takes in the first of items, as many as there is room for, waiting for
// one place. It returns 0 when the run stops.
func (w *window) admit(items []item) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.hasRoom() && !w.stopped {
		w.room.Wait()
	}
	if w.stopped {
		return 0
	}
	n := 0
	for n < len(items) && w.hasRoom() {
		w.slots[w.tail&w.mask] = slot{item: items[n], state: admitted}
		w.held += int64(len(items[n].raw))
		w.tail++
		n++
	}
	return n
}

// hasRoom reports whether one more may come in: the first always may.
func (w *window) hasRoom() bool {
	return w.tail == w.head || w.tail-w.head < w.most && w.held < w.bytes
}

// stop ends admission.
func (w *window) stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.room.Broadcast()
}

// progress returns how many inputs are admitted and not written, and where the
// last one ends that is written, with all before it.
func (w *window) progress() (held int, passed int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int(w.tail - w.head), w.passed
}

// finish stores the result of an input. It is written once settle is told.
func (w *window) finish(index uint64, out []byte, failed error) {
	w.mu.Lock()
	w.keep(index, out, failed)
	w.mu.Unlock()
}

func (w *window) keep(index uint64, out []byte, failed error) *slot {
	s := &w.slots[index&w.mask]
	s.out, s.failed, s.state = out, failed, finished
	w.held += int64(len(out))
	return s
}

// done stores a result that may be written at once.
func (w *window) done(index uint64, out []byte, failed error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keep(index, out, failed).state = settled
	w.count(failed != nil)
	return w.advance(index)
}

// settle lets the results of these inputs be written.
func (w *window) settle(indices []uint64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, i := range indices {
		s := &w.slots[i&w.mask]
		s.state = settled
		w.count(s.failed != nil)
		if err := w.advance(i); err != nil {
			return err
		}
	}
	return w.failed
}

// advance writes what may be written now that index is settled.
func (w *window) advance(index uint64) error {
	if w.failed != nil {
		return w.failed
	}
	if !w.ordered {
		s := &w.slots[index&w.mask]
		if w.failed = w.write(s); w.failed != nil {
			return w.failed
		}
		w.forget(s, written)
	}
	moved := false
	for w.head < w.tail {
		s := &w.slots[w.head&w.mask]
		if s.state == settled && w.ordered {
			if w.failed = w.write(s); w.failed != nil {
				return w.failed
			}
			w.forget(s, written)
		}
		if s.state != written {
			break
		}
		s.state = free
		w.passed = s.end
		w.head++
		moved = true
	}
	if moved {
		w.room.Signal()
	}
	return nil
}

// forget drops what a slot holds.
func (w *window) forget(s *slot, to state) {
	w.held -= int64(len(s.raw) + len(s.out))
	*s = slot{state: to, item: item{end: s.end}}
}
