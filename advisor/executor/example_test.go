package executor_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing/fstest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// The executor is chosen from the first 64 items; results come in the order of
// the input.
func ExampleMap() {
	words := []string{"so", "many", "words"}
	upper := func(_ context.Context, s string) (string, error) { return strings.ToUpper(s), nil }
	out, err := executor.Map(context.Background(), words, upper)
	fmt.Println(out, err)
	// Output: [SO MANY WORDS] <nil>
}

// The first error cancels the rest.
func ExampleForEach() {
	err := executor.ForEach(context.Background(), []int{1, 2, 0, 4}, func(_ context.Context, n int) error {
		if n == 0 {
			return errors.New("zero")
		}
		return nil
	})
	var item *executor.ItemError
	fmt.Println(errors.As(err, &item), item.Index, err)
	// Output: true 2 item 2: zero
}

// Stream yields every item's result or error, and reads no more of the input
// than the window.
func ExampleStream() {
	endless := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	invert := func(_ context.Context, n int) (float64, error) { return 1 / float64(100%(n+1)), nil }
	for r := range executor.Stream(context.Background(), endless, invert, executor.Options{Window: 16}) {
		if r.Index == 3 {
			break // cancels what runs, waits for it, leaves nothing behind
		}
		fmt.Println(r.In, r.Value, r.Err)
	}
	// Output:
	// 0 +Inf <nil>
	// 1 +Inf <nil>
	// 2 1 <nil>
}

// A panic is the error of its item.
func ExampleStream_panic() {
	index := func(_ context.Context, i int) (int, error) { return []int{10, 20}[i], nil }
	for r := range executor.Stream(context.Background(), []int{1, 2}, index) {
		var p *executor.PanicError
		if errors.As(r.Err, &p) {
			fmt.Println(p.Value, len(p.Stack) > 0)
			continue
		}
		fmt.Println(r.Value)
	}
	// Output:
	// 20
	// runtime error: index out of range [2] with length 2 true
}

// Serial runs in the caller's goroutine: for debugging, and to compare with.
func ExampleOptions_serial() {
	sum := 0 // needs no lock
	executor.ForEach(context.Background(), []int{1, 2, 3}, func(_ context.Context, n int) error {
		sum += n
		return nil
	}, executor.Options{Executor: executor.Serial})
	fmt.Println(sum)
	// Output: 6
}

// The cpu executor runs a worker per core; cheap items travel in chunks.
func ExampleOptions_cpu() {
	hash := func(_ context.Context, s string) (string, error) {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(s)))[:8], nil
	}
	out, err := executor.Map(context.Background(), []string{"a", "b"}, hash, executor.Options{Executor: executor.CPU})
	fmt.Println(out, err)
	// Output: [ca978112 3e23e816] <nil>
}

// tooMany is the answer of a server that names the seconds to wait.
type tooMany string

func (e tooMany) Error() string { return "too many requests" }

// RetryAfter holds up all attempts of the run, this item's next one included.
func (e tooMany) RetryAfter() time.Duration {
	d, _ := time.ParseDuration(string(e) + "s")
	return d
}

// The io executor finds out how many requests in flight the other side is
// worth, retries what fails, and waits when it is told to.
func ExampleOptions_io() {
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		}
		fmt.Fprint(w, len(r.URL.Path))
	}))
	defer server.Close()
	size := func(ctx context.Context, path string) (int64, error) {
		req, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
		if err != nil {
			return 0, err
		}
		resp, err := server.Client().Do(req)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusTooManyRequests {
			return 0, tooMany(resp.Header.Get("Retry-After"))
		}
		return resp.ContentLength, nil
	}
	run := executor.Start(context.Background(), []string{"/a", "/bb"}, size, executor.Options{
		Executor: executor.IO,
		Retry:    executor.Retry{Attempts: 3, Backoff: 50 * time.Millisecond}, // 50 ms, 100 ms, …, jittered
		Limits:   executor.Limits{Soft: 5 * time.Second},                      // deadline of ctx for each attempt
		Rate:     executor.Rate{PerSecond: 500, Burst: 10},                    // starts
	})
	out, err := run.Collect()
	fmt.Println(out, err, run.Snapshot().Executor, run.Snapshot().Retries)
	// Output: [1 1] <nil> io 1
}

// thumbnail runs in worker processes, which know it like the parent.
var thumbnail = executor.Func("thumbnail", func(_ context.Context, path string) ([]byte, error) {
	if path == "bomb.png" {
		os.Exit(2) // or a crash in C, or the kernel's answer to too much memory
	}
	return []byte("small " + path), nil
})

// With the process executor, a crash costs the item that crashes. The program
// calls executor.ServeWorker first thing in main.
func ExampleFunction() {
	pictures := slices.Values([]string{"a.png", "bomb.png", "c.png"})
	for r := range thumbnail.Stream(context.Background(), pictures, executor.Options{
		Limits:    executor.Limits{Hard: time.Minute}, // the process is killed then
		Processes: executor.Processes{MaxTasks: 1000, MaxRSS: 1 << 30, Deaths: 1},
	}) {
		var died *executor.DeathError
		fmt.Println(r.In, string(r.Value), errors.As(r.Err, &died))
	}
	// Output:
	// a.png small a.png false
	// bomb.png  true
	// c.png small c.png false
}

