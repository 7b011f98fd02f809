package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor"
)

// adviseOptions are the flags of concurlint advise.
type adviseOptions struct {
	profiles   []string
	collect    time.Duration
	block      bool
	mutex      bool
	keep       string
	bench      string
	benchtime  string
	verify     string
	budget     time.Duration
	apply      bool
	lint       string
	cores      int
	memory     string
	files      int
	http, html string

	url    string        // of -collect, the first argument
	room   int64         // memory in bytes
	linted *advisor.Lint // of -lint
}

var adviseFlags = []string{"C", "format", "knowledge", "tests",
	"profile", "collect", "block", "mutex", "keep", "bench", "benchtime",
	"verify", "budget", "apply", "lint", "cores", "memory", "descriptors", "advice", "explain", "http", "html"}

func (o *adviseOptions) addFlags(set *flag.FlagSet) {
	set.Func("profile", "", func(s string) error {
		o.profiles = append(o.profiles, s)
		return nil
	})
	set.Func("collect", "", func(s string) error { return positive(&o.collect, s, "30s") })
	set.BoolVar(&o.block, "block", false, "")
	set.BoolVar(&o.mutex, "mutex", false, "")
	set.Func("keep", "", func(s string) error { return filled(&o.keep, s, "a directory") })
	set.Func("bench", "", func(s string) error { return filled(&o.bench, s, "a regular expression, . for all") })
	set.StringVar(&o.benchtime, "benchtime", "", "")
	set.Func("verify", "", func(s string) error { return filled(&o.verify, s, "a regular expression, . for all") })
	set.Func("budget", "", func(s string) error { return positive(&o.budget, s, "2m") })
	set.BoolVar(&o.apply, "apply", false, "")
	set.Func("lint", "", func(s string) error { return filled(&o.lint, s, "a file") })
	set.IntVar(&o.cores, "cores", 0, "")
	set.StringVar(&o.memory, "memory", "", "")
	set.Func("descriptors", "", func(s string) (err error) {
		if o.files, err = strconv.Atoi(s); err != nil || o.files < 1 {
			return errors.New("want a number of at least 1, as ulimit -n prints")
		}
		return nil
	})
	set.Func("http", "", func(s string) error { return filled(&o.http, s, "an address such as :0") })
	set.Func("html", "", func(s string) error { return filled(&o.html, s, "a file") })
}

// filled reads a text that must not be empty: an unset variable in a script would
// otherwise leave the flag out.
func filled(to *string, s, want string) error {
	if *to = s; s == "" {
		return errors.New("want " + want)
	}
	return nil
}

// positive reads a time.
func positive(d *time.Duration, s, example string) (err error) {
	if *d, err = time.ParseDuration(s); err != nil || *d <= 0 {
		return fmt.Errorf("want a time such as %s", example)
	}
	return nil
}

const adviseUsage = `usage: concurlint advise -profile FILE [flags] [packages]
       concurlint advise -collect 30s [flags] URL [packages]
       concurlint advise -bench REGEXP [flags] [packages]
       concurlint advise -advice FILE [-explain] [-format json] [-html FILE] [-http ADDR]

Reads what a program recorded about itself, joins it with what the analyzers
found in its source, and says which findings matter, which executor and size
each place needs, and what to change. Run it in the module of that program.
Examples:

	concurlint advise -profile cpu.pprof -profile trace.out    files, in any mix
	concurlint advise -collect 30s localhost:6060              a running program
	concurlint advise -bench Upload ./store                    a benchmark
	concurlint advise -bench Upload -verify Upload ./store     and a proof
	concurlint advise -profile trace.out -http :0              as a page

The best evidence is one execution trace recorded with the CPU profile on: it
tells where the program computes and what it waits for. -collect and -bench
record that. A CPU profile alone says nothing of waits; then the advice says
what is not known. Files may be CPU, heap, block, mutex, goroutine, goroutineleak
and wall (fgprof) profiles and execution traces, compressed or not. What cannot
be read is told, and the rest is used.

A finding's verdict is

	confirmed    the recordings show the cost; a note becomes a warning
	refuted      they show that there is none; a warning becomes a note
	cold         they show that the place hardly runs; likewise
	nodata       they have too few samples to tell, or nothing measured could

A piece of advice has the executor and size now and better, the evidence, the
gain to expect as an interval, what is not known, and the edit where one can be
made: -format json, -html and -http have it as a diff. -explain prints all advice
and not five pieces, and the rule that it follows with its thresholds, which JSON
has as goldenRule.

-verify builds the benchmarks with and without the proposed edit, in an overlay,
and runs both in turn until they can be told apart, or says that they cannot.
Your files are not touched before -apply. With -format json the output is what
concurlint run -advice and executor.ReadAdvice take. -advice shows such a file
again, or what concurlint run -write-advice measured, as text or as a page.

-http serves this machine alone unless ADDR names another address: the page
shows source code.

Exit status: 0 whatever the advice, 2 if none could be given, or what was asked
for could not be proved or written; 130 if interrupted.
`

