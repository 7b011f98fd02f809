//go:build !unix

package process

import (
	"os"
	"os/exec"
)

// Without inherited descriptors beyond the three standard ones, frames travel
// over standard input and output, and a handler's prints go to standard error.

func blockingPipe() (r, w *os.File, err error) { return os.Pipe() }

func attach(cmd *exec.Cmd, tasks, outcomes, lifeline *os.File) {
	cmd.Stdin, cmd.Stdout = tasks, outcomes
}

// workerFiles has no lifeline: a worker notices the parent's end when it asks
// for the next batch.
func workerFiles() (tasks, outcomes, lifeline *os.File) {
	tasks, outcomes = os.Stdin, os.Stdout
	os.Stdout = os.Stderr
	os.Stdin, _ = os.Open(os.DevNull)
	return tasks, outcomes, nil
}

func killGroup(cmd *exec.Cmd) {}

func endOrphan() { os.Exit(1) }