// A state for each worker: opened when it starts, closed when it ends.
func ExamplePerWorker() {
	open := func(context.Context) (*bytes.Buffer, error) { return new(bytes.Buffer), nil }
	quote := executor.PerWorker(open, func(_ context.Context, b *bytes.Buffer, s string) (int, error) {
		b.Reset() // nobody else uses it now
		fmt.Fprintf(b, "%q", s)
		return b.Len(), nil
	})
	out, err := executor.Map(context.Background(), []string{"a", "\n\n"}, quote)
	fmt.Println(out, err)
	// Output: [3 6] <nil>
}

// What the advisor knows is a ceiling and a hint.
func ExampleRecommendation() {
	run := executor.Start(context.Background(), make([]int, 100), func(context.Context, int) (int, error) {
		time.Sleep(2 * time.Millisecond)
		return 0, nil
	}, executor.Options{
		Advice: executor.Recommendation{Executor: executor.IO, Max: 40, Reason: "waits for a socket"},
	})
	run.Wait()
	stats := run.Snapshot()
	fmt.Println(stats.Executor, stats.Size <= 40)
	fmt.Println(strings.Contains(stats.Reason, "wait/CPU")) // it says why
	// Output:
	// io true
	// true
}

// What "concurlint advise -format json" printed of a program that starts a goroutine
// for each thing to load bounds how many are loaded at a time.
func ExampleReadAdvice() {
	file, err := os.Open("testdata/advice.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	advice, err := executor.ReadAdvice(file, "example.com/app/store.Load")
	fmt.Println(advice.Executor, advice.Max, err)
	fmt.Println(advice.Reason)

	var now, most atomic.Int64
	load := func(context.Context, int) error {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		now.Add(-1)
		return nil
	}
	err = executor.ForEach(context.Background(), make([]int, 500), load, executor.Options{Advice: advice})
	fmt.Println(most.Load() > 1, most.Load() <= int64(advice.Max), err)
	// Output:
	// io 70 <nil>
	// bound it: 69 to 70 in flight; store/store.go:35 in Each, whose tasks spend 100 % of their time in it, by execution trace with CPU samples
	// true true <nil>
}

// Range is the parallel for loop.
func ExampleRange() {
	squares := make([]int, 6)
	err := executor.Range(context.Background(), len(squares), func(i int) { squares[i] = i * i })
	fmt.Println(squares, err)
	// Output: [0 1 4 9 16 25] <nil>
}

// Pool runs closures that are made as the program goes.
func ExamplePool() {
	pool := executor.NewPool(context.Background(), 0)
	sizes := make([]int, 3)
	for i, s := range []string{"a", "bb", "ccc"} {
		pool.Go(func() error { sizes[i] = len(s); return nil })
	}
	fmt.Println(pool.Wait(), sizes)
	// Output: <nil> [1 2 3]
}

// Each stage has an executor of its own. The queues between them are bounded,
// and the occupancy tells which stage holds up the others.
func ExamplePipeline() {
	files := fstest.MapFS{"a": {Data: []byte("one two")}, "b": {Data: []byte("three")}}
	read := func(_ context.Context, name string) ([]byte, error) { return fs.ReadFile(files, name) }
	words := func(_ context.Context, text []byte) (int, error) { return len(bytes.Fields(text)), nil }

	reading := executor.Stage("read", read, executor.Options{Executor: executor.IO})
	counting := executor.Then(reading, "count", words, executor.Options{Executor: executor.CPU})
	names := slices.Values(slices.Sorted(maps.Keys(files)))
	run := executor.Through(context.Background(), names, counting)
	for r := range run.Results() {
		fmt.Println(r.In, r.Value, r.Err)
	}
	for _, s := range run.Stages() {
		fmt.Println(s.Name, s.Executor, s.Done, s.Occupancy <= 1)
	}
	// Output:
	// a 2 <nil>
	// b 1 <nil>
	// read io 2 true
	// count cpu 2 true
}

// A loop owns what its callbacks share. Its watchdog shows the stack of the
// callback that holds it up.
func ExampleLoop() {
	slow := make(chan string, 1)
	loop := executor.Loop{
		Threshold: 20 * time.Millisecond,
		Slow:      func(s executor.SlowCallback) { slow <- string(s.Stack) },
	}
	open := map[string]bool{} // touched by the loop alone
	loop.Post(func() { open["a"] = true })
	loop.After(time.Millisecond, func() {
		fmt.Println(len(open), "open")
		fmt.Println("reported while it runs:", strings.Contains(<-slow, "ExampleLoop"))
		loop.Stop()
	})
	fmt.Println(loop.Run(context.Background()))
	// Output:
	// 1 open
	// reported while it runs: true
	// <nil>
}

// Progress shows a run while it goes on.
func ExampleRun_Progress() {
	hash := func(_ context.Context, path string) ([32]byte, error) {
		text, err := os.ReadFile(path)
		return sha256.Sum256(text), err
	}
	paths, _ := filepath.Glob("example_test.go")
	run := executor.Start(context.Background(), paths, hash)
	run.Progress(time.Minute, func(s executor.Snapshot) {
		fmt.Printf("%d of %d read, %d in flight, %d failed\n", s.Done, s.Read, s.InFlight, s.Failures)
	})
	run.Wait()
	// Output: 1 of 1 read, 0 in flight, 0 failed
}
