package executor_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// The functions of these examples.
var (
	ctx   = context.Background()
	items = slices.Values([]int{3, 1, 2})
	load  = func(_ context.Context, n int) (string, error) { return strings.Repeat("x", n), nil }
	check = func(_ context.Context, n int) (int, error) {
		if n == 1 {
			return 0, errors.New("one")
		}
		return n, nil
	}
	report = func(p executor.Snapshot) { fmt.Println(p.Done, "done") }
)

var square = executor.Func("square", func(_ context.Context, n int) (int, error) { return n * n, nil })

func Example_threading() {
	var threads sync.WaitGroup // a goroutine is cheap enough to be had without a pool
	threads.Go(func() { fmt.Println("in a thread") })
	threads.Wait()

	var local = executor.PerWorker(
		func(context.Context) (map[int]int, error) { return map[int]int{}, nil },
		func(_ context.Context, cache map[int]int, n int) (int, error) { cache[n]++; return cache[n], nil },
	)
	counts, err := executor.Map(ctx, items, local, executor.Options{Size: 4})
	fmt.Println(counts, err)
	// Output:
	// in a thread
	// [1 1 1] <nil>
}

func Example_threadPoolExecutor() {
	texts, err := executor.Map(ctx, items, load, executor.Options{Executor: executor.IO, Size: 8})
	fmt.Println(texts, err)
	// Output: [xxx x xx] <nil>
}

func Example_submit() {
	pool := executor.NewPool(ctx, 8)
	var answer int
	pool.Go(func() error { answer = 6 * 7; return nil })
	err := pool.Wait()
	fmt.Println(answer, err)
	// Output: 42 <nil>
}

func Example_asCompleted() {
	for r := range executor.Stream(ctx, items, check, executor.Options{Unordered: true, Size: 1}) {
		if r.Err != nil {
			fmt.Println(r.In, "failed:", r.Err)
			continue
		}
		fmt.Println(r.In, r.Value)
	}
	// Unordered output:
	// 3 3
	// 1 failed: one
	// 2 2
}

func Example_waitFirstCompleted() {
	for r := range executor.Stream(ctx, items, load, executor.Options{Unordered: true}) {
		fmt.Println(r.Err)
		break // cancels the others
	}
	// Output: <nil>
}

func Example_waitFirstException() {
	_, err := executor.Map(ctx, items, check)
	fmt.Println(err)
	// Output: item 1: one
}

func Example_processPoolExecutor() {
	squares, err := square.Map(ctx, items, executor.Options{
		Size:      2,
		Processes: executor.Processes{MaxTasks: 100},
	})
	fmt.Println(squares, err)
	// Output: [9 1 4] <nil>
}

func Example_multiprocessingImap() {
	for r := range square.Stream(ctx, items) {
		fmt.Println(r.Value, r.Err)
	}
	// Output:
	// 9 <nil>
	// 1 <nil>
	// 4 <nil>
}

func Example_multiprocessingStarmap() {
	type pair struct{ A, B int }
	power := func(_ context.Context, p pair) (int, error) { return p.A * p.B, nil }
	out, err := executor.Map(ctx, slices.Values([]pair{{2, 3}, {4, 5}}), power)
	fmt.Println(out, err)
	// Output: [6 20] <nil>
}

func Example_queue() {
	measure := func(_ context.Context, s string) (int, error) { return len(s), nil }
	produce := executor.Stage("produce", load, executor.Options{Executor: executor.IO, Window: 10})
	consume := executor.Then(produce, "consume", measure, executor.Options{Executor: executor.CPU})
	sizes, err := consume.Map(ctx, items)
	fmt.Println(sizes, err)
	// Output: [3 1 2] <nil>
}

func Example_joblibParallel() {
	run := executor.Start(ctx, items, load, executor.Options{
		Size:   runtime.NumCPU(),                   // n_jobs=-1
		Window: 100,                                // pre_dispatch=100
		Limits: executor.Limits{Hard: time.Minute}, // timeout=60
	})
	run.Progress(time.Minute, report) // verbose=10
	out, err := run.Collect()
	fmt.Println(out, err)
	// Output:
	// 3 done
	// [xxx x xx] <nil>
}

func Example_joblibGenerator() {
	for r := range executor.Stream(ctx, items, load) {
		fmt.Println(r.Value)
	}
	// Output:
	// xxx
	// x
	// xx
}

func Example_asyncioGather() {
	texts, err := executor.Map(ctx, items, load, executor.Options{Executor: executor.IO, Limits: executor.Limits{Soft: time.Second}})
	fmt.Println(texts, err)
	// Output: [xxx x xx] <nil>
}

func Example_asyncioTimeout() {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	wait := func(ctx context.Context, _ int) error { <-ctx.Done(); return ctx.Err() }
	err := executor.ForEach(ctx, items, wait)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func Example_asyncioLoop() {
	loop := executor.Loop{
		Threshold: 100 * time.Millisecond, // loop.slow_callback_duration
		Slow:      func(s executor.SlowCallback) { fmt.Println(s) },
	}
	loop.Post(func() { fmt.Println("soon") })                     // loop.call_soon, and call_soon_threadsafe
	loop.After(time.Millisecond, func() { fmt.Println("later") }) // loop.call_later
	loop.After(2*time.Millisecond, loop.Stop)
	err := loop.Run(ctx) // loop.run_forever
	fmt.Println(err)
	// Output:
	// soon
	// later
	// <nil>
}

// TestPythonPage checks that each Go block of the page is a part of this file,
// that the examples it names exist, and that it names them all.
func TestPythonPage(t *testing.T) {
	page, err := os.ReadFile("python.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("python_test.go")
	if err != nil {
		t.Fatal(err)
	}
	squeeze := regexp.MustCompile(`\s+`)
	code := squeeze.ReplaceAllString(string(source), " ")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	for _, b := range blocks {
		if !strings.Contains(code, strings.TrimSpace(squeeze.ReplaceAllString(b[1], " "))) {
			t.Errorf("not in python_test.go:\n%s", b[1])
		}
	}
	names := regexp.MustCompile(`Example_\w+`)
	named := names.FindAllString(string(page), -1)
	for _, f := range regexp.MustCompile(`func (Example_\w+)`).FindAllStringSubmatch(string(source), -1) {
		if !slices.Contains(named, f[1]) {
			t.Errorf("%s is not on the page", f[1])
		}
	}
	for _, n := range named {
		if !strings.Contains(string(source), "func "+n+"()") {
			t.Errorf("%s does not exist", n)
		}
	}
	if len(blocks) < 8 {
		t.Errorf("%d blocks", len(blocks))
	}
}
