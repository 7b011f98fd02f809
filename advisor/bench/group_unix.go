//go:build unix

package bench

import (
	"os/exec"
	"syscall"
)

// endTogether gives cmd a process group of its own, which its cancellation
// kills whole: a benchmark may have started servers.
func endTogether(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
