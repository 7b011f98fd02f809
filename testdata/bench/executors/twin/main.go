//go:build unix

// Command twin is the live counterpart of the simulated oracle: real work on
// this machine, on the io executor, once at each fixed size of a geometric
// sweep and then under the controller. It prints
//
//	T(best fixed size) ÷ T(controller)
//
// for each workload, learning included, with their geometric mean and the
// worst. Sizes that are slower than the best so far are broken off. The best
// size and the controller then run twice more in turn, and these runs count,
// so that the choice of the luckiest size does not.
//
//	go run ./twin                     # about ten minutes
//	go run ./twin -only 'http|fsync' -v
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math"
	"os"
	"regexp"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// sizes begin where most workloads do well, so that the others break off soon.
var sizes = []int{32, 128, 8, 512, 2, 64, 16, 256, 4, 1024, 2048}

// longest is when even the first size breaks off.
const longest = 15 * time.Second

func main() {
	only := flag.String("only", "", "run the workloads whose name matches the `pattern`")
	verbose := flag.Bool("v", false, "print every run, and the sizes that the controller tried")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "twin:", err)
		os.Exit(2)
	}
	began := time.Now()
	sum, worst, n := 0.0, math.Inf(1), 0
	fmt.Printf("%-10s %6s %10s %10s %7s %6s\n", "workload", "best", "T(best)", "T(io)", "ratio", "size")
	for _, w := range workloads {
		if !pattern.MatchString(w.name) {
			continue
		}
		ratio, err := judge(w, *verbose)
		if err != nil {
			fmt.Fprintf(os.Stderr, "twin: %s: %v\n", w.name, err)
			os.Exit(1)
		}
		sum += math.Log(ratio)
		worst = min(worst, ratio)
		n++
	}
	fmt.Printf("%d workloads, geometric mean %.3f, worst %.3f, %.0f s in all\n", n, math.Exp(sum/float64(n)), worst, time.Since(began).Seconds())
}

// judge runs one workload and returns T(best) ÷ T(controller).
func judge(w workload, verbose bool) (float64, error) {
	best, least := sizes[0], longest
	for _, size := range sizes {
		took, _, err := run(w, size, least)
		if err != nil {
			return 0, err
		}
		if verbose {
			fmt.Printf("  size %3d: %v\n", size, took)
		}
		if took < least {
			best, least = size, took
		}
	}
	var fixed, adaptive time.Duration
	var last executor.Snapshot
	for range 2 {
		took, _, err := run(w, best, math.MaxInt64)
		if err != nil {
			return 0, err
		}
		fixed += took
		if took, last, err = run(w, 0, math.MaxInt64); err != nil {
			return 0, err
		}
		adaptive += took
	}
	ratio := fixed.Seconds() / adaptive.Seconds()
	fmt.Printf("%-10s %6d %9.2fs %9.2fs %7.3f %6d  %s\n", w.name, best, fixed.Seconds()/2, adaptive.Seconds()/2, ratio, last.Size, last.Reason)
	if verbose {
		for _, t := range last.Trials {
			fmt.Printf("    %+v\n", t)
		}
	}
	return ratio, nil
}

// run returns how long w takes at a size, 0 being that of the controller, or
// limit if it takes longer.
func run(w workload, size int, limit time.Duration) (time.Duration, executor.Snapshot, error) {
	do, done, err := w.open()
	if err != nil {
		return 0, executor.Snapshot{}, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	o := w.options
	o.Executor, o.Size, o.Window = executor.IO, size, 4096
	count := func(yield func(int) bool) {
		for i := range w.items {
			if !yield(i) {
				return
			}
		}
	}
	began := time.Now()
	none := func(ctx context.Context, i int) (struct{}, error) { return struct{}{}, do(ctx, i) }
	run := executor.Start(ctx, iter.Seq[int](count), none, o)
	err = run.Wait()
	took := time.Since(began)
	if ctx.Err() != nil {
		return limit, run.Snapshot(), nil
	}
	var item *executor.ItemError
	if errors.As(err, &item) {
		return 0, run.Snapshot(), err
	}
	return took, run.Snapshot(), err
}
