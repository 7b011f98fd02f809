package driver

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// GoCommand prepares a go command that ends with ctx: gently, because it has
// children of its own to end, and by force after a while.
func GoCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) != nil {
			return cmd.Process.Kill() // a system without signals
		}
		return nil
	}
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// A GoError says that the go command failed.
type GoError struct {
	Stderr string // what it printed
	Err    error
}

func (e *GoError) Error() string {
	return strings.TrimSpace(cmp.Or(strings.TrimSpace(e.Stderr), fmt.Sprintf("the go command failed: %v", e.Err)))
}

func (e *GoError) Unwrap() error { return e.Err }
