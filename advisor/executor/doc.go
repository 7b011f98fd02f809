// Package executor runs a function over a stream of inputs on the executor
// that suits it.
package executor
