package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	running "github.com/concurlint/concurlint/advisor/run"
)

// runOptions are the flags of concurlint run.
type runOptions struct {
	inputs []string // behind --; nil: standard input has them

	in, out   string
	outDir    string
	make      bool
	plan      bool
	null      bool
	tag       bool
	unordered bool
	maxInput  string
	window    int
	state     string

	executor string
	workers  int
	retries  int
	soft     time.Duration
	hard     time.Duration
	rate     float64

	failures     string
	cache        string
	cacheMax     string
	cacheAge     time.Duration
	journal      string
	resume       bool
	resumeFailed bool
	force        bool
	salvage      bool

	advice    string
	adviceOut string

	events  string
	explain bool
	dryRun  bool

	most      int // maxInput in bytes
	cacheMost int // cacheMax in bytes
}

var runFlags = []string{"C", "knowledge",
	"in", "0", "out", "out-dir", "make", "plan", "tag", "unordered", "max-input", "window", "state",
	"executor", "j", "retries", "timeout", "kill-after", "rate",
	"failures", "journal", "resume", "resume-failed", "force", "salvage", "cache", "cache-size", "cache-age",
	"advice", "write-advice", "events", "explain", "dry-run"}

func (o *runOptions) addFlags(set *flag.FlagSet) {
	set.StringVar(&o.in, "in", "", "")
	set.StringVar(&o.out, "out", "", "")
	set.StringVar(&o.outDir, "out-dir", "", "")
	set.BoolVar(&o.make, "make", false, "")
	set.BoolVar(&o.plan, "plan", false, "")
	set.BoolVar(&o.null, "0", false, "")
	set.BoolVar(&o.tag, "tag", false, "")
	set.BoolVar(&o.unordered, "unordered", false, "")
	set.StringVar(&o.maxInput, "max-input", "64MiB", "")
	set.IntVar(&o.window, "window", 0, "")
	set.StringVar(&o.state, "state", "", "")
	set.StringVar(&o.executor, "executor", "auto", "")
	set.IntVar(&o.workers, "j", 0, "")
	set.IntVar(&o.retries, "retries", 0, "")
	set.DurationVar(&o.soft, "timeout", 0, "")
	set.DurationVar(&o.hard, "kill-after", 0, "")
	set.Float64Var(&o.rate, "rate", 0, "")
	set.StringVar(&o.failures, "failures", "", "")
	set.StringVar(&o.journal, "journal", "", "")
	set.StringVar(&o.cache, "cache", "", "")
	set.StringVar(&o.cacheMax, "cache-size", "1GiB", "")
	set.DurationVar(&o.cacheAge, "cache-age", 30*24*time.Hour, "")
	set.BoolVar(&o.resume, "resume", false, "")
	set.BoolVar(&o.resumeFailed, "resume-failed", false, "")
	set.BoolVar(&o.force, "force", false, "")
	set.BoolVar(&o.salvage, "salvage", false, "")
	set.StringVar(&o.advice, "advice", "", "")
	set.StringVar(&o.adviceOut, "write-advice", "", "")
	set.StringVar(&o.events, "events", "", "")
	set.BoolVar(&o.explain, "explain", false, "")
	set.BoolVar(&o.dryRun, "dry-run", false, "")
}

const runUsage = `usage: concurlint run [flags] PKG.FUNC [PKG.FUNC ...] < inputs > results
       concurlint run [flags] PKG.FUNC [PKG.FUNC ...] -- input ...

Runs a Go function over each input and writes the results in the order of the
inputs. The first 64 inputs show whether the function waits or computes; then it
runs on the executor that fits, whose size is adjusted as it goes. Examples:

	ls *.jpg | concurlint run -tag ./picture.HashFile      hash files
	concurlint run -in files ./picture.Check -- *.jpg      each file's content
	concurlint run -in csv ./orders.Import < orders.csv    records as structs
	concurlint run -out-dir pages ./web.Fetch < urls       a file for each result
	concurlint run ./web.Fetch ./web.Parse < urls          two stages, a pipeline
	concurlint run -journal j -resume ./web.Fetch < urls   go on after anything

PKG is an import path, a directory such as ./store, or left out for the package
here. FUNC need not be exported, and the package may be internal or a program:
a harness is compiled around it, and nothing is written to your module. What the
function prints goes to standard error. Supported are

	func([context.Context,] [S,] T) [R,] [error]

where T and R are string, []byte or anything that JSON knows. S is a state that
each worker makes for itself by NewS or newS, such as a connection; it is closed
at the end if it has a method Close. Several functions are the stages of a
pipeline, each on its own executor.

What does not decode and what fails is told with its line, and goes to -failures;
the other inputs are run, and the exit status is 1. With -journal, a result is
written only once it is on the disk in the journal. A run that was killed goes on
with the same command and -resume, given the same inputs: standard output is then
complete, with the results of the journal and those of the rest, and each input
has one result. Ctrl-C finishes what runs and exits with status 130; a second one
ends at once. SIGTERM does the same with status 143.

On a terminal a bar shows how it goes; else standard error has JSON lines, one a
second, the last with the report.
`

