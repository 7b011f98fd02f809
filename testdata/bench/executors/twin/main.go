//go:build unix

// Command twin is the live counterpart of the simulated oracle: real work on
// this machine, on the io executor, once at each fixed size of a geometric
// sweep and then under the controller. It prints
//
//	T(best fixed size) ÷ T(controller)
//
// for each workload, learning included, with their geometric mean and the
// worst. Sizes that are slower than the best so far are broken off. The best
// size and the controller then run three times more in turn, and these runs
// count, so that the choice of the luckiest size does not. The mean is printed
// twice: as it is, and with ratios above 1 counted as 1, which noise can only
// lower. The last column is the part of the cores that other processes had.
//
// The jobs are short, and finding a size is a matter of some latencies whatever
// the length of a job: with -scale each is so many times as long, which tells that
// price from the one of a wrong size, as only the latter is longer too.
//
//	go run ./twin                     # about eight minutes
//	go run ./twin -only 'http|fsync' -v
//	go run ./twin -scale 5
package main

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"math"
	"os"
	"regexp"
	"runtime"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// sizes begin where most workloads do well, so that the others break off soon.
var sizes = []int{512, 32, 1024, 128, 8, 2048, 256, 64, 16, 4, 2}

// pairs is how often the best size and the controller run in turn.
const pairs = 3

// longest is when even the first size breaks off.
const longest = 15 * time.Second

func main() {
	only := flag.String("only", "", "run the workloads whose name matches the `pattern`")
	verbose := flag.Bool("v", false, "print every run, and the sizes that the controller tried")
	scale := flag.Int("scale", 1, "jobs `N` times as long")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "twin:", err)
		os.Exit(2)
	}
	began := time.Now()
	sum, capped, worst, n := 0.0, 0.0, math.Inf(1), 0
	fmt.Printf("%-10s %6s %10s %10s %7s %6s %6s\n", "workload", "best", "T(best)", "T(io)", "ratio", "size", "others")
	for _, w := range workloads {
		if !pattern.MatchString(w.name) {
			continue
		}
		w.items *= *scale
		ratio, err := judge(w, time.Duration(*scale)*longest, *verbose)
		if err != nil {
			fmt.Fprintf(os.Stderr, "twin: %s: %v\n", w.name, err)
			os.Exit(1)
		}
		sum += math.Log(ratio)
		capped += min(0, math.Log(ratio))
		worst = min(worst, ratio)
		n++
	}
	fmt.Printf("%d workloads, geometric mean %.3f, %.3f with none above 1, worst %.3f, %.0f s in all\n",
		n, math.Exp(sum/float64(n)), math.Exp(capped/float64(n)), worst, time.Since(began).Seconds())
}

// judge runs one workload and returns T(best) ÷ T(controller).
func judge(w workload, limit time.Duration, verbose bool) (float64, error) {
	best, least := sizes[0], limit
	for _, size := range sizes {
		o, err := run(w, size, least)
		if err != nil {
			return 0, err
		}
		if verbose {
			fmt.Printf("  size %4d: %v\n", size, o.took)
		}
		if o.took < least {
			best, least = size, o.took
		}
	}
	var total [2]outcome // of the best size, of the controller
	for range pairs {
		for i, size := range []int{best, 0} {
			o, err := run(w, size, math.MaxInt64)
			if err != nil {
				return 0, err
			}
			if verbose {
				fmt.Printf("  size %4d: %v, %v of CPU, others %.0f %%\n", size, o.took, o.last.CPU, 100*o.share())
			}
			total[i] = outcome{total[i].took + o.took, total[i].others + o.others, o.last}
		}
	}
	fixed, adaptive, last := total[0].took.Seconds(), total[1].took.Seconds(), total[1].last
	both := outcome{took: total[0].took + total[1].took, others: total[0].others + total[1].others}
	ratio := fixed / adaptive
	fmt.Printf("%-10s %6d %9.2fs %9.2fs %7.3f %6d %5.0f%%  %s\n", w.name, best, fixed/pairs, adaptive/pairs, ratio, last.Size, 100*both.share(), last.Reason)
	if verbose {
		for _, t := range last.Trials {
			fmt.Printf("    %+v\n", t)
		}
	}
	return ratio, nil
}

// outcome is what came of one run.
type outcome struct {
	took   time.Duration
	others time.Duration // for which cores worked for other processes meanwhile; 0 where that is not told
	last   executor.Snapshot
}

// share is the part of the cores that other processes had. A ratio says little
// where that is more than a few per cent.
func (o outcome) share() float64 {
	return o.others.Seconds() / o.took.Seconds() / float64(runtime.NumCPU())
}

// run returns how w goes at a size, 0 being that of the controller. It takes no
// longer than limit.
func run(w workload, size int, limit time.Duration) (outcome, error) {
	do, done, err := w.open()
	if err != nil {
		return outcome{}, err
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
	began, worked := time.Now(), machine()
	none := func(ctx context.Context, i int) (struct{}, error) { return struct{}{}, do(ctx, i) }
	run := executor.Start(ctx, iter.Seq[int](count), none, o)
	err = run.Wait()
	r := outcome{took: time.Since(began), last: run.Snapshot()}
	r.others = max(0, machine()-worked-r.last.CPU)
	if ctx.Err() != nil {
		r.took = limit
		return r, nil
	}
	return r, err
}

// machine returns for how long the cores have worked so far, for whatever process
// or another guest, or 0 where the kernel does not tell.
func machine() time.Duration {
	const tick = 10 * time.Millisecond // USER_HZ
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	var user, nice, system, idle, iowait, irq, softirq, steal time.Duration
	if _, err := fmt.Sscanf(string(text), "cpu %d %d %d %d %d %d %d %d", &user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal); err != nil {
		return 0
	}
	return tick * (user + nice + system + irq + softirq + steal)
}
