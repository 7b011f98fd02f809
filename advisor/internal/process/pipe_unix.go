//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// File descriptors of a worker. 0 is the null device, 1 and 2 go to the
// parent's Stderr: whatever a handler prints cannot disturb the frames.
const (
	fdTasks    = 3
	fdOutcomes = 4
	fdLifeline = 5 // nothing is ever written; its end is the parent's end
	fdMailbox  = 6 // if there is one
)

// blockingPipe returns a pipe whose reads and writes block a thread. os.Pipe
// would put it under the network poller, which makes a round trip 2.5 times
// as long.
func blockingPipe() (r, w *os.File, err error) {
	var fds [2]int
	syscall.ForkLock.RLock()
	err = syscall.Pipe(fds[:])
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, os.NewSyscallError("pipe", err)
	}
	return os.NewFile(uintptr(fds[0]), "pipe"), os.NewFile(uintptr(fds[1]), "pipe"), nil
}

// attach gives the child its ends of the pipes. Its own process group keeps
// the terminal's Ctrl-C away, which the parent answers by draining, and makes
// it possible to end it together with what it started.
func attach(cmd *exec.Cmd, tasks, outcomes, lifeline *os.File) {
	cmd.ExtraFiles = []*os.File{tasks, outcomes, lifeline}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// workerFiles are the worker's ends of the pipes, kept from its own children.
func workerFiles() (tasks, outcomes, lifeline *os.File) {
	for fd := fdTasks; fd <= fdLifeline; fd++ {
		syscall.CloseOnExec(fd)
	}
	return os.NewFile(fdTasks, "tasks"), os.NewFile(fdOutcomes, "outcomes"), os.NewFile(fdLifeline, "lifeline")
}

func killGroup(cmd *exec.Cmd) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// endOrphan ends a worker whose parent died, with what it started if it leads
// its process group.
func endOrphan() {
	if syscall.Getpgrp() == os.Getpid() {
		syscall.Kill(0, syscall.SIGKILL)
	}
	os.Exit(1)
}
