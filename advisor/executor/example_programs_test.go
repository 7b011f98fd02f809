package executor_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// A crawler: a task leads to others, which is what Pool is for. All share one
// bound, and Wait knows when there is nothing left.
func Example_crawler() {
	links := map[string][]string{"/": {"/a", "/b"}, "/a": {"/b", "/c"}, "/b": {"/"}, "/c": nil}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, strings.Join(links[r.URL.Path], "\n"))
	}))
	defer site.Close()

	pool := executor.NewPool(context.Background(), 8)
	var mu sync.Mutex
	seen := map[string]bool{}
	first := func(path string) bool {
		mu.Lock()
		defer mu.Unlock() // before Go, which runs the task itself where the queue is full
		had := seen[path]
		seen[path] = true
		return !had
	}
	var visit func(path string)
	visit = func(path string) {
		if path == "" || !first(path) {
			return
		}
		pool.Go(func() error {
			req, err := http.NewRequestWithContext(pool.Context(), "GET", site.URL+path, nil)
			if err != nil {
				return err
			}
			resp, err := site.Client().Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			lines := bufio.NewScanner(resp.Body)
			for lines.Scan() {
				visit(lines.Text())
			}
			return lines.Err()
		})
	}
	visit("/")
	err := pool.Wait()
	fmt.Println(len(seen), err)
	// Output: 4 <nil>
}

// A batch over an input that may fail, with retries, limits and progress.
func Example_batch() {
	input := lines(strings.NewReader("one\ntwo\nthree\n"))
	load := func(ctx context.Context, line string) (int, error) { return len(line), nil }
	run := executor.Start(context.Background(), input, load, executor.Options{
		Retry:  executor.Retry{Attempts: 3, Backoff: 100 * time.Millisecond},
		Limits: executor.Limits{Soft: 10 * time.Second},
	})
	run.Progress(time.Minute, func(s executor.Snapshot) { fmt.Println(s.Done, "done,", s.Failures, "failed") })
	for r := range run.Results() {
		if r.Err != nil {
			fmt.Println("item", r.Index, r.In, r.Err)
			continue
		}
		fmt.Println(r.In, r.Value)
	}
	// Output:
	// one 3
	// two 3
	// three 5
	// 3 done, 0 failed
}

// A pipeline: each stage on the executor that suits it, and the one that the
// others wait for is known afterwards.
func Example_pipeline() {
	fetch := func(ctx context.Context, id int) (string, error) { return strings.Repeat("word ", id), nil }
	count := func(_ context.Context, text string) (int, error) { return len(strings.Fields(text)), nil }
	p := executor.Then(
		executor.Stage("fetch", fetch, executor.Options{Executor: executor.IO, Window: 100}),
		"count", count, executor.Options{Executor: executor.CPU},
	)
	run := executor.Through(context.Background(), slices.Values([]int{1, 2, 3}), p)
	counts, err := run.Collect()
	fmt.Println(counts, err)
	for _, s := range run.Stages() {
		fmt.Println(s.Name, s.Executor, s.Done)
	}
	// Output:
	// [1 2 3] <nil>
	// fetch io 3
	// count cpu 3
}

// Code that used errgroup moves by this line alone.
func ExampleGroup() {
	g, ctx := executor.WithContext(context.Background()) // was errgroup.WithContext
	g.SetLimit(2)
	results := make([]int, 3)
	for i := range results {
		g.Go(func() error {
			results[i] = i * i
			return ctx.Err()
		})
	}
	fmt.Println(g.Wait(), results)
	// Output: <nil> [0 1 4]
}
