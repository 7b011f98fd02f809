package process

import (
	"context"
	"fmt"
	"testing"
)

func benchPool(b *testing.B, workers int) *Pool {
	p, err := Start(context.Background(), Config{Workers: workers})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.Close() })
	return p
}

// BenchmarkRoundTrip has one task at a time go to a worker and back.
func BenchmarkRoundTrip(b *testing.B) {
	for _, size := range []int{8, 1 << 10, 64 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			p := benchPool(b, 1)
			tasks := []Task{{Func: "echo", Body: make([]byte, size)}}
			var out [1]Outcome
			b.ReportAllocs()
			for b.Loop() {
				p.Submit(tasks)
				if _, err := p.Receive(out[:]); err != nil || out[0].Err != nil || len(out[0].Body) != size {
					b.Fatal(err, out[0].Err)
				}
			}
		})
	}
}

// BenchmarkBatched keeps the window full of small tasks; the figure is for one
// task.
func BenchmarkBatched(b *testing.B) {
	for _, workers := range []int{1, 2} {
		for _, size := range []int{8, 1 << 10} {
			b.Run(fmt.Sprintf("workers=%d/%d", workers, size), func(b *testing.B) {
				p := benchPool(b, workers)
				tasks := make([]Task, 256)
				for i := range tasks {
					tasks[i] = Task{Func: "echo", Body: make([]byte, size)}
				}
				b.ReportAllocs()
				b.ResetTimer()
				go func() {
					for left := b.N; left > 0; left -= min(left, len(tasks)) {
						p.Submit(tasks[:min(left, len(tasks))])
					}
				}()
				out := make([]Outcome, 1024)
				for got := 0; got < b.N; {
					n, err := p.Receive(out)
					if err != nil {
						b.Fatal(err)
					}
					got += n
				}
			})
		}
	}
}

// BenchmarkPipe is the yardstick of BenchmarkRoundTrip: the same worker and
// frames, written and read by one goroutine, without a pool.
func BenchmarkPipe(b *testing.B) {
	p := benchPool(b, 1)
	l, err := p.open()
	if err != nil {
		b.Fatal(err)
	}
	defer func() { l.child.end(0); p.dismiss(l) }()
	for _, size := range []int{8, 1 << 10, 64 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			one := batch{entries: []entry{{Task: Task{Func: "echo", Body: make([]byte, size)}}}}
			b.ReportAllocs()
			for b.Loop() {
				if err := l.send(&one); err != nil {
					b.Fatal(err)
				}
				if _, _, err := l.in.next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkStart starts a pool of one worker and ends it.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		p, err := Start(context.Background(), Config{Workers: 1})
		if err != nil {
			b.Fatal(err)
		}
		p.Close()
	}
}
