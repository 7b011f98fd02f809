package blockloop

import (
	"errors"
	"sync"
	"time"
)

// A loop that sends to a channel which it alone receives from.
func selfSend(work, more chan string, due map[string]bool, quit chan struct{}) {
	stop := make(chan string, 1)
	for {
		select {
		case s := <-stop:
			delete(due, s)
		case <-more:
		case <-time.After(time.Second):
			for s := range due {
				stop <- s // want `error: .*the loop sends to stop, which it alone receives from, and can block for ever`
			}
		case <-quit:
			return
		}
	}
}

type actor struct {
	inbox, wake, retry chan int
	peer               *actor
}

func newActor() *actor {
	return &actor{inbox: make(chan int), wake: make(chan int, 1), retry: make(chan int, 1)}
}

func (a *actor) post(n int) { a.inbox <- n }

func (a *actor) offer(n int) {
	select {
	case a.inbox <- n:
	default:
	}
}

func (a *actor) run(quit chan struct{}) {
	for {
		select {
		case n := <-a.inbox:
			a.post(n)         // want `error: .*post sends to a.inbox, which this loop alone receives from, and blocks for ever`
			a.offer(n)        // does not block
			a.peer.post(n)    // another actor's
			a.peer.inbox <- n // want `note: .*the loop can block sending to a.peer.inbox and then never serves a.retry`
			go a.post(n)
			a.retry <- n // want `error: .*the loop sends to a.retry`
		case n := <-a.wake:
			a.wake <- n // the place it has just made free
		case <-a.retry:
		case <-quit:
			return
		}
	}
}

// Several goroutines run the loop: another one may receive.
type crew struct{ queue, extra chan int }

func startCrew() {
	c := &crew{queue: make(chan int), extra: make(chan int)}
	for range 8 {
		go c.work()
	}
}

func (c *crew) work() {
	for {
		select {
		case n := <-c.extra:
			if n > 0 {
				c.queue <- n // want `note: .*the loop sends to c.queue`
			}
		case <-c.queue:
		}
	}
}

type conn struct {
	mu   sync.Mutex
	once sync.Once
	errs chan error
}

func (c *conn) lost(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	go close(c.errs)
}

// The receiver of out may wait for what the errors bring about.
func pump(c *conn, in chan int) {
	out := make(chan int)
	go drain(out)
	for {
		select {
		case n := <-in:
			out <- n // want `warning: .*the loop can block sending to out and then never serves c.errs, send in a select`
		case err := <-c.errs:
			c.lost(err)
		}
	}
}

// What is sent at the end stops nobody.
func pumpOnce(c *conn, in chan int) {
	out := make(chan int)
	go drain(out)
	for {
		select {
		case n := <-in:
			if n == 0 {
				out <- n
				return
			}
		case err := <-c.errs:
			c.lost(err)
		}
	}
}

// The send serves the errors, too.
func pumpBoth(c *conn, in chan int) {
	out := make(chan int)
	go drain(out)
	for {
		select {
		case n := <-in:
			select {
			case out <- n:
			case err := <-c.errs:
				c.lost(err)
			}
		case err := <-c.errs:
			c.lost(err)
		}
	}
}

func drain(out chan int) {
	for range out {
	}
}

// All that the loop does is to forward: it has nothing else to serve.
func merge(a, b chan int, quit chan struct{}) {
	out := make(chan int)
	go drain(out)
	for {
		select {
		case n := <-a:
			out <- n
		case n := <-b:
			out <- n
		case <-quit:
			return
		}
	}
}

type request struct{ reply chan error }

// Whoever asked waits for the answer.
func answers(reqs chan request, tick chan int) {
	for {
		select {
		case r := <-reqs:
			r.reply <- errors.New("no")
		case <-tick:
		}
	}
}

// One source: a worker.
func worker(in chan int, out chan int, quit chan struct{}) {
	for {
		select {
		case n := <-in:
			out <- n
		case <-quit:
			return
		}
	}
}
