// Package run is what a harness of "concurlint run" links beside the user's
// function: readers of inputs, adapters from bytes to the function's types and
// back, the journal, the ordered output, and the events that tell how it goes.
//
// The generated main registers the functions and calls Main:
//
//	func init() { run.Stateless("example.com/app.Hash", run.T_RE(app.Hash)) }
//	func main() { run.Main() }
//
// An input passes these stations:
//
//	read     split into inputs, numbered from 0 (source)
//	admit    wait for room in the window of inputs that are read and not written (window)
//	keep     left out if its file is up to date or the cache has its result (targets, cache)
//	run      decoded, given to the function, encoded: by package executor
//	record   appended to the journal; a group of records shares one fsync (Journal)
//	write    to standard output in the order of the inputs, or to the failures (window)
//
// A result is written only after it is durable in the journal, and the journal
// holds the result itself. So a run that was killed at any point is continued by
// reading the same inputs again: what the journal has is written from there, the
// rest is run, and standard output is complete and the same as without the kill.
package run
