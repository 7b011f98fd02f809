// Package bench builds and runs the benchmarks of the user's packages, records
// them, and measures their CPU time.
//
// The test binary is built by the go command with the user's own settings
// (GOFLAGS, default.pgo) and run here rather than by "go test", because only so
// is the process's own CPU time known.
package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/perf/benchfmt"
)

// A Target names benchmarks.
type Target struct {
	Dir      string   // that packages are named from; "" is the working directory
	Packages []string // as the go command takes them; none means "."
	Match    string   // what "go test -bench" takes
	Overlay  string   // file for -overlay, "" for none
	Flags    []string // more build flags: -tags, -pgo
	// Progress, if not nil, is told what is begun: building or recording a package.
	Progress func(step string)
}

func (t Target) say(format string, args ...any) {
	if t.Progress != nil {
		t.Progress(fmt.Sprintf(format, args...))
	}
}

// A Binary is a built test binary that has matching benchmarks.
type Binary struct {
	Package string // import path
	Dir     string // of the package: where its tests run
	Path    string
	Match   string
	Names   []string // of the functions that match
}

// Only is the same binary, which of its benchmarks runs those of the names alone.
func (b *Binary) Only(names ...string) *Binary {
	if len(names) == len(b.Names) {
		return b
	}
	part := *b
	part.Names, part.Match = names, "^("+strings.Join(names, "|")+")$"
	if _, sub, ok := strings.Cut(b.Match, "/"); ok {
		part.Match += "/" + sub
	}
	return &part
}

// Options say how a binary is run.
type Options struct {
	Benchtime  string // "" is one second; "100x" is a number of operations
	Trace      string // file to write an execution trace to
	CPUProfile string // likewise; with both, the trace has the CPU samples too
	MemProfile string // likewise: what was allocated, at the runtime's own rate
	Env        []string

	verbose bool
}

// A Run is one run of a binary.
type Run struct {
	Results []Result
	CPU     time.Duration // user and system time of the process, set-up included
	Wall    time.Duration // of the process
	Output  string        // as printed
}

// A Result is the line of one benchmark.
type Result struct {
	Name  string  // without "Benchmark"
	N     int     // operations
	PerOp float64 // seconds
	Rate  float64 // throughput in Unit a second, 0 if the benchmark reports none
	Unit  string  // of Rate, as the benchmark writes it: "MB/s"
}

// Measured is the time that the benchmarks' loops took.
func (r *Run) Measured() time.Duration {
	var sum float64
	for _, res := range r.Results {
		sum += res.PerOp * float64(res.N)
	}
	return time.Duration(sum * float64(time.Second))
}

// Ops is the number of operations of all benchmarks.
func (r *Run) Ops() int {
	n := 0
	for _, res := range r.Results {
		n += res.N
	}
	return n
}

// Operations is how long an operation takes on average, by the name of the
// benchmark's function, the longest of its sub-benchmarks.
func (r *Run) Operations() map[string]time.Duration {
	longest := make(map[string]time.Duration)
	for _, res := range r.Results {
		name, _, _ := strings.Cut(res.Name, "/")
		name = "Benchmark" + procs().ReplaceAllString(name, "")
		longest[name] = max(longest[name], time.Duration(res.PerOp*float64(time.Second)))
	}
	return longest
}

// procs is GOMAXPROCS behind a benchmark's name.
var procs = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`-\d+$`) })

// waitDelay is how long children may keep the output open of a process that has
// ended, and how long the go command has to clean up once it is told to stop.
const waitDelay = 2 * time.Second

// Run runs the binary's matching benchmarks, and no tests. The error has what a
// failing benchmark printed last.
func (b *Binary) Run(ctx context.Context, o Options) (*Run, error) {
	args := []string{"-test.run=^$", "-test.bench=" + b.Match}
	if o.verbose {
		args = append(args, "-test.v")
	}
	for flag, value := range map[string]string{
		"benchtime": o.Benchtime, "trace": o.Trace, "cpuprofile": o.CPUProfile, "memprofile": o.MemProfile,
	} {
		if value != "" {
			args = append(args, "-test."+flag+"="+value)
		}
	}
	tmp := filepath.Join(filepath.Dir(b.Path), "tmp")
	if err := os.MkdirAll(tmp, 0o777); err != nil {
		return nil, err
	}
	cmd := b.command(ctx, args...)
	// An interrupted benchmark leaves its files: here they go with the binary.
	cmd.Env = append(append(os.Environ(), "TMPDIR="+tmp), o.Env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	begin := time.Now()
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // the benchmark did well, and left a child that keeps its output
	}
	run := &Run{Wall: time.Since(begin), Output: out.String()}
	if err != nil {
		return nil, fmt.Errorf("%s: the benchmark failed (%w): %s; go test -run '^$' -bench '%s' %s shows all of it", b.Package, err, lastLines(run.Output), b.Match, b.Package)
	}
	run.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	run.Results = parse(out.Bytes())
	if len(run.Results) == 0 && !o.verbose {
		return nil, b.silent(ctx, o)
	}
	return run, nil
}

