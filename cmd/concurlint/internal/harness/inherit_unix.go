//go:build unix

package harness

import (
	"fmt"
	"os"
	"os/exec"
)

// inherit gives files to the process, and their numbers by the environment.
func inherit(cmd *exec.Cmd, files map[string]*os.File) {
	cmd.Env = os.Environ()
	for name, f := range files {
		cmd.ExtraFiles = append(cmd.ExtraFiles, f)
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", name, 2+len(cmd.ExtraFiles)))
	}
}

func exe() string { return "" }
