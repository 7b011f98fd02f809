//go:build unix

package run

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// closeOnExec keeps a descriptor from the subprocesses of the user's function:
// with a copy there, the end of the pipe would not be seen.
func closeOnExec(fd uintptr) { syscall.CloseOnExec(int(fd)) }

// catchSignals turns what would end the process into errors of the writes: a
// closed pipe and a file size limit. The signals are caught, not ignored: a
// subprocess of the user's function would inherit that.
func catchSignals() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE, syscall.SIGXFSZ)
}

// endedByInterrupt reports whether err is that of a subprocess which Ctrl-C or
// SIGTERM ended.
func endedByInterrupt(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && (status.Signal() == os.Interrupt || status.Signal() == syscall.SIGTERM)
}
