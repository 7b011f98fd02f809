package workloads

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

var sink atomic.Uint64

// Calibrated is how many rounds of spin take a microsecond.
var calibrated = sync.OnceValue(func() int {
	best := time.Hour
	for range 20 {
		begin := time.Now()
		rounds(20000)
		best = min(best, time.Since(begin))
	}
	return max(1, int(20000*time.Microsecond/best))
})

func rounds(n int) {
	x := uint64(n) | 1
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	sink.Store(x)
}

// spin computes for so many microseconds of a core to itself: a fixed amount of
// work, not a deadline, so that it takes longer where cores are short.
func spin(us int) { rounds(us * calibrated()) }

// Cores computes.
func Cores(n int) {
	pool := newPool(1) // limit Cores
	for range n {
		pool.submit(func() { spin(200) }) // site Cores
	}
	pool.wait()
}

// Tiny computes so little that handing over is most of it.
func Tiny(n int) {
	pool := newPool(64) // limit Tiny
	for range n {
		pool.submit(func() { spin(1) }) // site Tiny
	}
	pool.wait()
}

// Mixed waits and computes.
func Mixed(n int) {
	pool := newPool(2) // limit Mixed
	for range n {
		pool.submit(func() { // site Mixed
			time.Sleep(2 * time.Millisecond)
			spin(300)
		})
	}
	pool.wait()
}

// Lock waits, and computes under one lock.
func Lock(n int) {
	var mu sync.Mutex
	pool := newPool(2) // limit Lock
	for range n {
		pool.submit(func() { // site Lock
			time.Sleep(2 * time.Millisecond)
			mu.Lock()
			spin(100)
			mu.Unlock()
		})
	}
	pool.wait()
}

// Pipeline has workers that wait before a single consumer that computes.
func Pipeline(n int) {
	in, out := make(chan int), make(chan int, 16)
	var wg sync.WaitGroup
	for range 2 { // limit Pipeline
		wg.Add(1)
		go func() { // site Pipeline
			defer wg.Done()
			for i := range in {
				time.Sleep(time.Millisecond)
				out <- i
			}
		}()
	}
	go func() {
		for i := range n {
			in <- i
		}
		close(in)
		wg.Wait()
		close(out)
	}()
	for range out {
		spin(50)
	}
}

// Alloc keeps the collector busy.
func Alloc(n int) {
	pool := newPool(64) // limit Alloc
	for range n {
		pool.submit(func() { // site Alloc
			var pieces [][]byte
			for i := range 256 {
				p := make([]byte, 4096)
				p[i] = 1
				pieces = append(pieces, p)
			}
			sink.Store(uint64(len(pieces)))
		})
	}
	pool.wait()
}

// Memory walks through 8 MB of its own at random.
func Memory(n int) {
	buffers := sync.Pool{New: func() any { b := make([]uint64, 1<<20); return &b }}
	pool := newPool(32) // limit Memory
	for i := range n {
		pool.submit(func() { // site Memory
			b := *buffers.Get().(*[]uint64)
			r := rand.New(rand.NewPCG(1, uint64(i)))
			sum := uint64(0)
			for range 20000 {
				k := r.IntN(len(b))
				b[k]++
				sum += b[k]
			}
			sink.Store(sum)
			buffers.Put(&b)
		})
	}
	pool.wait()
}
