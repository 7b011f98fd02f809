package advisor

import "fmt"

// A Rule is a row of the golden rule: which work belongs on which executor,
// with the figures that tell the kinds of work apart.
type Rule struct {
	Work     string // what is done
	When     string // how it is told by measurement
	Executor string // where it belongs
	Size     string
	Never    string // where it must not run
}

// GoldenRule is the decision table that all advice follows. The figures are
// those of DefaultThresholds and of the measurements behind package executor.
func GoldenRule() []Rule {
	t := DefaultThresholds
	return []Rule{
		{"next to nothing", fmt.Sprintf("a task computes less than %v, or all of them less than 50 µs", t.Tiny), "serial", "1", "a goroutine or channel hop for each"},
		{"computing in small pieces", fmt.Sprintf("W/C < %v and less than %v a task", t.CPUBound, t.Chunk), "cpu", "GOMAXPROCS workers, chunks of 20 to 50 µs", "a goroutine for each item; hundreds of goroutines"},
		{"computing", fmt.Sprintf("W/C < %v", t.CPUBound), "cpu", "GOMAXPROCS workers, one item at a time", "hundreds of goroutines; an event loop"},
		{"waiting, bounded number of items", fmt.Sprintf("W/C ≥ %v, and submitters wait for the limit", t.CPUBound), "io", "from GOMAXPROCS to 1.3·GOMAXPROCS·(1 + W/C), less where a lock, memory, descriptors or the far end is the cap", "a pool sized by cores; one at a time"},
		{"waiting for a lock", fmt.Sprintf("lock waits > %v of a task's life", t.LockBound), "io", "at most (C + W) ÷ the time the lock is held", "more workers"},
		{"stages that differ", "W/C of fetch, parse and store are not alike", "pipeline", "bounded queues, each stage by its own row", "one pool for all"},
		{"very many mostly idle connections", "10,000 sockets and more", "loop", "a goroutine for each below, a reactor above", "a blocking call inside the loop"},
		{"isolation, a cap on memory, unsafe cgo", fmt.Sprintf("the collector takes > %v of the CPU time, or a crash must not spread", t.GCBound), "process", "GOMAXPROCS processes, batches of 130 µs and more", "one process for each tiny task"},
		{"more than one machine can do in time", "CPU time ÷ GOMAXPROCS exceeds the deadline, 1.5 ms of work a message", "distributed", "an existing engine", "a home-made cluster"},
	}
}
