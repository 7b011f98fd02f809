package executor

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// TestRing lets several goroutines put and take at once through few places:
// every task comes out once, and those of one goroutine in their order.
func TestRing(t *testing.T) {
	const each, sides = 20_000, 3
	r := newRing(5)
	if len(r.places) != 8 || r.half() != 4 {
		t.Fatalf("%d places for 5", len(r.places))
	}
	var next [sides]int64 // by side, the task that is due
	var out atomic.Int64
	var all sync.WaitGroup
	for side := range sides {
		all.Go(func() {
			for i := range int64(each) {
				task := func() error {
					if next[side] != i {
						t.Errorf("task %d came when %d was due", i, next[side])
					}
					next[side]++
					return nil
				}
				for !r.put(task) {
					runtime.Gosched()
				}
			}
		})
	}
	var turn sync.Mutex // take and run are one step, so that the order shows
	for range sides {
		all.Go(func() {
			for out.Load() < sides*each {
				turn.Lock()
				if task := r.take(); task != nil {
					task()
					out.Add(1)
				}
				turn.Unlock()
				runtime.Gosched()
			}
		})
	}
	all.Wait()
	if r.take() != nil || !r.empty() || r.len() != 0 || r.count() != sides*each {
		t.Errorf("%d left of %d", r.len(), r.count())
	}
}

// TestRingFull holds the bound, and that what was taken is not kept alive.
func TestRingFull(t *testing.T) {
	r := newRing(4)
	for range 3 { // rounds
		for range 4 {
			if !r.put(func() error { return nil }) {
				t.Fatal("no room")
			}
		}
		if r.put(func() error { return nil }) || r.len() != 4 {
			t.Errorf("a fifth task in 4 places, %d", r.len())
		}
		for range 4 {
			if r.take() == nil {
				t.Fatal("lost")
			}
		}
		if r.take() != nil {
			t.Error("a task too many")
		}
	}
	for i := range r.places {
		if r.places[i].task != nil {
			t.Errorf("place %d keeps its task", i)
		}
	}
}
