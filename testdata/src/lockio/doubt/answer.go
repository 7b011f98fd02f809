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
		q.answer <- o.asked // want "o.mu is held while this sends to q.answer, so all who want the lock wait too"
		o.mu.Unlock()
	}
}
