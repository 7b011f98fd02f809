package report

// A Rule is a row of the golden rule of choosing a concurrency model: where
// work belongs, where it never does, and the figure from which on that holds.
type Rule struct {
	Work, Belongs, Never, Threshold string
}

// GoldenRule has its figures from measurements of the executors in
// advisor/executor with GOMAXPROCS=2 (dispatch cost, useful CPU ÷ CPU burnt,
// pipe cost of worker processes). The sizing package decides by the same ones.
var GoldenRule = []Rule{
	{"waiting, a bounded number of items", "a bounded pool of goroutines, sized by what the far end bears", "a pool sized by cores; one at a time", "waits are at least 0.1 of the computing"},
	{"computing, in tiny tasks", "as many workers as cores, in chunks", "a goroutine per item", "a task below 100 µs: chunks of 20 to 50 µs"},
	{"computing", "as many workers as cores", "hundreds of goroutines; an event loop", "a task of 100 µs and more: one at a time"},
	{"a small job", "a plain loop", "any executor", "all of it below 50 µs, or a single item"},
	{"very many connections, mostly idle", "a goroutine per connection; a reactor for more", "a blocking call inside the loop", "a reactor from 10,000 idle connections on"},
	{"needs isolation, a memory cap or unsafe cgo", "OS processes, in batches", "one process per tiny task", "a batch of 130 µs and more; collector above 25 % of the CPU time"},
	{"stages that differ", "a pipeline of bounded queues, an executor for each stage", "one pool for all", "the ratio of waiting to computing differs by stage"},
	{"more than one machine can do in time", "a distributed engine", "a home-made cluster", "1.5 ms of work and more in each message"},
}