// adviseHelp describes the flags in the order of the manual.
var adviseHelp = []flagText{
	{"profile", "FILE", "a profile or trace; may be repeated; - is standard input"},
	{"collect", "TIME", "record the program at URL for TIME: host:port, or its /debug/pprof"},
	{"block", "", "with -collect: also its block profile, if the program records one"},
	{"mutex", "", "with -collect: likewise its mutex profile"},
	{"keep", "DIR", "keep what -collect and -bench record in DIR, for -profile"},
	{"bench", "REGEXP", "build, run and record the packages' benchmarks that match"},
	{"benchtime", "TIME", "of each benchmark, as go test takes it; default 1s"},
	{"verify", "REGEXP", "prove the advice on the packages' benchmarks that match"},
	{"budget", "TIME", "running time that -verify plans with for each piece of advice; default 2m"},
	{"apply", "", "with -verify: write the edits that were proved"},
	{"lint", "FILE", "take findings and sites from FILE, as concurlint -sites -format json\nprints them, instead of analyzing the packages"},
	{"cores", "N", "cores where the program will run; default those of the recording"},
	{"memory", "SIZE", "memory that tasks in flight may hold, such as 2GiB; default half of what\nthe program's limit leaves, where -collect or -bench learns that"},
	{"descriptors", "N", "files that the program may open; default its limit, learned likewise"},
	{"http", "ADDR", "serve the advice as a page; :0 chooses a port"},
	{"html", "FILE", "write the page to FILE"},
}

// isBenchtime reports whether go test takes it.
func isBenchtime(s string) bool {
	if n, ok := strings.CutSuffix(s, "x"); ok {
		i, err := strconv.Atoi(n)
		return err == nil && i > 0
	}
	d, err := time.ParseDuration(s)
	return err == nil && d > 0
}

// check refuses values and combinations that mean nothing, before anything is
// built or recorded.
func (o *adviseOptions) check(opts *options) error {
	for _, f := range []struct{ name, value string }{{"bench", o.bench}, {"verify", o.verify}} {
		for part := range strings.SplitSeq(f.value, "/") { // as go test -bench takes it
			if _, err := regexp.Compile(part); err != nil {
				return fmt.Errorf("-%s %q is no regular expression: %s", f.name, f.value, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
			}
		}
	}
	stdins := 0
	for _, name := range o.profiles {
		if name == "-" {
			stdins++
		}
	}
	recording := o.collect > 0 || o.bench != ""
	written := opts.run.advice != ""
	for _, wrong := range []struct {
		is  bool
		why string
	}{
		{o.collect == 0 && (o.block || o.mutex), "-block and -mutex say what -collect asks a program for; add -collect 30s URL"},
		{o.apply && o.verify == "", "-apply writes what -verify proved; add -verify REGEXP"},
		{o.budget > 0 && o.verify == "", "-budget is the time for -verify; add -verify REGEXP"},
		{o.benchtime != "" && o.bench == "", "-benchtime is that of the benchmarks of -bench; add -bench REGEXP"},
		{o.benchtime != "" && !isBenchtime(o.benchtime), "-benchtime " + o.benchtime + ": want a time such as 3s, or a number of operations such as 100x"},
		{o.cores < 0, fmt.Sprintf("-cores %d: want a number of at least 1", o.cores)},
		{written && (recording || len(o.profiles) > 0 || o.verify != "" || o.lint != "" || len(opts.args) > 0), "-advice shows what was written before, of no recording and no package; leave the others out"},
		{len(o.profiles) == 0 && !recording && !written, "nothing to go by; give -profile FILE, -collect 30s URL or -bench REGEXP, concurlint advise -h shows how"},
		{o.keep != "" && !recording, "-keep is for what -collect and -bench record; the files of -profile stay where they are"},
		{stdins > 1, "-profile - is standard input, which can be read once"},
	} {
		if wrong.is {
			return errors.New(wrong.why)
		}
	}
	if o.collect > 0 {
		if err := o.takeURL(opts); err != nil {
			return err
		}
	}
	if o.memory != "" {
		n, err := parseSize(o.memory, 1<<44)
		if err != nil {
			return fmt.Errorf("-memory %s: %v", o.memory, err)
		}
		o.room = int64(n)
	}
	return nil
}

// takeURL takes the address off the packages.
func (o *adviseOptions) takeURL(opts *options) error {
	const example = "for example: concurlint advise -collect 30s localhost:6060"
	if len(opts.args) == 0 {
		return errors.New("-collect needs the address of a program that serves /debug/pprof, " + example)
	}
	o.url, opts.args = opts.args[0], opts.args[1:]
	if strings.HasPrefix(o.url, ".") || strings.HasSuffix(o.url, "...") {
		return fmt.Errorf("-collect wants an address before the packages, and %s is none, %s %s", o.url, example, o.url)
	}
	return nil
}

// again is the part of the command line that leads to the same evidence.
func (o *adviseOptions) again(opts *options) *advisor.Again {
	a := &advisor.Again{Args: []string{}, Benchmark: cmp.Or(o.verify, o.bench)}
	add := func(flag, value string) {
		if value != "" {
			a.Args = append(a.Args, "-"+flag, value)
		}
	}
	add("C", opts.dir)
	for _, name := range o.profiles {
		add("profile", name)
	}
	if o.collect > 0 {
		add("collect", o.collect.String())
		a.Args = append(a.Args, withoutSecrets(o.url))
	}
	add("bench", o.bench)
	add("benchtime", o.benchtime)
	add("lint", o.lint)
	add("memory", o.memory)
	if o.files > 0 {
		add("descriptors", strconv.Itoa(o.files))
	}
	add("knowledge", opts.knowledge)
	if o.cores > 0 {
		add("cores", strconv.Itoa(o.cores))
	}
	if o.bench != "" || o.verify != "" {
		a.Packages = opts.args
	}
	return a
}

// withoutSecrets is an address as it may be shown: a password or a token in it
// must not go into reports.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address // host:port
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
