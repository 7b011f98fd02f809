package harness

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"github.com/concurlint/concurlint/advisor/run"
)

// inherit gives the process its ends of the pipes.
func inherit(cmd *exec.Cmd, control, events *os.File) {
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	cmd.Env = os.Environ()
	for _, f := range []struct {
		name string
		file *os.File
	}{{run.EnvControl, control}, {run.EnvEvents, events}} {
		h := syscall.Handle(f.file.Fd())
		syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, 1)
		cmd.SysProcAttr.AdditionalInheritedHandles = append(cmd.SysProcAttr.AdditionalInheritedHandles, h)
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", f.name, h))
	}
}

func exe() string { return ".exe" }
