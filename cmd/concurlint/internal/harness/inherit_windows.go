package harness

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// inherit gives files to the process, and their handles by the environment.
func inherit(cmd *exec.Cmd, files map[string]*os.File) {
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	cmd.Env = os.Environ()
	for name, f := range files {
		h := syscall.Handle(f.Fd())
		syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, 1)
		cmd.SysProcAttr.AdditionalInheritedHandles = append(cmd.SysProcAttr.AdditionalInheritedHandles, h)
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", name, h))
	}
}

func exe() string { return ".exe" }
