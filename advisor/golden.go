package advisor

import (
	"fmt"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// A Rule is a row of the golden rule: which work belongs on which executor,
// with the figures that tell the kinds of work apart.
type Rule struct {
	Work     string `json:"work"`     // what is done
	When     string `json:"when"`     // how it is told by measurement
	Executor string `json:"executor"` // where it belongs
	Size     string `json:"size"`
	Never    string `json:"never"` // where it must not run
	// Measured: a recording shows it, so that it is advised. The others are known
	// to whoever knows what the program is for.
	Measured bool `json:"measured"`
}

// GoldenRule is the decision table that all advice follows. Its figures are those
// that decide: of DefaultThresholds, and of the sizes that executors work with.
func GoldenRule() []Rule {
	t := DefaultThresholds
	return []Rule{
		{"next to nothing", fmt.Sprintf("a task computes less than %s", secs(t.Tiny.Seconds())), "serial", "1", "a goroutine or channel hop for each", true},
		{"computing in small pieces", fmt.Sprintf("W/C < %v and less than %s a task", t.CPUBound, secs(t.Chunk.Seconds())), "cpu", fmt.Sprintf("GOMAXPROCS workers, chunks of %s to %s", secs(sizing.LeastChunk.Seconds()), secs(sizing.MostChunk.Seconds())), "a goroutine for each item; hundreds of goroutines", true},
		{"computing", fmt.Sprintf("W/C < %v", t.CPUBound), "cpu", "GOMAXPROCS workers, one item at a time", "hundreds of goroutines; an event loop", true},
		{"waiting, bounded number of items", fmt.Sprintf("W/C ≥ %v, and submitters wait for the limit for %s of the time or more", t.CPUBound, percent(t.Binds)), "io", fmt.Sprintf("from GOMAXPROCS to %v·GOMAXPROCS·(1 + W/C), less where a lock, memory, descriptors or the far end is the cap", sizing.Slack), "a pool sized by cores; one at a time", true},
		{"waiting for a lock", fmt.Sprintf("lock waits > %s of a task's life", percent(t.LockBound)), "io", "at most (C + W) ÷ the time the lock is held", "more workers", true},
		{"computing that makes garbage", fmt.Sprintf("the collector takes > %s of the CPU time", percent(t.GCBound)), "cpu", "at most GOMAXPROCS workers, less garbage, or a larger GOGC where there is memory for it", "more workers", true},
		{"stages that differ", "W/C of fetch, parse and store are not alike", "pipeline", "bounded queues, each stage by its own row", "one pool for all", false},
		{"very many mostly idle connections", fmt.Sprintf("%d sockets and more", t.Sockets), "loop", "a goroutine for each below, a reactor above", "a blocking call inside the loop", true},
		{"isolation, a cap on memory, unsafe cgo", "a crash or a leak must not spread, or a task has a cap of its own", "process", fmt.Sprintf("GOMAXPROCS processes, batches of %s", secs(sizing.Batch.Seconds())), "one process for each tiny task", false},
		{"more than one machine can do in time", "CPU time ÷ GOMAXPROCS exceeds the deadline, with messages that outweigh the network", "distributed", "an existing engine", "a home-made cluster", false},
	}
}
