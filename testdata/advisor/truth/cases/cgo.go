package cases

/*
#include <unistd.h>

static unsigned churn(unsigned x, int n) {
	for (int i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
	}
	return x;
}

static void rest(int microseconds) { usleep(microseconds); }
*/
import "C"

import (
	"context"
	"sync"

	"example.com/truth/measure"
)

var (
	churnMeter = measure.New("churn")
	restMeter  = measure.New("rest")
)

// churn computes in C, which the scheduler calls a system call.
//
// truth: task - cpu
func churn(x uint32) uint32 {
	clock := churnMeter.Thread()
	defer clock.Computed()
	return uint32(C.churn(C.unsigned(x), 2_000_000))
}

func cgocompute() (Batch, error) {
	return func(context.Context) error {
		sums := make([]uint32, 40)
		for i := range sums { // truth: site cpu concurrent -
			sums[i] = churn(uint32(i + 1))
		}
		return nil
	}, nil
}

// rest sleeps in C: each takes a thread.
//
// truth: task cgo io
func rest() {
	clock := restMeter.Thread()
	defer clock.Waited()
	C.rest(5000)
}

// cgosleep starts as many threads as there are items.
func cgosleep() (Batch, error) {
	items := make([]int, 100)
	return func(context.Context) error {
		var wg sync.WaitGroup
		for range items {
			wg.Go(rest) // truth: site io bound -; finding fanout confirmed
		}
		wg.Wait()
		return nil
	}, nil
}
