package doubt

import "sync"

// A buffer of one that the reader has made is for one answer, in each turn of its loop
// another one.
type oracle struct {
	mu        sync.Mutex
	questions chan question
	asked     int
}

type question struct{ answer chan int }

func (o *oracle) ask(n int) (sum int) {
	for range n {
		answer := make(chan int, 1)
		o.questions <- question{answer}
		sum += <-answer
		o.mu.Lock()
		o.asked++
		o.mu.Unlock()
	}
	return sum
}

func (o *oracle) reply() {
	for q := range o.questions {
		o.mu.Lock()
		q.answer <- o.asked // want "note: .*o.mu is held while this sends to q.answer, so all who want the lock wait too"
		o.mu.Unlock()
	}
}

// A goroutine that is told once to end, and that empties the channel of what came too late:
// that is no reader which comes again.
type runner struct {
	mu   sync.Mutex
	all  map[string]*runner
	stop chan string
	out  chan string
}

func newRunner(all map[string]*runner) *runner {
	return &runner{all: all, stop: make(chan string, 1), out: make(chan string)}
}

func (r *runner) run() {
	for {
		select {
		case line := <-r.out:
			println(line)
		case why := <-r.stop:
			println(why)
			r.end()
			return
		}
	}
}

func (r *runner) end() {
	for len(r.stop) > 0 {
		<-r.stop
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, "")
}

func (r *runner) endAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.all {
		o.stop <- "shutdown" // want "note: .*r.mu is held while this sends to o.stop, so all who want the lock wait too"
	}
}
