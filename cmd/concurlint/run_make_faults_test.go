//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/testdata/faults"
)

const faultFiles = 1000

// TestMakeFaults hits runs with -make, half of them with -cache too and some with
// another run of the same beside them, while inputs, outputs, records and results
// in the cache are changed, damaged and deleted. It goes on until a run ends by
// itself, and then all files are what their inputs say.
//
//	CONCURLINT_FAULTS=200 go test ./cmd/concurlint -run Faults
func TestMakeFaults(t *testing.T) {
	f := &makeFaults{hitCommand{faults.New(t, 6), writeModule(t, worked)}}
	var names bytes.Buffer
	for i := range faultFiles {
		fmt.Fprintf(&names, "in/%d\n", i)
		f.change(i)
	}
	f.write("names", names.Bytes())
	f.Repeat(f.round)
}

type makeFaults struct{ hitCommand }

func (f *makeFaults) write(name string, text []byte) {
	path := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o666); err != nil {
		f.Fatal(err)
	}
}

func (f *makeFaults) change(i int) {
	f.write(fmt.Sprintf("in/%d", i), fmt.Appendf(nil, "input %d as of %d", i, f.Rand.Uint64()))
}

// round brings all files up to date, with as many runs as it takes.
func (f *makeFaults) round() {
	kind := []string{"auto", "process", "io"}[f.Rand.IntN(3)]
	flags := []string{"-executor", kind}
	if f.Chance(2) {
		flags = append(flags, "-cache", "cache")
	}
	for range 20 {
		f.spoil("in/*", faultFiles)
		f.spoil("out/in/*", 20)
		f.spoil("out/in/.made/record/*", 20)
		f.spoil("cache/??/*", 20)
		var beside func() error
		if f.Chance(3) {
			beside = f.start(flags, false)
			f.Note("two at once")
		}
		err := f.start(flags, true)()
		if beside != nil && beside() == nil {
			err = nil
		}
		if err == nil {
			f.check()
			return
		}
		f.Note("runs ended")
	}
	f.Fatal("no end after 20 runs")
}

// spoil changes some of the inputs or, of other files, deletes and damages some.
func (f *makeFaults) spoil(pattern string, most int) {
	if f.Chance(2) {
		return
	}
	for range f.Rand.IntN(most) {
		if pattern == "in/*" {
			f.change(f.Rand.IntN(faultFiles))
		} else if name := f.Pick(filepath.Join(f.dir, pattern)); name != "" {
			f.Damage(name)
		}
	}
}

// start starts a run, hits it perhaps, and returns what waits for its end.
func (f *makeFaults) start(flags []string, hit bool) (wait func() error) {
	stdin, err := os.Open(filepath.Join(f.dir, "names"))
	if err != nil {
		f.Fatal(err)
	}
	cmd := exec.Command("concurlint", append(append([]string{"run", "-make", "-in", "files", "-out-dir", "out", "-j", "2"}, flags...), "work")...)
	cmd.Dir = f.dir
	var log bytes.Buffer
	cmd.Stdin, cmd.Stderr = stdin, &log
	cmd.WaitDelay = 30 * time.Second
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	stdin.Close()
	if what := f.choose(flags[1]); hit && what != "quota" {
		f.strike(cmd.Process.Pid, what)
	}
	return func() error {
		err := cmd.Wait()
		if err != nil && strings.Contains(log.String(), "panic") {
			f.Errorf("a run panics:\n%s", &log)
		}
		return err
	}
}

// check holds all files to their inputs.
func (f *makeFaults) check() {
	stale := 0
	for i := range faultFiles {
		in, err := os.ReadFile(filepath.Join(f.dir, "in", fmt.Sprint(i)))
		if err != nil {
			f.Fatal(err)
		}
		out, err := os.ReadFile(filepath.Join(f.dir, "out/in", fmt.Sprint(i)))
		if err != nil || string(out) != "done "+string(in) {
			if stale++; stale < 4 {
				f.Errorf("of %q there is %q: %v", in, out, err)
			}
		}
	}
	if stale > 0 {
		f.Errorf("%d of %d files are stale", stale, faultFiles)
	}
	if left, _ := filepath.Glob(filepath.Join(f.dir, "out/in/.made/new/*")); len(left) > 0 {
		f.Errorf("left behind: %q", left)
	}
	cmd := exec.Command("sh", "-c", "exec concurlint run -plan -in files -out-dir out work < names")
	cmd.Dir = f.dir
	plan, err := cmd.Output()
	if err != nil || bytes.Count(plan, []byte(": up to date\n")) != faultFiles {
		f.Errorf("after a run that ended, there is something to make: %v\n%s", err, plan)
	}
}
