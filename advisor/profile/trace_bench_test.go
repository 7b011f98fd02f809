package profile

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkReadTrace reads one trace of a busy program again and again. It
// records it beforehand, or takes the file that TRACE names. With TRACE and
// TRACE_MB the file is written if it is not there, so that memory is measured
// without the recording:
//
//	go test -c -o t ./advisor/profile
//	TRACE=big.trace TRACE_MB=200 ./t -test.run '^$' -test.bench ReadTrace -test.benchtime 1x
//	TRACE=big.trace /usr/bin/time -v ./t -test.run '^$' -test.bench ReadTrace -test.benchtime 1x
func BenchmarkReadTrace(b *testing.B) {
	file := os.Getenv("TRACE")
	if file == "" {
		file = b.TempDir() + "/busy.trace"
	}
	info, err := os.Stat(file)
	if err != nil {
		recordBusy(b, file)
		if info, err = os.Stat(file); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		f, err := os.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		src, err := readTrace(context.Background(), f, file, NewBuilder(), Options{})
		f.Close()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(src.Stacks)), "stacks")
	}
}

// recordBusy records goroutines that begin and end, channel hops and round trips
// over TCP, at many depths, until the trace has TRACE_MB megabytes (8).
func recordBusy(b *testing.B, file string) {
	mb, err := strconv.Atoi(os.Getenv("TRACE_MB"))
	if err != nil {
		mb = 8
	}
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var written counter
	if err := pprof.StartCPUProfile(io.Discard); err != nil {
		b.Fatal(err)
	}
	defer pprof.StopCPUProfile()
	if err := trace.Start(io.MultiWriter(f, &written)); err != nil {
		b.Fatal(err)
	}
	defer trace.Stop()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() { deeper(i, func() { hop(stop) }) })
		wg.Go(func() { deeper(i, func() { roundTrips(b, stop) }) })
	}
	for i := 0; written.Load() < int64(mb)<<20; i++ {
		deeper(i%64, func() { spawn(100) })
	}
	close(stop)
	wg.Wait()
}

// sink keeps results alive.
var sink atomic.Uint64

type counter struct{ atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.Add(int64(len(p)))
	return len(p), nil
}

// deeper calls f through two functions in an order that n decides.
func deeper(n int, f func()) {
	switch {
	case n == 0:
		f()
	case n%2 == 0:
		deeper(n/2, f)
	default:
		odd(n, f)
	}
}

func odd(n int, f func()) { deeper(n-1, f) }

func spawn(n int) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { _ = fmt.Sprint(i) })
	}
	wg.Wait()
}

func hop(stop chan struct{}) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
	}()
	defer close(ping)
	for {
		select {
		case <-stop:
			return
		default:
			ping <- 1
			<-pong
		}
	}
}

func roundTrips(b *testing.B, stop chan struct{}) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		b.Error(err)
		return
	}
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			io.Copy(c, c)
			c.Close()
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Error(err)
		return
	}
	defer c.Close()
	buf := make([]byte, 64)
	for {
		select {
		case <-stop:
			return
		default:
			if _, err := c.Write(buf); err != nil {
				return
			}
			if _, err := io.ReadFull(c, buf); err != nil {
				return
			}
		}
	}
}
