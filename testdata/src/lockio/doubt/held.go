package doubt

import "sync"

// What is waited for would take the lock, if whoever starts it did not say that it is held.
type vault struct {
	mu    sync.Mutex
	boxes map[string]int
	gone  chan struct{}
}

type sweep struct {
	locked bool
	done   chan struct{}
}

func (v *vault) sweep() {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := &sweep{locked: true, done: make(chan struct{})}
	go v.run(s)
	<-s.done // want "note: .*this receives from s.done, so all who want the lock wait too"
}

func (v *vault) sweepAlone() {
	go v.run(&sweep{done: make(chan struct{})})
}

func (v *vault) run(s *sweep) {
	defer close(s.done)
	if !s.locked {
		v.mu.Lock()
		defer v.mu.Unlock()
	}
	for k := range v.boxes {
		v.boxes[k]++
	}
}

func (v *vault) reset(held bool) {
	if held {
		clear(v.boxes)
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.boxes)
}

func (v *vault) rotate() {
	v.mu.Lock()
	defer v.mu.Unlock()
	var wg sync.WaitGroup
	wg.Go(func() {
		v.reset(true)
		<-v.gone
	})
	wg.Wait() // want "note: .*waits for other goroutines, so all who want the lock wait too"
}

func (v *vault) count(name string) {
	v.mu.Lock()
	v.boxes[name]++
	v.mu.Unlock()
	v.reset(false)
}
