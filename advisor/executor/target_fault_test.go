package executor_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
	"github.com/concurlint/concurlint/testdata/faults"
)

// envBuild has a test process build the targets of a folder and exit.
const envBuild = "CONCURLINT_TEST_BUILD"

const faultSources = 6

// faultTargets are copies of the sources, which take a while, each with its length
// beside it, and a file of all copies. What a file holds ends with "end".
func faultTargets(dir string) []executor.Target {
	var targets []executor.Target
	var copies []string
	for i := range faultSources {
		source := filepath.Join(dir, fmt.Sprint("source", i))
		to := filepath.Join(dir, "out", fmt.Sprint("copy", i))
		copies = append(copies, to)
		targets = append(targets, executor.Target{Inputs: []string{source}, Outputs: []string{to, to + ".length"}, Make: slowCopy(source)})
	}
	all := filepath.Join(dir, "out", "all")
	return append(targets, executor.Target{Inputs: copies, Outputs: []string{all}, Make: slowCopy(copies...)})
}

func slowCopy(from ...string) func(context.Context, []string) error {
	return func(_ context.Context, out []string) error {
		var all []byte
		for _, name := range from {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			all = append(all, text...)
		}
		f, err := os.Create(out[0])
		if err != nil {
			return err
		}
		defer f.Close()
		for line := range bytes.Lines(all) { // so that a kill finds it half written
			time.Sleep(time.Millisecond)
			if _, err := f.Write(line); err != nil {
				return err
			}
		}
		if len(out) == 1 {
			return nil
		}
		return os.WriteFile(out[1], fmt.Appendf(nil, "%d\nend\n", len(all)), 0o666)
	}
}

func buildThere(dir string) {
	if _, err := executor.Build(context.Background(), faultTargets(dir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// TestBuildFaults kills builds, two at a time, and changes, damages and deletes
// what they read and write. At no time an output is half written, and when a build
// has ended all are what the sources say.
//
//	CONCURLINT_FAULTS=200 go test ./advisor/executor -run BuildFaults
func TestBuildFaults(t *testing.T) {
	f := &buildFaults{faults.New(t, 4), t.TempDir()}
	for i := range faultSources {
		f.change(i)
	}
	f.Repeat(f.round)
}

type buildFaults struct {
	*faults.Test
	dir string
}

// change gives a source another content, at once: a build that found it cut short
// would rightly make a copy of that.
func (f *buildFaults) change(i int) {
	text := strings.Repeat(fmt.Sprintf("source %d as of %d\n", i, f.Rand.Uint64()), 1+f.Rand.IntN(12)) + "end\n"
	name := filepath.Join(f.dir, fmt.Sprint("source", i))
	write(f.T, name+".new", text)
	if err := os.Rename(name+".new", name); err != nil {
		f.Fatal(err)
	}
}

// round hits one or two builds, then lets two run to their end.
func (f *buildFaults) round() {
	builds := f.start(1 + f.Rand.IntN(2))
	time.Sleep(time.Duration(f.Rand.IntN(60)) * time.Millisecond)
	if f.Chance(2) {
		f.spoil(false)
	}
	for _, b := range builds {
		if f.Rand.IntN(4) > 0 && b.Process.Kill() == nil {
			f.Hit("kill")
		}
		b.Wait()
	}
	f.whole()
	for range f.Rand.IntN(3) {
		f.spoil(true)
	}
	for _, b := range f.start(2) {
		if err := b.Wait(); err != nil {
			f.Errorf("a build that nobody hit: %v\n%s", err, b.Stderr)
		}
	}
	f.complete()
}

func (f *buildFaults) start(n int) []*exec.Cmd {
	var builds []*exec.Cmd
	for range n {
		b := exec.Command(os.Args[0])
		b.Env = append(os.Environ(), envBuild+"="+f.dir)
		b.Stderr = new(bytes.Buffer)
		if err := b.Start(); err != nil {
			f.Fatal(err)
		}
		builds = append(builds, b)
	}
	return builds
}

// spoil changes a source, or deletes or damages an output or a record; outputs are
// damaged only where that will not be taken for the work of a build.
func (f *buildFaults) spoil(outputs bool) {
	if f.Chance(3) {
		f.change(f.Rand.IntN(faultSources))
		f.Note("source")
		return
	}
	kind := []string{"*", ".made/record/*"}[f.Rand.IntN(2)]
	name := f.Pick(filepath.Join(f.dir, "out", kind))
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		return
	}
	if kind == "*" && !outputs {
		os.Remove(name)
		return
	}
	f.Damage(name)
}

// whole holds that all outputs that are there are complete.
func (f *buildFaults) whole() {
	files, _ := filepath.Glob(filepath.Join(f.dir, "out", "[ac]*"))
	for _, name := range files {
		if text, err := os.ReadFile(name); err == nil && !bytes.HasSuffix(text, []byte("\nend\n")) {
			f.Errorf("%s is half written: %q", name, text)
		}
	}
}

// complete holds that all outputs are those of the sources, and nothing is left to
// make or to clean up.
func (f *buildFaults) complete() {
	f.whole()
	var all []byte
	for i := range faultSources {
		text, err := os.ReadFile(filepath.Join(f.dir, fmt.Sprint("source", i)))
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, text...)
		have, _ := os.ReadFile(filepath.Join(f.dir, "out", fmt.Sprint("copy", i)))
		length, _ := os.ReadFile(filepath.Join(f.dir, "out", fmt.Sprint("copy", i, ".length")))
		if !bytes.Equal(have, text) || string(length) != fmt.Sprintf("%d\nend\n", len(text)) {
			f.Errorf("copy %d is stale: %q, %q of %q", i, have, length, text)
		}
	}
	if have, _ := os.ReadFile(filepath.Join(f.dir, "out", "all")); !bytes.Equal(have, all) {
		f.Errorf("all is stale: %q of %q", have, all)
	}
	if left, _ := filepath.Glob(filepath.Join(f.dir, "out", ".made", "new", "*")); len(left) > 0 {
		f.Errorf("left behind: %q", left)
	}
	steps, err := executor.Plan(faultTargets(f.dir))
	for _, s := range steps {
		if s.Why != "" {
			f.Errorf("%v is still to be made: %s", s.Outputs, s.Why)
		}
	}
	if err != nil {
		f.Error(err)
	}
}
