package cases

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"example.com/truth/measure"
)

var (
	sumMeter  = measure.New("sum")
	postMeter = measure.New("(*board).post")
)

// pipeline has a slow first stage; the second waits for it.
func pipeline() (Batch, error) {
	return func(context.Context) error {
		rows := make(chan int)
		go func() {
			defer close(rows)
			for y := range 40 {
				rows <- row(y)
			}
		}()
		sum(rows)
		return nil
	}, nil
}

// truth: task chan|idle coordination
func sum(rows <-chan int) int {
	total := 0
	for {
		clock := sumMeter.Wall()
		n, ok := <-rows
		clock.Waited()
		if !ok {
			return total
		}
		total += n
	}
}

// A board serves posts and ticks in one loop, and its subscriber is slow.
type board struct {
	posts chan int
	out   chan int
	ticks chan struct{}
	quit  chan struct{}
}

func (b *board) loop() {
	for {
		select {
		case n := <-b.posts:
			// Until the subscriber takes it, no tick is served.
			b.out <- n // truth: finding blockloop confirmed in dispatcher
		case <-b.ticks:
		case <-b.quit:
			return
		}
	}
}

// truth: task chan coordination
func (b *board) post(n int) {
	clock := postMeter.Wall()
	defer clock.Waited()
	b.posts <- n
}

func dispatcher() (Batch, error) {
	b := &board{posts: make(chan int), out: make(chan int), ticks: make(chan struct{}), quit: make(chan struct{})}
	go b.loop()
	go func() {
		for range b.out {
			row(1)
		}
	}()
	go func() {
		for {
			b.ticks <- struct{}{}
			time.Sleep(time.Millisecond)
		}
	}()
	return func(context.Context) error {
		for n := range 40 {
			b.post(n)
		}
		return nil
	}, nil
}

// idle has workers that have nothing to do for most of the time.
func idle() (Batch, error) {
	jobs := make(chan int)
	for range 16 {
		go worker(jobs) // truth: site - keep|fewer free; finding poolfit refuted
	}
	return func(context.Context) error {
		for y := range 10 {
			jobs <- y
			time.Sleep(20 * time.Millisecond)
		}
		return nil
	}, nil
}

// truth: idle in idle
func worker(jobs <-chan int) {
	for y := range jobs {
		row(y)
	}
}

// leak loses a goroutine with each call: nobody receives.
func leak() (Batch, error) {
	return func(context.Context) error {
		for y := range 10 {
			results := make(chan int)
			go func() { results <- row(y) }()
			select {
			case <-results:
			case <-time.After(time.Millisecond / 2):
			}
		}
		return nil
	}, nil
}

// ticker does little, every five milliseconds.
func ticker() (Batch, error) {
	return func(context.Context) error {
		beat(20)
		return nil
	}, nil
}

// truth: idle in ticker
func beat(n int) {
	t := time.NewTicker(5 * time.Millisecond)
	defer t.Stop()
	for range n {
		<-t.C
		runtime.Gosched()
	}
}

// signals waits for a signal or the end; another goroutine computes.
func signals() (Batch, error) {
	var once sync.Once
	return func(ctx context.Context) error {
		once.Do(func() { go untilSignal(ctx) })
		for y := range 10 {
			row(y)
		}
		return nil
	}, nil
}

// truth: idle in signals
func untilSignal(ctx context.Context) {
	signalled := make(chan os.Signal, 1)
	signal.Notify(signalled, syscall.SIGHUP)
	defer signal.Stop(signalled)
	select {
	case <-signalled:
	case <-ctx.Done():
	}
}
