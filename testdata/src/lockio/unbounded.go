package lockio

import "sync"

// An endless channel: its goroutine can always receive, and so its senders do not wait.
type endless[T any] struct{ in, out chan T }

func newEndless[T any]() *endless[T] {
	e := &endless[T]{in: make(chan T), out: make(chan T)}
	go e.pass()
	return e
}

func (e *endless[T]) In() chan<- T { return e.in }

func (e *endless[T]) pass() {
	defer close(e.out)
	var list []T
	in := e.in
	for in != nil || len(list) > 0 {
		var out chan T
		var first T
		if len(list) > 0 {
			out, first = e.out, list[0]
		}
		select {
		case v, ok := <-in:
			if !ok {
				in = nil
				continue
			}
			list = append(list, v)
		case out <- first:
			list = list[1:]
		}
	}
}

// This one receives only as long as there is room.
type roomy struct {
	in, out chan int
	most    int
}

func newRoomy() *roomy {
	r := &roomy{in: make(chan int), out: make(chan int), most: 8}
	go r.pass()
	return r
}

func (r *roomy) pass() {
	var list []int
	for {
		var in, out chan int
		first := 0
		if len(list) < r.most {
			in = r.in
		}
		if len(list) > 0 {
			out, first = r.out, list[0]
		}
		select {
		case v := <-in:
			list = append(list, v)
		case out <- first:
			list = list[1:]
		}
	}
}

type bell struct {
	mu     sync.Mutex
	rung   int
	quick  *endless[int]
	slow   *roomy
	direct chan int
}

func newBell() *bell {
	b := &bell{quick: newEndless[int](), slow: newRoomy(), direct: make(chan int)}
	go b.keep()
	return b
}

func (b *bell) keep() {
	var list []int
	for {
		select {
		case v := <-b.direct:
			list = append(list, v)
		case b.quick.out <- len(list):
		}
	}
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung++
	b.quick.In() <- b.rung
	b.quick.in <- b.rung
	b.direct <- b.rung
}

func (b *bell) toll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung++
	b.slow.in <- b.rung // want "warning: .*b.mu is held while this sends to b.slow.in"
}

func (b *bell) follow(f func(n, of int)) {
	for n := range b.slow.out {
		b.mu.Lock()
		of := b.rung
		b.mu.Unlock()
		f(n, of)
	}
	for n := range b.quick.out {
		b.mu.Lock()
		of := b.rung
		b.mu.Unlock()
		f(n, of)
	}
}
