// Package cases holds programs whose truth is known by construction. Comments
// say it where it is, several things divided by semicolons:
//
//	truth: task KIND CLASS               the function's kind of wait, - if it waits for nothing, and its class
//	truth: idle                          the function waits for work, which is no cost
//	truth: site EXECUTOR ACTION LIMIT    what is right for this hand-over or loop, and whether the limit binds: binds, free
//	truth: finding RULE VERDICT          what the analyzers report here, and what the recordings make of it
//
// A word may have alternatives, as in more|keep; - is what no recording can
// tell, and the class measured is that which the clocks say. How much a function waits and computes, its meter measures. What stands
// outside of a case's own function ends with "in CASE", unless a meter tells
// that it ran.
package cases

import "context"

// A Batch is a piece of a program's work, repeated for as long as the program runs.
type Batch func(context.Context) error

// All are the cases by name. A function of the table makes ready what the
// batches need.
var All = map[string]func() (Batch, error){
	"compute":    compute,
	"cores":      cores,
	"wide":       wide,
	"tiny":       tiny,
	"collector":  collector,
	"mixed":      mixed,
	"sleep":      sleep,
	"tcp":        tcp,
	"fanout":     fanout,
	"capped":     capped,
	"retrograde": retrograde,
	"roomy":      roomy,
	"http1":      http1,
	"http2":      http2,
	"dns":        dns,
	"server":     server,
	"fsync":      fsync,
	"pagecache":  pagecache,
	"blocking":   blocking,
	"process":    process,
	"cgocompute": cgocompute,
	"cgosleep":   cgosleep,
	"mutex":      mutex,
	"rwmutex":    rwmutex,
	"lockhttp":   lockhttp,
	"lockalone":  lockalone,
	"lockcold":   lockcold,
	"pipeline":   pipeline,
	"dispatcher": dispatcher,
	"idle":       idle,
	"leak":       leak,
	"ticker":     ticker,
	"signals":    signals,
}
