package executor

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Result is one item of the input and what became of it.
type Result[T, R any] struct {
	Index    int // position in the input, from 0
	In       T
	Value    R
	Err      error
	Attempts int           // 0: the run was cancelled before the item started
	Elapsed  time.Duration // of the last attempt; in a chunk of several items the mean of the chunk
}

// ItemError is the error of Map, ForEach and Range: the first item that failed.
type ItemError struct {
	Index int
	Err   error
}

func (e *ItemError) Error() string { return fmt.Sprintf("item %d: %v", e.Index, e.Err) }
func (e *ItemError) Unwrap() error { return e.Err }

// Format implements fmt.Formatter: %+v adds the stack if the item panicked.
func (e *ItemError) Format(s fmt.State, verb rune) { format(s, verb, e, stackOfPanic(e.Err)) }

// PanicError is a panic of a task, or of the input.
type PanicError struct {
	Value any
	Stack []byte // as of debug.Stack, where it panicked
}

// Error is one line, for logs; the verb %+v adds the stack.
func (e *PanicError) Error() string {
	text := strings.TrimRight(fmt.Sprint(e.Value), "\n")
	return "panic: " + strings.ReplaceAll(text, "\n", "; ")
}

// Format implements fmt.Formatter: %+v is the error and its stack, %q and the
// other verbs are those of the text.
func (e *PanicError) Format(s fmt.State, verb rune) { format(s, verb, e, e.Stack) }

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// stackOfPanic returns the stack of the panic in err, if there is one.
func stackOfPanic(err error) []byte {
	if p, ok := errors.AsType[*PanicError](err); ok {
		return p.Stack
	}
	return nil
}

// format writes the text of err as fmt would, and for %+v the stack behind it.
func format(s fmt.State, verb rune, err error, stack []byte) {
	if verb != 'v' || !s.Flag('+') {
		fmt.Fprintf(s, fmt.FormatString(s, verb), err.Error())
		return
	}
	io.WriteString(s, err.Error())
	if len(stack) > 0 {
		fmt.Fprintf(s, "\n\n%s", stack)
	}
}

// HardLimitError says that an attempt was given up after Limits.Hard.
type HardLimitError struct{ Limit time.Duration }

func (e *HardLimitError) Error() string {
	return fmt.Sprintf("given up after the hard limit of %v", e.Limit)
}

// Timeout makes a HardLimitError a timeout, as net.Error has it.
func (e *HardLimitError) Timeout() bool { return true }

// InputError is the error that an item came with, or says that the input
// panicked or ended its goroutine.
type InputError struct{ Err error }

func (e *InputError) Error() string { return "the input failed: " + e.Err.Error() }

// Unwrap returns the input's own error.
func (e *InputError) Unwrap() error { return e.Err }

func inputFailure(err error) error {
	if err == nil {
		return nil
	}
	return &InputError{err}
}

// RunError is the error of no item, in the last result of a stream that is not
// complete.
type RunError struct{ Err error }

func (e *RunError) Error() string { return e.Err.Error() }

// Unwrap returns why: the cause of the context's end, an *InputError, or what is
// wrong with the options.
func (e *RunError) Unwrap() error { return e.Err }

// RemoteError is an error that a function returned in a worker process: its text,
// and what errors.Is says of the errors of a context. An error's RetryAfter
// arrives too.
type RemoteError struct {
	Message string
	err     error
}

func (e *RemoteError) Error() string { return e.Message }

// Unwrap returns what knows the rest.
func (e *RemoteError) Unwrap() error { return e.err }

// DeathError is the error of an item that ended the worker processes it ran on:
// os.Exit, a crash in C, a signal, memory.
type DeathError struct {
	Deaths int    // workers lost to this item
	Status string // how the last one ended: "exit status 3", "signal: killed"
	Stderr string // the end of what it wrote to either stream; of a crash the beginning, which tells why
}

func (e *DeathError) Error() string {
	text := fmt.Sprintf("the task kills its worker (%d died): %s", e.Deaths, e.Status)
	if e.Stderr != "" {
		text += "; its last words: " + e.Stderr
	}
	return text
}

var (
	// ErrGoexit is the error of a task that called runtime.Goexit, as
	// testing.T.FailNow does.
	ErrGoexit = errors.New("executor: the task ended its goroutine (runtime.Goexit)")

	// errStopped is the cause of the context once the caller left the loop.
	errStopped = errors.New("executor: the caller stopped reading results")
)

// retryAfter is what an error of a rate-limited service says: no further
// attempt for so long, by anyone.
type retryAfter interface {
	error
	RetryAfter() time.Duration
}
