package process

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A Task is one call for a worker: the name of a handler and the bytes that it
// is given.
type Task struct {
	ID   uint64 // the caller's own number, repeated in the Outcome
	Func string // name of the handler
	Body []byte // must stay unchanged until the Outcome has been received
}

// An Outcome is what became of one Task. Every task that Submit accepted has
// exactly one.
type Outcome struct {
	ID      uint64
	Body    []byte        // what the handler returned; the receiver's own
	Err     error         // nil, *TaskError, *PanicError, *LimitError, ErrDeath, or why the pool stopped
	Elapsed time.Duration // inside the handler, measured by the worker
	Deaths  int           // workers that died running this task
	Death   *Death        // of the last of them; nil: Err is not ErrDeath
}

// A TaskError is the error that a handler returned, as far as it crosses a
// process boundary: its text and the answers to three questions.
type TaskError struct {
	Message  string
	Deadline bool          // errors.Is(err, context.DeadlineExceeded) held in the worker
	Canceled bool          // errors.Is(err, context.Canceled) held in the worker
	Retry    time.Duration // what the error's RetryAfter method said; 0: none
}

func (e *TaskError) Error() string { return e.Message }

// Is reports the two context errors, so that errors.Is works as it did in the
// worker.
func (e *TaskError) Is(target error) bool {
	return e.Deadline && target == context.DeadlineExceeded || e.Canceled && target == context.Canceled
}

// RetryAfter is the delay that the handler's error asked for; 0: none.
func (e *TaskError) RetryAfter() time.Duration { return e.Retry }

// A PanicError is a panic inside a handler. The worker survived it.
type PanicError struct {
	Value string // the panic value as fmt prints it
	Stack []byte // of the panicking goroutine, in the worker
}

func (e *PanicError) Error() string { return "panic: " + e.Value }

// ErrDeath is the error of a task that ended the workers it ran on: os.Exit, a
// panic in another goroutine, a signal, memory. The Outcome has more.
var ErrDeath = errors.New("the task kills its worker")

// A Death tells how a worker ended.
type Death struct {
	Status string // "exit status 3", "signal: killed"
	Stderr string // the end of what it wrote to either stream; of a crash the beginning, which tells why
}

// A LimitError reports a task whose worker was killed at Config.HardLimit.
type LimitError struct{ Limit time.Duration }

func (e *LimitError) Error() string {
	return fmt.Sprintf("the task ran longer than its hard limit of %v; its worker was killed", e.Limit)
}
