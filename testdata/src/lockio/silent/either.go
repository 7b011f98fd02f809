package silent

import "sync"

// A name for one mutex or the other: which of them is held, nobody knows.
type lanes struct {
	slow, fast sync.Mutex
	n          int
	cars       chan int
}

func newLanes() *lanes {
	l := &lanes{cars: make(chan int)}
	go l.run()
	return l
}

func (l *lanes) run() {
	for {
		l.slow.Lock()
		l.n++
		l.slow.Unlock()
		l.cars <- 1
	}
}

func (l *lanes) next(quick bool) int {
	mu := &l.slow
	if quick {
		mu = &l.fast
	}
	mu.Lock()
	defer mu.Unlock()
	if quick {
		return <-l.cars
	}
	return l.n
}

// A store that looks up what it is asked for is what its interface is for, and no stand-in.
type rack interface {
	Get(name string) (int, error)
}

type boxes struct{ of map[string]int }

func (b *boxes) Get(name string) (int, error) { return b.of[name], nil }

type clerk struct {
	mu   sync.Mutex
	rack rack
	n    int
}

func (c *clerk) ask(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.rack.Get(name)
	c.n++
	return err
}

func (c *clerk) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