// runHelp describes the flags in the order of the manual.
var runHelp = []flagText{
	{"in", "FORMAT", "inputs: lines of text, json lines, csv with a header, or files: paths\nwhose contents count. Default: lines for text, json for all else"},
	{"0", "", "inputs and results end with a zero byte, as find -print0 writes them"},
	{"out", "FORMAT", "results: text, a line each, or json. Default: text for text, json for\nall else"},
	{"out-dir", "DIR", "write each result into a file in DIR that is named by its input; standard\noutput has the paths"},
	{"make", "", "with -out-dir: leave files that are up to date, made by the same build of\nthe function of the same input, and not changed since"},
	{"plan", "", "with -out-dir: say what -make would do and why, and run nothing"},
	{"tag", "", "write the input before its result"},
	{"unordered", "", "write results as they come, not in the order of the inputs"},
	{"max-input", "SIZE", "a longer input fails; default 64MiB"},
	{"window", "N", "most inputs read and not yet written; default 4096, of at most 64 MiB"},
	{"state", "FUNC", "makes the per-worker state; default NewT or newT for a state *T"},
	{"executor", "KIND", "auto (the default), serial, cpu, io or process"},
	{"j", "N", "workers; -1 all cores, -2 all but one. Default: chosen and adjusted"},
	{"retries", "N", "try what fails N times more, with growing pauses, or when the error's\nmethod RetryAfter() time.Duration says"},
	{"timeout", "TIME", "an input's context ends after TIME, such as 30s"},
	{"kill-after", "TIME", "give an input up after TIME; executor process kills its worker"},
	{"rate", "N", "start at most N inputs a second"},
	{"failures", "FILE", "what failed: line, error and input, a JSON object a line; input_base64 is\nan input that is not UTF-8"},
	{"journal", "FILE", "record results so that the run can be resumed after anything"},
	{"resume", "", "take the results that the journal has, run the rest"},
	{"resume-failed", "", "likewise, and run what failed once more"},
	{"force", "", "resume though the function has changed"},
	{"salvage", "", "resume though the journal is damaged, with all of it that is whole"},
	{"cache", "DIR", "keep results in DIR, and take those that the same build of the function\nmade of the same input; for functions that depend on nothing else"},
	{"cache-size", "SIZE", "what stays in the cache after the run; default 1GiB"},
	{"cache-age", "TIME", "how long an unused result stays; default 720h"},
	{"advice", "FILE", "go by FILE, as concurlint advise -format json or -write-advice wrote it;\nadvise: show it"},
	{"write-advice", "FILE", "write executor, size and what each size achieved in that form"},
	{"events", "FILE", "progress and report as JSON lines into FILE, the report as text to stderr"},
	{"explain", "", "say in words what was chosen and why; advise: all advice, and its rule"},
	{"dry-run", "", "say what would run, and read no input"},
}

// check refuses values that cannot be used, before anything is built.
func (o *runOptions) check(set *flag.FlagSet) (err error) {
	choices := []struct {
		name, value string
		known       []string
	}{
		{"in", o.in, []string{running.Lines, running.JSON, running.CSV, running.Files}},
		{"out", o.out, []string{running.Text, running.JSON}},
		{"executor", o.executor, []string{"auto", "serial", "cpu", "io", "process"}},
	}
	for _, c := range choices {
		if c.value != "" && !slices.Contains(c.known, c.value) {
			return fmt.Errorf("unknown -%s %q%s; want %s", c.name, c.value, didYouMean(c.value, c.known), orList(c.known))
		}
	}
	if o.most, err = parseSize(o.maxInput, 2<<30); err != nil {
		return fmt.Errorf("-max-input %s: %v", o.maxInput, err)
	}
	if o.cacheMost, err = parseSize(o.cacheMax, 1<<50); err != nil {
		return fmt.Errorf("-cache-size %s: %v", o.cacheMax, err)
	}
	set.Visit(func(f *flag.Flag) {
		negative := strings.HasPrefix(f.Value.String(), "-")
		if f.Name != "j" && slices.Contains(runFlags, f.Name) && negative && isNumber(f.Value.String()) {
			err = fmt.Errorf("-%s %s: want no negative value", f.Name, f.Value)
		}
		if (f.Name == "window" || f.Name == "j") && f.Value.String() == "0" {
			err = fmt.Errorf("-%s 0: want a number of at least 1, or leave the flag out", f.Name)
		}
	})
	switch {
	case err != nil:
		return err
	case o.window > mostWindow:
		return fmt.Errorf("-window %d: want at most %d", o.window, mostWindow)
	case math.IsNaN(o.rate) || math.IsInf(o.rate, 0):
		return fmt.Errorf("-rate %v: want a number of inputs a second", o.rate)
	case o.null && o.in == running.CSV:
		return errors.New("-0 and -in csv exclude each other: a CSV record ends with its line")
	case (o.resume || o.resumeFailed || o.force || o.salvage) && o.journal == "":
		return errors.New("-resume needs -journal FILE, which says what to resume")
	case (o.make || o.plan) && o.outDir == "":
		return errors.New("-make and -plan need -out-dir DIR, which has the files to make")
	case (o.make || o.plan) && o.journal != "":
		return errors.New("-make and -journal exclude each other: a run that was killed goes on with -make, the files say what is done")
	case o.inputs != nil && o.in == running.CSV:
		return errors.New("CSV comes on standard input, not behind --")
	}
	for _, path := range []*string{&o.failures, &o.journal, &o.events, &o.outDir, &o.adviceOut, &o.cache} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	return nil
}

const mostWindow = 1 << 22

func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// parseSize reads a size such as 64MiB, 10k or 4096, of at most so many bytes.
func parseSize(text string, most float64) (int, error) {
	units := []struct {
		suffix string
		factor float64
	}{{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"b", 1}, {"", 1}}
	low := strings.ToLower(strings.ReplaceAll(text, " ", ""))
	for _, u := range units {
		number, ok := strings.CutSuffix(low, u.suffix)
		if !ok {
			continue
		}
		x, err := strconv.ParseFloat(number, 64)
		if x *= u.factor; err != nil || !(x >= 1 && x <= most) { // nor NaN
			break
		}
		return int(x), nil
	}
	return 0, fmt.Errorf("want a size such as 1MiB, of at most %dGiB", int(most)>>30)
}
