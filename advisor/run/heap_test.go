package run

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestGCPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 1 << 20: 400, 4 << 20: 300, 8 << 20: 100, 1 << 30: 100} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d bytes live: %d %%, want %d", live, got, want)
		}
	}
}

var garbage []byte

// A small heap is collected a quarter as often as by default; once much lives,
// it may grow to twice that and no further.
func TestRoomyHeap(t *testing.T) {
	if os.Getenv("GOGC") != "" {
		t.Skip("GOGC is set")
	}
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	collections := func() uint32 {
		var from, to runtime.MemStats
		runtime.ReadMemStats(&from)
		for range 200 << 20 / 4096 {
			garbage = make([]byte, 4096)
		}
		runtime.ReadMemStats(&to)
		return to.NumGC - from.NumGC
	}
	runtime.GC()
	plain := collections()
	roomyHeap()
	if roomy := collections(); roomy*2 > plain {
		t.Errorf("%d collections, %d by default", roomy, plain)
	}
	large := make([]byte, 64<<20)
	for range 4 { // the first sees it, and its finalizer sets the percentage
		runtime.GC()
		runtime.Gosched()
		collections()
	}
	if percent := debug.SetGCPercent(100); percent != 100 {
		t.Errorf("%d %% with %d bytes live", percent, len(large))
	}
	runtime.KeepAlive(large)
}
