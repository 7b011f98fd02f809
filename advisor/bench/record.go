package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/limits"
	"github.com/concurlint/concurlint/advisor/profile"
)

// A Recording is what one package's benchmarks left.
type Recording struct {
	Package    string
	Trace      string // file: an execution trace with CPU samples in it
	CPUProfile string // file, of the same run
	MemProfile string // likewise; it is written behind the run and slows nothing down
	Run        *Run
	Limits     profile.Limits // of the process that ran them
	Notes      []string
}

// Least is the shortest run that says something. The CPU profile takes a sample
// each 10 ms, so that half a second has 50 of them for each core: with fewer, the
// share of a line is off by more than its seventh.
const Least = 500 * time.Millisecond

// longer is the benchtime of the second try.
const longer = "3s"

// Record builds and runs benchmarks with an execution trace and the CPU profile
// on. It repeats a run that is too short to say anything once, for longer. A
// package that fails while another can be recorded is a note of that other one.
// The files are in a directory that cleanup removes; cleanup may be called after
// an error too.
func Record(ctx context.Context, t Target, benchtime string) (list []Recording, cleanup func(), err error) {
	dir, err := os.MkdirTemp("", "concurlint-bench-")
	if err != nil {
		return nil, func() {}, err
	}
	cleanup = func() { os.RemoveAll(dir) }
	binaries, failed, err := build(ctx, t, dir)
	if err != nil {
		return nil, cleanup, err
	}
	for i, b := range binaries {
		rec := Recording{
			Package:    b.Package,
			Trace:      filepath.Join(dir, fmt.Sprintf("%d.trace", i)),
			CPUProfile: filepath.Join(dir, fmt.Sprintf("%d.pprof", i)),
			MemProfile: filepath.Join(dir, fmt.Sprintf("%d.mem.pprof", i)),
			Limits:     limits.Own(),
		}
		t.say("recording %s", b.Package)
		err := rec.record(ctx, b, benchtime)
		switch {
		case ctx.Err() != nil:
			return nil, cleanup, ctx.Err()
		case err != nil:
			failed = append(failed, err)
		default:
			list = append(list, rec)
		}
	}
	if len(list) == 0 {
		return nil, cleanup, failed[0]
	}
	for _, err := range failed {
		list[0].Notes = append(list[0].Notes, "not recorded: "+err.Error())
	}
	return list, cleanup, nil
}

func (rec *Recording) record(ctx context.Context, b *Binary, benchtime string) error {
	var err error
	for _, wanted := range []string{benchtime, longer} {
		rec.Run, err = b.Run(ctx, Options{Benchtime: wanted, Trace: rec.Trace, CPUProfile: rec.CPUProfile, MemProfile: rec.MemProfile})
		if err != nil {
			return err
		}
		if rec.Run.Measured() >= Least {
			return nil
		}
		rec.Notes = []string{fmt.Sprintf("the run of %s took %v and was repeated with -benchtime %s", names(b), rec.Run.Measured().Round(time.Millisecond), longer)}
	}
	return fmt.Errorf("%s: %s runs for %v even with -benchtime %s, too short to say anything: let it do its work b.N times",
		b.Package, names(b), rec.Run.Measured().Round(time.Microsecond), longer)
}

func names(b *Binary) string { return strings.Join(b.Names, ", ") }
