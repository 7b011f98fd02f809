//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	running "github.com/concurlint/concurlint/advisor/run"
)

// slowly is a module with functions that take their time.
var slowly = map[string]string{
	"go.mod": "module example.com/slowly\n\ngo 1.21\n",
	"slow.go": `package slowly

import (
	"os/exec"
	"time"
)

func Child(s string) (string, error) { return s, exec.Command("sleep", "0.02").Run() }

func Slow(s string) string {
	time.Sleep(20 * time.Millisecond)
	return s
}

func Stuck(s string) string {
	time.Sleep(time.Hour)
	return s
}
`}

func writeModule(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// startRun starts concurlint run in a process group of its own, as a shell does
// on a terminal, and returns when the first result is there.
func startRun(t *testing.T, dir string, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	var in strings.Builder
	for i := range 400 {
		fmt.Fprintln(&in, i)
	}
	cmd = exec.Command("concurlint", append([]string{"run", "-events", "events", "-j", "2"}, args...)...)
	cmd.Dir = dir
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in.String()), stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Minute
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	for range 6000 {
		if text, _ := os.ReadFile(filepath.Join(dir, "events")); bytes.Contains(text, []byte(`"progress"`)) {
			return cmd, stdout, stderr
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no progress")
	return nil, nil, nil
}

func signalRun(t *testing.T, pid int, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, signal); err != nil {
		t.Fatal(err)
	}
}

func wantStatus(t *testing.T, cmd *exec.Cmd, want int, stderr *bytes.Buffer) {
	t.Helper()
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != want {
		t.Fatalf("got %v, want exit status %d\n%s", err, want, stderr)
	}
}

// Ctrl-C, which every process of the group gets, finishes what runs; so does
// SIGTERM, which only the command gets (docker stop) or all (timeout, twice). The
// run can be resumed, and a subprocess that the signal ended is no failure.
func TestRunInterrupt(t *testing.T) {
	ctrlC := func(t *testing.T, pid int) { signalRun(t, -pid, syscall.SIGINT) }
	docker := func(t *testing.T, pid int) { signalRun(t, pid, syscall.SIGTERM) }
	timeout := func(t *testing.T, pid int) {
		signalRun(t, pid, syscall.SIGTERM)
		time.Sleep(time.Millisecond) // else the kernel makes one of them
		signalRun(t, -pid, syscall.SIGTERM)
	}
	const again = "stopping: no more inputs are read, what runs is finished; Ctrl-C again ends it at once\n"
	const term = "stopping on SIGTERM: no more inputs are read, what runs is finished\n"
	for _, test := range []struct {
		name, kind, function string
		stop                 func(*testing.T, int)
		status               int
		said                 string
	}{
		{"Ctrl-C", "io", ".Slow", ctrlC, exitInterrupted, again},
		{"Ctrl-C", "process", ".Slow", ctrlC, exitInterrupted, again},
		{"Ctrl-C", "io", ".Child", ctrlC, exitInterrupted, again},
		{"docker stop", "io", ".Slow", docker, exitTerminated, term},
		{"docker stop", "process", ".Slow", docker, exitTerminated, term},
		{"timeout", "io", ".Slow", timeout, exitTerminated, term},
		{"timeout", "io", ".Child", timeout, exitTerminated, term},
	} {
		function, kind := test.function, test.name+", "+test.kind
		dir := writeModule(t, slowly)
		cmd, stdout, stderr := startRun(t, dir, "-executor", test.kind, "-journal", "j", function)
		test.stop(t, cmd.Process.Pid)
		wantStatus(t, cmd, test.status, stderr)
		done := bytes.Count(stdout.Bytes(), []byte("\n"))
		if done == 0 || done == 400 {
			t.Errorf("%s: %d results of an interrupted run", kind, done)
		}
		// What was read and did not start is no part of what ran.
		if r := reported(t, filepath.Join(dir, "events")); function == ".Slow" && (r.Ran != done || r.Succeeded != done) {
			t.Errorf("%s: %d ran and %d succeeded, of %d results", kind, r.Ran, r.Succeeded, done)
		}
		if !strings.Contains(stderr.String(), test.said) || strings.Count(stderr.String(), " inputs in ") != 1 {
			t.Errorf("%s: stderr %q", kind, stderr)
		}
		var in strings.Builder
		for i := range 400 {
			fmt.Fprintln(&in, i)
		}
		again := exec.Command("concurlint", "run", "-executor", "io", "-j", "50", "-journal", "j", "-resume", "-events", "events", function)
		again.Dir = dir
		again.Stdin = strings.NewReader(in.String())
		var log bytes.Buffer
		again.Stderr = &log
		out, err := again.Output()
		if err != nil || string(out) != in.String() {
			t.Errorf("%s: resumed: %v, %d bytes of %d\n%s", kind, err, len(out), in.Len(), &log)
		}
		// What comes behind a child that was ended is in the journal alone.
		if function == ".Slow" && !strings.Contains(log.String(), fmt.Sprintf(", %d of them from the journal", done)) {
			t.Errorf("%s: %d results were written, and resumed: %s", kind, done, &log)
		}
	}
}

// A second Ctrl-C does not wait.
func TestRunInterruptTwice(t *testing.T) {
	dir := writeModule(t, slowly)
	cmd, _, stderr := startRun(t, dir, "-executor", "io", ".Stuck")
	signalRun(t, -cmd.Process.Pid, syscall.SIGINT)
	time.Sleep(300 * time.Millisecond)
	signalRun(t, -cmd.Process.Pid, syscall.SIGINT)
	wantStatus(t, cmd, exitInterrupted, stderr)
}

// Nobody reads the results any more.
func TestRunClosedPipe(t *testing.T) {
	dir := writeModule(t, slowly)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	cmd := exec.Command("concurlint", "run", ".Slow", "--", "a", "b")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = w, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, cmd, exitFailed, &stderr)
	if want := "concurlint: nobody reads the results any more: standard output was closed after "; !strings.Contains(stderr.String(), want) {
		t.Errorf("stderr %q, want %q", &stderr, want)
	}
}

// reported is the report at the end of the events of a run.
func reported(t *testing.T, name string) *running.Report {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	var last running.Event
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || last.Report == nil {
		t.Fatalf("%s ends with %s", name, lines[len(lines)-1])
	}
	return last.Report
}
