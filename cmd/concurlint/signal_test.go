//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// slowGo stands in for a go command that is at work: it says that it has
// started, and when it is told to stop.
const slowGo = `#!/bin/sh
trap 'echo stopped > stopped; exit 1' INT
echo started > started
i=0
while [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done
`

// slowList stands in for one that is slow when it is asked a second time.
const slowList = `#!/bin/sh
case "$*" in
*-export*) ;;
*) echo '{"ImportPath": "app", "Name": "app", "Dir": "."}'; exit 0 ;;
esac
` + slowGo

func TestInterrupt(t *testing.T)    { testInterrupt(t, slowGo) }
func TestInterruptRun(t *testing.T) { testInterrupt(t, slowList, "run", "F") }

func testInterrupt(t *testing.T, tool string, args ...string) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(tool), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("concurlint", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "started")) {
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Errorf("got %v, want exit status %d", err, exitInterrupted)
	}
	if !exists(filepath.Join(dir, "stopped")) {
		t.Error("the go command was not stopped")
	}
	if stderr.String() != "" {
		t.Errorf("unexpected message %q", stderr.String())
	}
}

func TestClosedPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	cmd := exec.Command("concurlint", "rules")
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = w, &stderr
	if err := cmd.Run(); err == nil {
		t.Error("success, though nobody could read the output")
	}
	if strings.Contains(stderr.String(), "panic") {
		t.Errorf("panic:\n%s", &stderr)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
