package run

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// heapRoom is how large the heap may always grow before garbage is collected. By
// default that is 4 MB, and a harness holds little: light functions over many
// inputs spent a third of their CPU time in the collector and its barriers. Four
// times as much gives nearly all of that back.
const heapRoom = 16 << 20

// leastHeap is the runtime's own at a percentage of 100, to which it is
// proportional.
const leastHeap = 4 << 20

// A sentinel is garbage that each collection finds. It is no tiny object, which
// the runtime would keep together with others.
type sentinel [32]byte

// roomyHeap sets the collector's percentage after each collection such that a
// small heap may grow to heapRoom and a large one to twice what lives, as ever.
// What the user says by GOGC holds.
func roomyHeap() {
	if os.Getenv("GOGC") != "" {
		return
	}
	percent := 100 * heapRoom / leastHeap
	debug.SetGCPercent(percent)
	var afterCollection func(*sentinel)
	rearm := func() { runtime.SetFinalizer(new(sentinel), afterCollection) }
	afterCollection = func(*sentinel) {
		// A change stops the world, so that small ones are left out.
		if want := gcPercent(liveHeap()); want*4 < percent*3 || want*3 > percent*4 {
			percent = want
			debug.SetGCPercent(percent)
		}
		rearm()
	}
	rearm()
}

// gcPercent is the percentage for a heap of which so much lives.
func gcPercent(live uint64) int {
	if live >= heapRoom/2 {
		return 100
	}
	return int(min(100*heapRoom/leastHeap, 100*(heapRoom-live)/max(live, 1)))
}

func liveHeap() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
