package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// firstHeap is how large the heap of a unit may grow before garbage is collected
// for the first time. Nearly all units end before that. Left alone, the collector
// starts at 4 MB and runs five times in a process that ends after 20 ms, where it
// takes a quarter of the CPU time. The Go compiler starts at the same size.
const firstHeap = 128 << 20

// leastHeap is where the runtime itself starts at a percentage of 100, to which it
// is proportional.
const leastHeap = 4 << 20

// roomyStart lets the heap grow to firstHeap; then the percentage is 100 again, so
// that a large package needs no more memory than ever. What the user says holds.
func roomyStart() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(100 * firstHeap / leastHeap)
	// Garbage that the first collection finds. It is no tiny object, which the
	// runtime would keep together with others.
	runtime.SetFinalizer(new([32]byte), func(*[32]byte) { debug.SetGCPercent(100) })
}

// adviceHeap is how large the heap may grow while advice is worked out, if no more
// lives: recordings of 50 MB with the source's sites take 500 MB. Left alone, the
// collector would let it grow to twice as much for a twentieth of the CPU time.
const adviceHeap = 600 << 20

// tightHeap bounds the heap from here on to what lives in it and three quarters more,
// or to adviceHeap: a bound near what lives would keep the collector running. What
// the user says holds.
func tightHeap() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(100)
	if heapBytes("/memory/classes/heap/objects:bytes") < adviceHeap/4 {
		debug.SetMemoryLimit(adviceHeap)
		return
	}
	runtime.GC() // without it, what lives is known as of the last collection
	debug.SetMemoryLimit(max(adviceHeap, int64(heapBytes("/gc/heap/live:bytes"))*7/4))
}

func heapBytes(name string) uint64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
