//go:build unix

package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// workload is a job of one to four seconds at its best size.
type workload struct {
	name    string
	items   int
	options executor.Options
	open    func() (do func(context.Context, int) error, done func(), err error)
}

var workloads = []workload{
	{name: "spin", items: 3000, open: plain(func(int) { spin(time.Millisecond) })},
	{name: "hash", items: 2000, open: hashing},
	{name: "alloc", items: 6000, open: plain(func(int) { allocate() })},
	{name: "mutex", items: 5000, open: mutex},
	{name: "sleep", items: 200_000, open: plain(func(int) { time.Sleep(10 * time.Millisecond) })},
	{name: "tail", items: 16_000, open: plain(tail)},
	{name: "bimodal", items: 24_000, open: plain(bimodal)},
	{name: "phases", items: 60_000, open: plain(phases)},
	{name: "syscall", items: 50_000, open: plain(func(int) { block(15 * time.Millisecond) })},
	{name: "pipe", items: 50_000, open: pipes},
	{name: "fsync", items: 6000, open: fsync},
	{name: "flock", items: 1500, open: flock},
	{name: "http", items: 20_000, open: serve(func(w http.ResponseWriter) { time.Sleep(20 * time.Millisecond) })},
	{name: "capped", items: 3000, open: capped},
	{name: "degrading", items: 4000, open: degrading},
	{name: "429", items: 2500, open: tooMany, options: executor.Options{Retry: executor.Retry{Attempts: 100, Backoff: 20 * time.Millisecond}}},
}

// plain makes a workload of a function that cannot fail.
func plain(f func(int)) func() (func(context.Context, int) error, func(), error) {
	return func() (func(context.Context, int) error, func(), error) {
		return func(_ context.Context, i int) error { f(i); return nil }, func() {}, nil
	}
}

var rounds = sync.OnceValue(func() float64 { // of spin in a nanosecond
	const n = 2_000_000
	fastest := 0.0 // what is slower was interrupted
	for range 20 {
		began := time.Now()
		churn(n)
		fastest = max(fastest, n/float64(time.Since(began)))
	}
	return fastest
})

//go:noinline
func churn(n int) uint64 {
	x := uint64(n)
	for range n {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}

// spin computes for about d of CPU time.
func spin(d time.Duration) { churn(int(rounds() * float64(d))) }

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return nil
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

var kept atomic.Pointer[tree]

func allocate() { kept.Store(grow(13)) }

// tail waits log-normally around 5 ms: the mean is 13 ms, the longest a second.
func tail(i int) {
	r := rand.New(rand.NewPCG(7, uint64(i)))
	time.Sleep(min(time.Second, time.Duration(5e6*math.Exp(1.4*r.NormFloat64()))))
}

// bimodal is a cache with nine hits in ten.
func bimodal(i int) {
	if i%10 == 3 {
		time.Sleep(60 * time.Millisecond)
		return
	}
	spin(100 * time.Microsecond)
}

// phases computes first and waits then.
func phases(i int) {
	if i < 2000 {
		spin(time.Millisecond)
		return
	}
	time.Sleep(40 * time.Millisecond)
}

// block holds a thread in the kernel.
func block(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	for syscall.Nanosleep(&t, &t) == syscall.EINTR {
	}
}

func mutex() (func(context.Context, int) error, func(), error) {
	var mu sync.Mutex
	return func(context.Context, int) error {
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		spin(500 * time.Microsecond)
		return nil
	}, func() {}, nil
}

func hashing() (func(context.Context, int) error, func(), error) {
	dir, err := os.MkdirTemp("", "twin")
	if err != nil {
		return nil, nil, err
	}
	content := make([]byte, 512<<10)
	for i := range 16 {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)), content, 0o600); err != nil {
			return nil, nil, err
		}
	}
	return func(_ context.Context, i int) error {
		f, err := os.Open(filepath.Join(dir, strconv.Itoa(i%16)))
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(sha256.New(), f)
		return err
	}, func() { os.RemoveAll(dir) }, nil
}

// pipes reads from pipes that answer after 10 ms, in blocking calls.
func pipes() (func(context.Context, int) error, func(), error) {
	return func(context.Context, int) error {
		var p [2]int
		if err := syscall.Pipe(p[:]); err != nil {
			return err
		}
		defer syscall.Close(p[0])
		defer syscall.Close(p[1])
		time.AfterFunc(10*time.Millisecond, func() { syscall.Write(p[1], []byte{1}) })
		var b [1]byte
		_, err := syscall.Read(p[0], b[:])
		return err
	}, func() {}, nil
}

func fsync() (func(context.Context, int) error, func(), error) {
	dir, err := os.MkdirTemp("", "twin")
	if err != nil {
		return nil, nil, err
	}
	syscall.Sync() // what the run before has left to be written
	block := make([]byte, 4096)
	return func(_ context.Context, i int) error {
		f, err := os.Create(filepath.Join(dir, strconv.Itoa(i)))
		if err != nil {
			return err
		}
		defer f.Close()
		if _, err := f.Write(block); err != nil {
			return err
		}
		return f.Sync()
	}, func() { os.RemoveAll(dir) }, nil
}

// flock is a database file with one writer at a time.
func flock() (func(context.Context, int) error, func(), error) {
	f, err := os.CreateTemp("", "twin")
	if err != nil {
		return nil, nil, err
	}
	return func(context.Context, int) error {
		time.Sleep(4 * time.Millisecond)
		own, err := os.OpenFile(f.Name(), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer own.Close()
		if err := syscall.Flock(int(own.Fd()), syscall.LOCK_EX); err != nil {
			return err
		}
		block(500 * time.Microsecond)
		_, err = own.WriteAt([]byte("row"), 0)
		return err
	}, func() { f.Close(); os.Remove(f.Name()) }, nil
}

// serve makes a workload of a handler; an answer other than 200 is an error.
func serve(handle func(http.ResponseWriter)) func() (func(context.Context, int) error, func(), error) {
	return func() (func(context.Context, int) error, func(), error) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { handle(w) }))
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1 << 12}}
		return func(ctx context.Context, _ int) error {
				req, err := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
				if err != nil {
					return err
				}
				resp, err := client.Do(req)
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				if _, err := io.Copy(io.Discard, resp.Body); err != nil {
					return err
				}
				if resp.StatusCode != http.StatusOK {
					return refused(resp.StatusCode)
				}
				return nil
			}, func() {
				client.CloseIdleConnections()
				server.Close()
			}, nil
	}
}

type refused int

func (r refused) Error() string { return fmt.Sprintf("status %d", int(r)) }

// capped serves 16 at a time.
func capped() (func(context.Context, int) error, func(), error) {
	seats := make(chan bool, 16)
	return serve(func(http.ResponseWriter) {
		seats <- true
		time.Sleep(10 * time.Millisecond)
		<-seats
	})()
}

// degrading slows down by the square of its load, to a second at 400.
func degrading() (func(context.Context, int) error, func(), error) {
	var load atomic.Int64
	return serve(func(http.ResponseWriter) {
		n := float64(load.Add(1)) / 40
		time.Sleep(min(time.Second, time.Duration(10e6*(1+n*n))))
		load.Add(-1)
	})()
}

// tooMany serves 24 at a time and refuses the others, which costs it too.
func tooMany() (func(context.Context, int) error, func(), error) {
	var load atomic.Int64
	return serve(func(w http.ResponseWriter) {
		defer load.Add(-1)
		if load.Add(1) > 24 {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		time.Sleep(15 * time.Millisecond)
	})()
}
