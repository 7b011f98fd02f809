// Package advisor joins what the analyzers found in a program with what the
// program recorded about itself, and answers with a verdict for each finding and
// advice for each place where work is handed over.
//
// It consists of pure functions over plain data. [Lint] comes from
// "concurlint -sites -format json", [profile.Evidence] from the readers in
// package profile, and [Report] is what the command prints; this package reads
// no files and loads no packages. It never imports the analyzers, nor they it.
//
// # From frames to places
//
// A frame is joined with a declared function by package and name, and with a
// line by its distance from the beginning of the function, so that a recording
// of an older commit leads to the right line. The kind of a wait is what the
// source says of the line; the runtime's reason for the wait of an HTTP request
// is "select".
//
// # From places to figures
//
// CPU time, waits outside, waits for other goroutines and held locks are each
// taken from the best recording that tells of them and expressed in the seconds
// of one recording. A site's tasks are what runs on stacks through their bodies;
// means per task come from the goroutines that a trace saw from beginning to
// end. Tasks in flight follow from Little's law. What a busy host or few samples
// make doubtful is an interval.
//
// # From figures to advice
//
// Computing wants as many workers as cores, waiting as many in flight as keep
// the cores busy, P·(1 + W/C), unless a lock, memory, the collector, descriptors
// or the far end is the cap. More is advised only where submitters were seen
// waiting for the limit. The least gain is below 1 wherever the far end decides: no
// recording of this program shows what that bears, and past its best it does less.
// See [GoldenRule] and [Thresholds].
//
// Each piece of advice has the chain from its site down to what the time goes to:
// of the stacks through the site's tasks, the calls that take most of it. Its
// shares say which functions the advice is about as well. Where the recordings are
// silent, the chain is the source's witness and has no shares.
//
// A lock that others wait for is the cap of everything that takes it, whatever
// the size of an executor: it has advice of its own, which follows from what
// runs under it. A loop that goes over things one by one is a site as well; it
// may be in a function that takes a callback, and wait for goroutines that it
// starts.
package advisor