// command prepares a run of the binary. With its end, and that of ctx, its
// children end too.
func (b *Binary) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, b.Path, args...)
	cmd.Dir, cmd.WaitDelay = b.Dir, waitDelay
	endTogether(cmd)
	return cmd
}

// silent says why a run gave no figures. Only a verbose run tells of skipping. The
// testing package prints no time where a benchmark took it back by ReportMetric, and
// where the clock stood still.
func (b *Binary) silent(ctx context.Context, o Options) error {
	again, err := b.Run(ctx, Options{Benchtime: "1x", Env: o.Env, verbose: true})
	if err != nil {
		return err
	}
	why := "it printed no time per operation: " + lastLines(again.Output)
	if strings.Contains(again.Output, "--- SKIP") {
		why = "it was skipped: " + lastLines(again.Output)
	} else if strings.Contains(b.Match, "/") {
		why = "no sub-benchmark has that name"
	}
	return fmt.Errorf("%s: no figures of -bench %s: %s", b.Package, b.Match, why)
}

// parse reads the result lines and skips all others.
func parse(out []byte) []Result {
	var lines []*benchfmt.Result
	reader := benchfmt.NewReader(bytes.NewReader(out), "")
	for reader.Scan() {
		if res, ok := reader.Result().(*benchfmt.Result); ok {
			lines = append(lines, res.Clone())
		}
	}
	var list []Result
	units := reader.Units() // what is told of a unit holds before it, too
	for _, res := range lines {
		if sec, ok := res.Value("sec/op"); ok {
			r := Result{Name: res.Name.String(), N: res.Iters, PerOp: sec}
			r.Rate, r.Unit = throughput(res.Values, units)
			list = append(list, r)
		}
	}
	return list
}

// throughput is the rate of its work that a benchmark measures by itself: the one
// of which it says "Unit X/s better=higher", as the benchmark format has it, or
// else the only one it reports, or else that of SetBytes. Of several rates that it
// says nothing of, any may be one of errors or of retries: then it is none.
func throughput(values []benchfmt.Value, units benchfmt.UnitMetadataMap) (float64, string) {
	var told, untold, bytes []benchfmt.Value
	for _, v := range values {
		if v.OrigUnit == "" {
			v.OrigValue, v.OrigUnit = v.Value, v.Unit
		}
		switch better := units.GetBetter(v.Unit); {
		case !strings.HasSuffix(v.Unit, "/s") || better < 0 || v.Value <= 0:
		case v.OrigUnit == "MB/s":
			bytes = append(bytes, v)
		case better > 0:
			told = append(told, v)
		default:
			untold = append(untold, v)
		}
	}
	for _, list := range [][]benchfmt.Value{told, untold, bytes} {
		if len(list) == 1 {
			return list[0].OrigValue, list[0].OrigUnit
		}
	}
	return 0, ""
}

// crash is how the runtime begins its last words, which end in stacks. A panic
// follows the name of the benchmark on its line.
var crash = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(panic|fatal error): .*`) })

// lastLines are the last words of a program in one line.
func lastLines(out string) string {
	if begin := crash().FindString(out); begin != "" {
		return begin
	}
	const most, long = 4, 400
	var list []string
	for _, line := range strings.Split(out, "\n") {
		if line = strings.TrimSpace(line); line != "" && line != "FAIL" && !strings.HasPrefix(line, "exit status") {
			list = append(list, line)
		}
	}
	if len(list) == 0 {
		return "it printed nothing"
	}
	text := strings.Join(list[max(0, len(list)-most):], " | ")
	if len(text) > long {
		text = "…" + strings.ToValidUTF8(text[len(text)-long:], "")
	}
	return text
}

// goCommand runs the go command in a directory. It is told to stop rather than
// killed, since it has children to end and files to remove.
func goCommand(ctx context.Context, dir string, args ...string) (stdout []byte, stderr string, err error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.WaitDelay = dir, waitDelay
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) != nil {
			return cmd.Process.Kill() // a system without signals
		}
		return nil
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, "", fmt.Errorf("the go command is not found in PATH: benchmarks are built with it")
	}
	return out.Bytes(), errs.String(), err
}
