//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/concurlint/concurlint/testdata/faults"

	running "github.com/concurlint/concurlint/advisor/run"
)

// worked is a module with a function that takes about 100 µs, some inputs
// longer.
var worked = map[string]string{
	"go.mod": "module example.com/faults\n\ngo 1.21\n",
	"work.go": `package faults

import "time"

func work(s string) string {
	pause := 50 * time.Microsecond
	if s[len(s)-1] == '7' {
		pause = 2 * time.Millisecond
	}
	time.Sleep(pause)
	return "done " + s
}
`}

const faultInputs = 10000

// TestFaults hits runs of 10,000 inputs: the command, the harness, a worker
// process, or the size that files may have. It goes on with the journal until
// all inputs are done, and holds the results to what a run without hits gives.
//
//	CONCURLINT_FAULTS=200 go test ./cmd/concurlint -run Faults
func TestFaults(t *testing.T) {
	f := &runFaults{hitCommand: hitCommand{faults.New(t, 6), writeModule(t, worked)}}
	f.prepare()
	f.Repeat(f.round)
}

// hitCommand hits runs of the command.
type hitCommand struct {
	*faults.Test
	dir string // of the module
}

type runFaults struct {
	hitCommand
	inputs string
	want   []byte
}

func (f *runFaults) prepare() {
	var in, out bytes.Buffer
	for i := range faultInputs {
		fmt.Fprintf(&in, "input %d\n", i)
		fmt.Fprintf(&out, "done input %d\n", i)
	}
	f.inputs, f.want = filepath.Join(f.dir, "inputs"), out.Bytes()
	if err := os.WriteFile(f.inputs, in.Bytes(), 0o666); err != nil {
		f.Fatal(err)
	}
}

// round makes one set of results, with as many runs as it takes.
func (f *runFaults) round() {
	journal := filepath.Join(f.dir, fmt.Sprintf("journal%d", f.Rounds))
	kind := []string{"auto", "process", "process", "io"}[f.Rand.IntN(4)]
	cache := ""
	if f.Chance(2) { // has more than the journal, if a run is hit between the two
		cache = fmt.Sprintf("-cache cache%d", f.Rounds)
	}
	for n := 0; ; n++ {
		if n == 100 {
			f.Fatal("no end after 100 runs")
		}
		out := filepath.Join(f.dir, fmt.Sprintf("out%d", n%2))
		if f.run(journal, kind, cache, out) {
			f.check(journal, out)
			return
		}
		f.Note("runs ended")
	}
}

// run starts a run, hits it once, and reports whether it came to its end.
func (f *runFaults) run(journal, kind, cache, out string) bool {
	stdin, err := os.Open(f.inputs)
	if err != nil {
		f.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := os.Create(out)
	if err != nil {
		f.Fatal(err)
	}
	defer stdout.Close()
	script := `exec concurlint run -journal "$1" -resume -executor "$2" -j 2 ` + cache + ` work`
	hit := f.choose(kind)
	if hit == "quota" {
		size := int64(0)
		if info, err := os.Stat(journal); err == nil {
			size = info.Size()
		}
		blocks := size/512 + 1 + f.Rand.Int64N(400)
		script = fmt.Sprintf("ulimit -f %d; %s", blocks, script)
	}
	cmd := exec.Command("sh", "-c", script, "sh", journal, kind)
	cmd.Dir = f.dir
	var log bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, &log
	cmd.WaitDelay = 30 * time.Second
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	f.strike(cmd.Process.Pid, hit)
	select {
	case err = <-ended:
	case <-time.After(time.Minute):
		cmd.Process.Signal(syscall.SIGQUIT)
		f.Fatalf("the run hangs after a hit of the %s\n%s", hit, &log)
	}
	if err != nil && strings.Contains(log.String(), "panic") {
		f.Errorf("after a hit of the %s:\n%s", hit, &log)
	}
	return err == nil
}

func (f *hitCommand) choose(kind string) string {
	hits := []string{"command", "harness", "quota"}
	if kind == "process" {
		hits = append(hits, "worker", "worker")
	}
	return hits[f.Rand.IntN(len(hits))]
}

// strike kills a process of the run once results are coming. The quota strikes by
// itself.
func (f *hitCommand) strike(pid int, hit string) {
	if hit == "quota" {
		f.Hit(hit)
		return
	}
	for range 200 {
		time.Sleep(5 * time.Millisecond)
		if len(harnesses(pid)) > 0 {
			break
		}
	}
	time.Sleep(time.Duration(f.Rand.IntN(400)) * time.Millisecond)
	victims := []int{pid}
	switch hit {
	case "harness":
		victims = harnesses(pid)
	case "worker":
		victims = nil
		for _, h := range harnesses(pid) {
			victims = append(victims, children(h)...)
		}
	}
	if len(victims) > 0 && syscall.Kill(victims[f.Rand.IntN(len(victims))], syscall.SIGKILL) == nil {
		f.Hit(hit) // if not, the run has ended
	}
}

// harnesses are the children of the command that are harnesses.
func harnesses(pid int) []int {
	var list []int
	for _, c := range children(pid) {
		if path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", c)); err == nil && filepath.Base(path) == "harness" {
			list = append(list, c)
		}
	}
	return list
}

func children(pid int) []int {
	var list []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, name := range tasks {
		text, _ := os.ReadFile(name)
		for _, word := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(word); err == nil {
				list = append(list, n)
			}
		}
	}
	return list
}

// check holds a finished round to its promises.
func (f *runFaults) check(journal, out string) {
	got, err := os.ReadFile(out)
	if err != nil {
		f.Fatal(err)
	}
	if !bytes.Equal(got, f.want) {
		f.Errorf("%d bytes of results differ from the %d wanted", len(got), len(f.want))
	}
	file, err := os.Open(journal)
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	h, err := running.ReadHistory(file)
	if err != nil {
		f.Fatal(err)
	}
	if h.Finished != faultInputs || h.Superseded != 0 || h.Failed != 0 {
		f.Errorf("the journal has %d inputs, %d of them twice, %d failed; want %d", h.Finished, h.Superseded, h.Failed, faultInputs)
	}
}
