package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/truth/cases"
	"example.com/truth/measure"
)

var (
	suite   = flag.Bool("suite", false, "record all cases and hold the advisor to the truth, some minutes")
	only    = flag.String("case", "", "`regexp` of the cases to record, all by default")
	command = flag.String("concurlint", "", "`program` to test; by default it is built from this repository")
	keep    = flag.String("keep", "", "`directory` in which recordings and answers remain")
	reuse   = flag.Bool("reuse", false, "judge the recordings in -keep again, and make none")
)

// A setting is a way in which each case is recorded.
type setting struct {
	name   string
	beside int     // busy processes on the same machine
	span   string  // of the recording: a CPU sample is taken each 10 ms that the program computes
	wait   float64 // by how much a wait may be wrong
	bench  bool    // recorded by the advisor itself, which then knows the process's CPU time
}

// Waits are within 5 % on an idle machine, and within 15 % beside others.
// Computing is within 5 % where the system's account of the process is known. What a
// function has of it is told by samples: with three quarters of 250 of them, as a second
// on two cores has, one standard error is 3.6 %, with those of 6 s 1.5 %.
var settings = []setting{
	{name: "idle", span: "2s", wait: 0.05},
	{name: "loaded", beside: 8, span: "6s", wait: 0.15},
	{name: "bench", span: "6s", wait: 0.05, bench: true},
}

const computing = 0.05

// TestFindings holds the analyzers to the marks of the cases.
func TestFindings(t *testing.T) {
	newRecorder(t).checkFindings(t)
}

// TestSuite records every case and compares what the advisor says with the truth.
//
//	go test -suite -timeout 30m -v .
func TestSuite(t *testing.T) {
	if !*suite {
		t.Skip("takes minutes; -suite runs it")
	}
	s := newRecorder(t)
	s.program = filepath.Join(t.TempDir(), "truth")
	mustRun(t, exec.Command("go", "build", "-o", s.program, "."))
	if s.dir = *keep; s.dir == "" {
		s.dir = t.TempDir()
	}
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var board scoreboard
	for _, set := range settings {
		if *reuse {
			if set.bench {
				continue
			}
			set.beside = 0
		}
		stop := busyBeside(t, set.beside)
		for _, name := range slices.Sorted(maps.Keys(cases.All)) {
			if match, err := regexp.MatchString(*only, name); err != nil || !match {
				continue
			}
			v := s.one(set, name)
			board.add(set.name, name, v)
			t.Logf("%s %s: %s", set.name, name, v)
		}
		stop()
	}
	t.Log("\n" + board.String())
	if board.failed() {
		t.Error("the advisor is not up to the truth")
	}
}

type recorder struct {
	dir, concurlint, program string
	marks                    []mark
}

// newRecorder has the command and the marks.
func newRecorder(t *testing.T) *recorder {
	t.Helper()
	s := &recorder{concurlint: *command}
	if s.concurlint == "" {
		s.concurlint = filepath.Join(t.TempDir(), "concurlint")
		mustRun(t, exec.Command("go", "build", "-C", "../../..", "-o", s.concurlint, "./cmd/concurlint"))
	}
	var err error
	if s.marks, err = readMarks("cases", "farend"); err != nil {
		t.Fatal(err)
	}
	return s
}

// one records a case, asks for advice and judges it.
func (s *recorder) one(set setting, name string) verdicts {
	base := absolute(filepath.Join(s.dir, name+"."+set.name))
	advise := exec.Command(s.concurlint, "advise", "-profile", base+".trace", "-format", "json", "./...")
	switch {
	case set.bench:
		advise = exec.Command(s.concurlint, "advise", "-bench", "^Benchmark$/^"+name+"$", "-benchtime", set.span, "-format", "json", "./...")
		advise.Env = append(os.Environ(), "TRUTH_FILE="+base+".truth")
	case !*reuse:
		record := exec.Command(s.program, "-for", set.span, "-trace", base+".trace", "-truth", base+".truth", name)
		if out, err := record.CombinedOutput(); err != nil {
			return broken("%v: %s", err, out)
		}
	}
	out, err := advise.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
		}
		return broken("%v", err)
	}
	if err := os.WriteFile(base+".json", out, 0o666); err != nil {
		return broken("%v", err)
	}
	var truth measure.Truth
	var report report
	if err := errors.Join(readJSON(base+".truth", &truth), readJSON(base+".json", &report)); err != nil {
		return broken("%v", err)
	}
	return judge(set, name, s.marks, truth, report)
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func readJSON(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// checkFindings holds the analyzers to the marks: the cases are theirs as well. What
// is shown has to be marked. What is marked has to be a candidate; whether it is
// shown rests on points, and one whose confidence is next to a quarter comes and
// goes as these are fitted.
func (s *recorder) checkFindings(t *testing.T) {
	t.Helper()
	out, err := exec.Command(s.concurlint, "-severity", "note", "-confidence", "0", "-fail-on", "error", "-format", "json", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var lint report
	if err := json.Unmarshal(out, &lint); err != nil {
		t.Fatal(err)
	}
	wanted := slices.DeleteFunc(slices.Clone(s.marks), func(m mark) bool { return m.what != "finding" })
	for _, f := range lint.Findings {
		is := func(m mark) bool { return m.words[0] == f.Rule && f.about(m.place()) }
		if !slices.ContainsFunc(s.marks, func(m mark) bool { return m.what == "finding" && is(m) }) && f.Confidence >= 0.25 {
			t.Errorf("unexpected finding %s:%d %s: %s", f.File, f.Line, f.Rule, f.Message)
		}
		wanted = slices.DeleteFunc(wanted, is)
	}
	for _, m := range wanted {
		t.Errorf("no finding %s %s", m.at(), m.words[0])
	}
}

func mustRun(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
}

const busyEnv = "TRUTH_BUSY"

// busyBeside starts n processes that only compute, and returns what ends them.
func busyBeside(t *testing.T, n int) (stop func()) {
	t.Helper()
	var lifelines []io.Closer
	for range n {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), busyEnv+"=1")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lifelines = append(lifelines, in)
	}
	return func() {
		for _, in := range lifelines {
			in.Close()
		}
	}
}

// busy keeps one core busy until the input ends, in a process that busyBeside started.
func busy() {
	if os.Getenv(busyEnv) == "" {
		return
	}
	go func() {
		for {
			strings.Count(busyEnv, "Y")
		}
	}()
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}
