// Package simulate judges ways to choose a size on simulated workloads, so that
// thousands of them are tried without waiting for one.
//
// A task waits for a back-end and then computes on one of P cores, which share
// one run queue. Back-ends are open, capped, capped with impatient callers,
// degrading, retrograde (Gunther's universal scalability law), limited in rate
// by delay or by refusal, or short of memory; tasks have lognormal lengths, may
// find their answer in a cache, may be broken for good, and may change for good
// during the job. Random draws such a Workload from a seed.
//
// The score of a policy is T(best fixed size) ÷ T(policy), learning included.
// The best fixed size is found by a sweep over 20 sizes from 1 to 4096, each run
// over the whole job with the same draws.
//
//	go test ./advisor/sizing/simulate -run Oracle -workloads 200 -seed 900001 -v
//
// prints the table, and one workload in detail with -workloads 1 -seed N.
//
// # Known simplifications
//
// A CPU burst is not interrupted; real goroutines are after 10 ms, longer than
// nearly all bursts here. A refused or timed-out attempt is repeated at once,
// without the back-off that an executor adds: harder than life. Other
// processes, garbage collection and the cost of switching are left out. What
// has queued at a capped or shaped back-end has its end fixed, so their
// capacity does not change during a job.
package simulate
