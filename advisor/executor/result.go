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
	Index    int // position in the input, from 0; -1: the run could not start, see Err
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

// HardLimitError says that an attempt was given up after Options.HardLimit.
type HardLimitError struct{ Limit time.Duration }

func (e *HardLimitError) Error() string {
	return fmt.Sprintf("given up after the hard limit of %v", e.Limit)
}

// Timeout makes a HardLimitError a timeout, as net.Error has it.
func (e *HardLimitError) Timeout() bool { return true }

// inputError says that the input panicked, or ended its goroutine.
type inputError struct{ err error }

func (e *inputError) Error() string { return "the input failed: " + e.err.Error() }
func (e *inputError) Unwrap() error { return e.err }

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
