// Package par runs functions: what its callers are told is what its facts say.
package par

import (
	"sync"
	"time"
)

// Timed waits for what it starts, for a while.
func Timed(d time.Duration, f func() error) error {
	answer := make(chan error, 1)
	go func() { answer <- f() }()
	select {
	case err := <-answer:
		return err
	case <-time.After(d):
		return nil
	}
}

// Joined waits for what it starts.
func Joined(f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
	wg.Wait()
}

// Detached waits in one case alone.
func Detached(wait bool, f func()) {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	if wait {
		<-done
	}
}

// Each starts a goroutine for each of items.
func Each[T any](items []T, f func(T)) {
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(it)
		}()
	}
	wg.Wait()
}

// Times starts n goroutines.
func Times(n int, f func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// A Room has places.
type Room struct{ places chan struct{} }

func NewRoom(n int) *Room { return &Room{make(chan struct{}, n)} }

func (r *Room) Enter() { r.places <- struct{}{} }
func (r *Room) Leave() { <-r.places }

// A Crew runs so many at a time, as one option says.
type Crew struct {
	places chan struct{}
	wg     sync.WaitGroup
}

type Option func(*Crew)

func WithConcurrency(n int) Option { return func(c *Crew) { c.places = make(chan struct{}, n) } }

func NewCrew(opts ...Option) *Crew {
	c := &Crew{places: make(chan struct{}, 4)}
	for _, o := range opts {
		o(c)
	}
	return c
}

func (c *Crew) take()     { c.places <- struct{}{} }
func (c *Crew) giveBack() { <-c.places }

// Go waits for a place.
func (c *Crew) Go(f func()) {
	c.take()
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		defer c.giveBack()
		f()
	}()
}

// Late starts at once and waits for a place then.
func (c *Crew) Late(f func()) {
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		c.take()
		defer c.giveBack()
		f()
	}()
}

func (c *Crew) Wait() { c.wg.Wait() }

// A Settler runs what it is given when a name has been quiet for a while.
type Settler struct{ timers map[string]*time.Timer }

func (s *Settler) After(name string, run func()) {
	if t := s.timers[name]; t != nil {
		t.Stop()
	}
	s.timers[name] = time.AfterFunc(time.Second, func() { run() })
}
