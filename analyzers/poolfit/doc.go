// Package poolfit defines an analyzer that reports pools whose size does not
// fit their work.
//
// # Analyzer poolfit
//
// poolfit: report pools whose size does not fit the work they run
//
// Computing wants as many workers as cores, waiting wants as many as the far
// end bears. A pool sized for the one is wrong for the other, and a size worked
// out from the number of cores can be zero on a small machine:
//
//	g.SetLimit(runtime.NumCPU() / 2) // 0 on one core: Go blocks for ever
//
// Keep it positive, and ask GOMAXPROCS, which knows the container's limit:
//
//	g.SetLimit(max(1, runtime.GOMAXPROCS(0)/2))
//
// The same goes for the capacity of a semaphore channel, for the default of a flag,
// and for what main puts into a configuration by which other packages size their
// pools. A constant number of workers for computing or waiting, one place for
// work that waits, work that waits on as many workers as there are cores unless
// somebody chooses or on several times as many, and sizing by NumCPU are notes.
// The rule is silent where the work is mixed or not known, where the number is a
// setting with another default or with none, where there are no more tasks than
// places, and where each task is for one of a few things that are written out.
//
// A finding stands where the function says the size, if it does. A directive at the
// hand-over silences it, too.
package poolfit
