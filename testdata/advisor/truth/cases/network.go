package cases

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"example.com/truth/farend"
	"example.com/truth/measure"

	"golang.org/x/sync/errgroup"
)

// answer is the time that a far end takes, if nothing else is said.
const answer = 10 * time.Millisecond

var askMeter = measure.New("ask")

// ask sends a byte over a connection and waits for the answer.
//
// truth: task net io
func ask(c net.Conn) error {
	b := []byte{1}
	clock := askMeter.Wall()
	defer clock.Waited()
	if _, err := c.Write(b); err != nil {
		return err
	}
	_, err := io.ReadFull(c, b)
	return err
}

// dial connects n times to a far end of a kind.
func dial(kind string, delay time.Duration, n int) ([]net.Conn, error) {
	address, err := farend.Start(kind, delay)
	if err != nil {
		return nil, err
	}
	conns := make([]net.Conn, n)
	for i := range conns {
		if conns[i], err = net.Dial("tcp", address); err != nil {
			return nil, err
		}
	}
	return conns, nil
}

// tcp waits for one answer after the other, though none needs another.
func tcp() (Batch, error) {
	conns, err := dial("tcp", answer, 20)
	return func(context.Context) error {
		errs := make([]error, len(conns))
		for i, c := range conns { // truth: site io concurrent -
			errs[i] = ask(c)
		}
		return errs[0]
	}, err
}

// fanout asks over all connections at once, how many there may be.
func fanout() (Batch, error) {
	conns, err := dial("tcp", answer, 400)
	return func(context.Context) error {
		var wg sync.WaitGroup
		for _, c := range conns {
			wg.Go(func() { ask(c) }) // truth: site io bound -; finding fanout confirmed
		}
		wg.Wait()
		return nil
	}, err
}

// capped asks a far end that serves four at once. That sixteen wait for it
// brings nothing, but no recording at one size can tell.
func capped() (Batch, error) {
	conns, err := dial("capped", answer/2, 64)
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(16)
		for _, c := range conns {
			g.Go(func() error { return ask(c) }) // truth: site io - binds; finding poolfit confirmed|refuted
		}
		return g.Wait()
	}, err
}

// retrograde asks a far end that gets slower with each that asks.
func retrograde() (Batch, error) {
	conns, err := dial("retrograde", answer/10, 64)
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(16)
		for _, c := range conns {
			g.Go(func() error { return ask(c) }) // truth: site io - binds; finding poolfit confirmed|refuted
		}
		return g.Wait()
	}, err
}

// roomy has a limit that is never reached.
func roomy() (Batch, error) {
	conns, err := dial("tcp", answer, 4)
	slots := make(chan struct{}, 64)
	return func(context.Context) error {
		var wg sync.WaitGroup
		for _, c := range conns {
			slots <- struct{}{}
			wg.Add(1)
			go func() { // truth: site io keep free
				defer wg.Done()
				defer func() { <-slots }()
				ask(c)
			}()
		}
		wg.Wait()
		return nil
	}, err
}

var mixMeter = measure.New("mix")

// mix computes about as long as it waits.
//
// truth: task net mixed
func mix(c net.Conn, y int) (int, error) {
	clock := mixMeter.Thread()
	sum := fractal(y, width, depth)
	clock.Computed()
	return sum, ask(c)
}

func mixed() (Batch, error) {
	conns, err := dial("tcp", answer/4, 40)
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(2)
		for y, c := range conns {
			g.Go(func() error { // truth: site io more binds; finding poolfit confirmed
				_, err := mix(c, y)
				return err
			})
		}
		return g.Wait()
	}, err
}

var napMeter = measure.New("nap")

// truth: task sleep io
func nap() {
	clock := napMeter.Wall()
	defer clock.Waited()
	time.Sleep(5 * time.Millisecond)
}

func sleep() (Batch, error) {
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(4)
		for range 64 {
			g.Go(func() error { // truth: site io more binds
				nap()
				return nil
			})
		}
		return g.Wait()
	}, nil
}
