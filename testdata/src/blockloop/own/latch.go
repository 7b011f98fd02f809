package own

import "sync/atomic"

// A loop that tells itself, over a channel with room for one, that there is something to do.
type ticket struct {
	changes chan change
	ready   chan struct{}
	stop    chan struct{}
	pending []change
	busy    atomic.Bool
}

// It tells itself once, and again only after it has received.
func (t *ticket) once() {
	ready := make(chan struct{}, 1)
	told := false
	for {
		if !told && t.update() {
			told = true
			ready <- struct{}{}
		}
		select {
		case <-ready:
			t.pending = nil
			told = false
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// The channel is there only until it has been received from.
func (t *ticket) lent() {
	all := make(chan struct{}, 1)
	var ready chan struct{}
	for {
		if ready == nil && t.update() {
			ready = all
			ready <- struct{}{}
		}
		select {
		case <-ready:
			t.pending = nil
			ready = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// Others say when it may tell itself again, which they do after it has received.
func (t *ticket) dumping() {
	ready := make(chan struct{}, 1)
	for {
		if len(t.pending) > 0 {
			if !t.busy.Load() {
				t.busy.Store(true)
				ready <- struct{}{}
			}
		}
		select {
		case <-ready:
			t.pending = nil
			go t.busy.Store(false)
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// It tells itself in each turn that has something to do.
func (t *ticket) always() {
	ready := make(chan struct{}, 1)
	for {
		if t.update() {
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			t.pending = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// A queue that gets shorter gets longer again before anything is received.
func (t *ticket) queued() {
	ready := make(chan change, 1)
	for {
		if len(t.pending) > 0 {
			ready <- t.pending[0] // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
			t.pending = t.pending[1:]
		}
		select {
		case <-ready:
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// Without a buffer the first send never ends.
func (t *ticket) unbuffered() {
	ready := make(chan struct{})
	told := false
	for {
		if !told && t.update() {
			told = true
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			told = false
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

func (t *ticket) update() bool { return len(t.pending) > 0 }

// What a turn has for itself says nothing of the next one.
func (t *ticket) ofTurn() {
	ready := make(chan struct{}, 1)
	for {
		e := t.find()
		if e != nil {
			e = nil
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			t.pending = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// Room for one is none for two.
func (t *ticket) twice() {
	ready := make(chan struct{}, 1)
	told := false
	for {
		if !told {
			told = true
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			t.pending = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// Another case lets it send again.
func (t *ticket) again() {
	ready := make(chan struct{}, 1)
	told := false
	for {
		if !told {
			told = true
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			t.pending = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
			told = false
		case <-t.stop:
			return
		}
	}
}

// What is set to what it is changes nothing.
func (t *ticket) unchanged() {
	ready := make(chan struct{}, 1)
	told := false
	for {
		if !told {
			told = false
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			t.pending = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// A count that is not yet zero is none again in the next turn.
func (t *ticket) counted() {
	ready := make(chan struct{}, 1)
	n := 8
	for {
		if n != 0 {
			n -= 1
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			t.pending = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// Each of several events has a flag of its own.
func (t *ticket) ofEvents(events chan *seen) {
	ready := make(chan *seen, 1)
	for {
		select {
		case e := <-events:
			if !e.told {
				e.told = true
				ready <- e // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
			}
		case <-ready:
			t.pending = nil
		case <-t.stop:
			return
		}
	}
}

type seen struct{ told bool }

func (t *ticket) find() *seen { return nil }

// A swap that takes place says nothing of what is stored then.
func (t *ticket) swapped(state *atomic.Int32) {
	ready := make(chan struct{}, 1)
	for {
		if state.CompareAndSwap(0, 1) {
			state.Store(0)
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
		}
		select {
		case <-ready:
			t.pending = nil
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// A swap lets it tell itself once.
func (t *ticket) compared() {
	ready := make(chan struct{}, 1)
	for {
		if t.update() && t.busy.CompareAndSwap(false, true) {
			ready <- struct{}{}
		}
		select {
		case <-ready:
			t.pending = nil
			t.busy.Store(false)
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// So does a case of a switch, and a word that functions of the package look at.
func (t *ticket) switched(told int32) {
	ready := make(chan struct{}, 1)
	for {
		switch {
		case t.update() && atomic.LoadInt32(&told) == 0:
			ready <- struct{}{}
			atomic.StoreInt32(&told, 1)
		}
		select {
		case <-ready:
			t.pending = nil
			atomic.StoreInt32(&told, 0)
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}

// What is set on some ways from the send alone lets it send again.
func (t *ticket) perhaps() {
	ready := make(chan struct{}, 1)
	told := false
	for {
		if !told && t.update() {
			ready <- struct{}{} // want `error: blockloop: the loop sends to ready, which it alone receives from, and can block for ever`
			if len(t.pending) > 1 {
				told = true
			}
		}
		select {
		case <-ready:
			t.pending = nil
			told = false
		case c := <-t.changes:
			t.pending = append(t.pending, c)
		case <-t.stop:
			return
		}
	}
}
