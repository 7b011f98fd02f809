// Package members has loops that wait for the end of goroutines which send to them.
package members

import "sync"

type pump struct {
	hub *hub
	in  chan []byte
}

// The pump may be at its send when the hub has been told to stop.
func (p *pump) run(pumps *sync.WaitGroup) {
	defer pumps.Done()
	for b := range p.in {
		p.hub.events <- b
	}
}

type hub struct {
	events chan []byte
	stop   chan struct{}
	list   []*pump
	pumps  sync.WaitGroup
	bytes  int
}

func open() *hub { return &hub{events: make(chan []byte), stop: make(chan struct{})} }

func (h *hub) add(p *pump) {
	h.pumps.Add(1)
	h.list = append(h.list, p)
	go p.run(&h.pumps)
}

func (h *hub) run() {
	for {
		select {
		case b := <-h.events:
			h.bytes += len(b)
		case <-h.stop:
			h.close()
			h.pumps.Wait() // want "warning: blockloop: the loop waits for pumps, of which a goroutine sends to h.events, and the loop alone receives from that: deadlock, go on receiving meanwhile"
			return
		}
	}
}

func (h *hub) close() {
	for _, p := range h.list {
		close(p.in)
	}
}

// Behind the loop nobody receives either.
func measureAll(parts [][]byte, halt chan struct{}) (sum int) {
	var all sync.WaitGroup
	lengths := make(chan int)
	for _, b := range parts {
		all.Add(1)
		go func() {
			defer func() { all.Done() }()
			lengths <- measure(b)
		}()
	}
loop:
	for {
		select {
		case n := <-lengths:
			sum += n
		case <-halt:
			break loop
		}
	}
	all.Wait() // want "warning: blockloop: the loop waits for all, of which a goroutine sends to lengths"
	return sum
}

// Who has counted what came waits for nobody, and a buffer as large as what is sent is enough.
func counted(parts [][]byte, halt chan struct{}) (sum int) {
	var all sync.WaitGroup
	lengths, left := make(chan int), len(parts)
	for _, b := range parts {
		all.Go(func() { lengths <- measure(b) })
	}
	for {
		select {
		case n := <-lengths:
			sum += n
			if left--; left == 0 {
				all.Wait()
				return sum
			}
		case <-halt:
		}
	}
}

func buffered(parts [][]byte, halt chan struct{}) (sum int) {
	var all sync.WaitGroup
	defer all.Wait()
	lengths := make(chan int, len(parts))
	for _, b := range parts {
		all.Go(func() { lengths <- measure(b) })
	}
	for {
		select {
		case n := <-lengths:
			sum += n
		case <-halt:
			return sum
		}
	}
}

// A sender that is told to stop has another way to go, and one that the loop lets have its say
// goes on.
func told(parts [][]byte, halt chan struct{}) (sum int) {
	var all sync.WaitGroup
	defer all.Wait()
	lengths := make(chan int)
	for _, b := range parts {
		all.Go(func() {
			select {
			case lengths <- measure(b):
			case <-halt:
			}
		})
	}
	for {
		select {
		case n := <-lengths:
			sum += n
		case <-halt:
			return sum
		}
	}
}

func drained(parts [][]byte, halt chan struct{}) (sum int) {
	var all sync.WaitGroup
	lengths := make(chan int)
	for _, b := range parts {
		all.Go(func() { lengths <- measure(b) })
	}
	for {
		select {
		case n := <-lengths:
			sum += n
		case <-halt:
			go func() {
				all.Wait()
				close(lengths)
			}()
			for range lengths {
			}
			return sum
		}
	}
}

func measure(b []byte) int { return len(b) }
