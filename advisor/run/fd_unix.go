//go:build unix

package run

import (
	"os"
	"os/signal"
	"syscall"
)

// closeOnExec keeps a descriptor from the subprocesses of the user's function:
// with a copy there, the end of the pipe would not be seen.
func closeOnExec(fd uintptr) { syscall.CloseOnExec(int(fd)) }

// catchSignals leaves Ctrl-C to the command, and turns what would end the
// process into errors of the writes: a closed pipe and a file size limit. The
// signals are caught, not ignored: a subprocess of the user's function would
// inherit that.
func catchSignals() {
	c := make(chan os.Signal, 8)
	signal.Notify(c, os.Interrupt, syscall.SIGPIPE, syscall.SIGXFSZ)
	go func() {
		for range c {
		}
	}()
}
