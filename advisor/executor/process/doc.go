// Package process runs tasks, which are a name and some bytes, on a pool of
// worker processes, which are this program again.
package process
