// Concurlint finds Go code that runs on the wrong executor: waiting where
// nothing may wait, goroutines without a bound, computing on a pool sized for
// waiting. Run "concurlint -h" for its manual.
//
// The same executable serves the go command:
//
//	go vet -vettool=$(command -v concurlint) ./...
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/fatih/color"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// The exit statuses, a contract.
const (
	exitClean       = 0
	exitFindings    = 1
	exitFailed      = 2
	exitInterrupted = 130 // by Ctrl-C
	exitTerminated  = 143 // by SIGTERM, as docker stop, systemd, Slurm and timeout send it
)

func main() {
	args := os.Args[1:]
	if calledByGo(args) {
		vettool(args)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	stops := make(chan os.Signal, 1)
	signal.Notify(stops, os.Interrupt, syscall.SIGTERM)
	go func() { cancel(stopped{<-stops}) }()
	status := run(ctx, args, color.Output, os.Stderr)
	if status == exitInterrupted && isTerminated(ctx) {
		status = exitTerminated
	}
	os.Exit(status)
}

// stopped is why the context of the command is done.
type stopped struct{ signal os.Signal }

func (s stopped) Error() string { return "stopped: " + s.signal.String() }

func isTerminated(ctx context.Context) bool {
	s, ok := context.Cause(ctx).(stopped)
	return ok && s.signal == syscall.SIGTERM
}

// run is the command as a function of its arguments.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (status int) {
	out := bufio.NewWriter(stdout)
	defer func() {
		if e := recover(); e != nil {
			fmt.Fprintf(stderr, "concurlint: internal error: %v; please report it at https://github.com/concurlint/concurlint/issues\n", e)
			status = exitFailed
		}
	}()
	if len(args) > 1 && args[0] == "completion" && args[1] == "words" {
		completeWords(args[2:], out)
		out.Flush()
		return exitClean
	}
	cmd, opts, err := parse(args)
	if err == nil {
		status, err = cmd.run(ctx, opts, out, stderr)
	}
	if err == nil {
		err = out.Flush()
	}
	switch {
	case errors.Is(err, check.ErrInterrupted), ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(ctx))):
		return exitInterrupted
	case err != nil:
		out.Flush() // what is known is worth having
		fmt.Fprintf(stderr, "concurlint: %v\n", err)
		return exitFailed
	}
	return status
}
