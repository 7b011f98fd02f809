package report

// A Rule is a row of the golden rule of choosing a concurrency model: which
// work belongs on which executor, with the figures that tell the kinds of work
// apart.
type Rule struct {
	Work     string // what is done
	When     string // how it is told by measurement
	Executor string // where it belongs
	Size     string
	Never    string // where it must not run
}

// GoldenRule has its figures from measurements of the executors in
// advisor/executor with GOMAXPROCS=2: cost of a hand-over, useful CPU ÷ CPU
// burnt, cost of the pipe to a worker process. W/C is waits outside ÷ computing.
func GoldenRule() []Rule {
	return []Rule{
		{"next to nothing", "all of it below 50 µs, or a single item", "serial", "1", "any executor"},
		{"computing in small pieces", "W/C < 0.1 and less than 100 µs a task", "cpu", "GOMAXPROCS workers, chunks of 20 to 50 µs", "a goroutine for each item"},
		{"computing", "W/C < 0.1", "cpu", "GOMAXPROCS workers, one item at a time", "hundreds of goroutines; an event loop"},
		{"waiting, a bounded number of items", "W/C ≥ 0.1", "io", "what the far end bears, at most 1.3·GOMAXPROCS·(1 + W/C)", "a pool sized by cores; one at a time"},
		{"stages that differ", "W/C differs by stage", "pipeline", "bounded queues, each stage by its own row", "one pool for all"},
		{"very many mostly idle connections", "10,000 and more", "loop", "a goroutine for each below, a reactor above", "a blocking call inside the loop"},
		{"isolation, a cap on memory, unsafe cgo", "the collector takes > 25 % of the CPU time, or a crash must not spread", "process", "GOMAXPROCS processes, batches of 130 µs and more", "one process for each tiny task"},
		{"more than one machine can do in time", "CPU time ÷ GOMAXPROCS exceeds the deadline, 1.5 ms of work a message", "distributed", "an existing engine", "a home-made cluster"},
	}
}
