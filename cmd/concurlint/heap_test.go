package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestRoomyStart holds that the room is for the start alone: a process that needs
// more memory is no larger for it.
func TestRoomyStart(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	roomyStart()
	percent := debug.SetGCPercent(100)
	if want := 100 * firstHeap / leastHeap; percent != want {
		t.Fatalf("starts with %d %%, want %d", percent, want)
	}
	debug.SetGCPercent(percent)
	for range 1000 { // until the finalizer has run
		runtime.GC()
		runtime.Gosched()
		if percent = debug.SetGCPercent(percent); percent == 100 {
			return
		}
	}
	t.Errorf("after collections: %d %%, want 100", percent)
}

func TestRoomyStartHoldsBack(t *testing.T) {
	before := debug.SetGCPercent(70)
	defer debug.SetGCPercent(before)
	t.Setenv("GOMEMLIMIT", "1GiB")
	roomyStart()
	if percent := debug.SetGCPercent(70); percent != 70 {
		t.Errorf("%d %% where the user has set a limit, want 70", percent)
	}
}
