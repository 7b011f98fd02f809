package run

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"github.com/concurlint/concurlint/advisor/executor"
)

func TestMain(m *testing.M) {
	executor.ServeWorker()
	os.Exit(m.Run())
}

// The functions that the tests run.
var calls atomic.Int64

type point struct{ X, Y int }

type counter struct{ n int }

func (c *counter) Close() error { return nil }

func init() {
	Stateless("same", T_R(func(s string) string { calls.Add(1); return s }))
	Stateless("bytes", T_R(func(b []byte) []byte { return bytes.ToUpper(b) }))
	Stateless("quiet", T_(func(string) {}))
	Stateless("check", CT_E(func(_ context.Context, s string) error {
		if s == "bad" {
			return errors.New("it is bad")
		}
		return nil
	}))
	Stateless("odd", T_RE(func(n int) (int, error) {
		switch {
		case n == 13:
			panic("thirteen")
		case n%2 == 0:
			return 0, fmt.Errorf("%d is even", n)
		}
		return n * n, nil
	}))
	Stateless("length", T_R(func(p point) float64 { return float64(p.X*p.X + p.Y*p.Y) }))
	Stateless("number", T_RE(strconv.Atoi))
	Stateful("count", CST_R(func(_ context.Context, c *counter, _ string) string { c.n++; return "x" }), New_RE(func() (*counter, error) { return &counter{}, nil }))
	Stateful("closed", ST_RE(func(c *counter, s string) (string, error) { return s, nil }), New_C_RE(func(context.Context) (*counter, error) { return nil, errors.New("no counter today") }))
}

// runOver runs a harness over a text.
func runOver(t testing.TB, c Config, text string) (out string, last Event, status int) {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := os.WriteFile(in, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	stdin, err := os.Open(in)
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "events"))
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	defer stdout.Close()
	defer log.Close()
	first := stages[c.Stages[0]]
	if c.Coding.In == "" {
		c.Coding.In = DefaultIn(first.in)
	}
	if c.Coding.Out == "" {
		c.Coding.Out = DefaultOut(stages[c.Stages[len(c.Stages)-1]].out)
	}
	status = serve(&control{config: c, orders: make(chan string), events: newEvents(log), inputs: stdin, results: stdout})
	result, err := os.ReadFile(stdout.Name())
	if err != nil {
		t.Fatal(err)
	}
	events, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(bytes.NewReader(events)); s.Scan(); {
		last = Event{}
		if err := json.Unmarshal(s.Bytes(), &last); err != nil {
			t.Fatal(err)
		}
	}
	if last.Report == nil {
		t.Fatalf("no report at the end of %s", events)
	}
	return string(result), last, status
}

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("content"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		config   Config
		in, want string
		failures string
		status   int
	}{
		{name: "text", config: Config{Stages: []string{"same"}}, in: "a\nb\n\nc", want: "a\nb\n\nc\n"},
		{name: "bytes", config: Config{Stages: []string{"bytes"}}, in: "a\n", want: "A\n"},
		{name: "no input", config: Config{Stages: []string{"same"}}},
		{name: "no result", config: Config{Stages: []string{"quiet"}}, in: "a\n"},
		{name: "zero bytes", config: Config{Stages: []string{"same"}, Null: true}, in: "a\nb\x00c\x00", want: "a\nb\x00c\x00"},
		{name: "arguments", config: Config{Stages: []string{"same"}, Args: []string{"x", "y z"}}, in: "not read", want: "x\ny z\n"},
		{name: "tag", config: Config{Stages: []string{"bytes"}, Tag: true}, in: "a\nb\n", want: "a\tA\nb\tB\n"},
		{name: "tag in JSON", config: Config{Stages: []string{"odd"}, Tag: true}, in: "3\n", want: `{"input":"3","output":9}` + "\n"},
		{name: "text as JSON", config: Config{Stages: []string{"same"}, Coding: Coding{Out: JSON}}, in: "a\"b\n", want: `"a\"b"` + "\n"},
		{name: "JSON text", config: Config{Stages: []string{"same"}, Coding: Coding{In: JSON}, Null: true}, in: `"a\nb"` + "\x00", want: "a\nb\x00"},
		{name: "several lines", config: Config{Stages: []string{"same"}, Coding: Coding{In: JSON}}, in: `"a"` + "\n" + `"a\nb"` + "\n" + `"c"`, want: "a\nc\n", status: exitFailures,
			failures: "2: the result is several lines, and so would be several results; -out-dir DIR writes each result into a file of its own, and -out json as a line of JSON; -0 ends it with a zero byte: \"a\\nb\"|"},
		{name: "no text", config: Config{Stages: []string{"same"}}, in: "a\n\xff\n", want: "a\n", status: exitFailures,
			failures: "2: the result is not UTF-8, so it is no text; -out-dir DIR writes each result into a file of its own, and -out json as a line of JSON: \ufffd|"},
		{name: "a zero byte", config: Config{Stages: []string{"same"}, Coding: Coding{In: JSON}, Null: true}, in: "\"a\"\x00\"a\\u0000b\"\x00", want: "a\x00", status: exitFailures,
			failures: "1: the result holds a zero byte, which is the end of one with -0; -out-dir DIR writes each result into a file of its own, and -out json as a line of JSON: \"a\\u0000b\"|"},
		{name: "the first is several lines", config: Config{Stages: []string{"same"}, Coding: Coding{In: JSON}}, in: `"a\nb"` + "\n", status: exitStopped},
		{name: "errors", config: Config{Stages: []string{"odd"}}, in: "1\n2\nx\n\n13\n5\n1.5\n", want: "1\n25\n", status: exitFailures,
			failures: "2: 2 is even: 2|3: does not decode: not JSON: invalid character 'x' looking for beginning of value: x|5: panic: thirteen: 13|7: does not decode: a JSON number 1.5 where int is wanted: 1.5|"},
		{name: "error alone", config: Config{Stages: []string{"check"}}, in: "a\nbad\n", status: exitFailures, failures: "2: it is bad: bad|"},
		{name: "csv", config: Config{Stages: []string{"length"}, Coding: Coding{In: CSV}}, in: "\ufeffx,y\n3,4\n\"1\",z\n", want: "25\n", status: exitFailures,
			failures: `3: does not decode: column y: "z" is no int: "1",z|`},
		{name: "csv without records", config: Config{Stages: []string{"length"}, Coding: Coding{In: CSV}}, in: "x,y\n"},
		{name: "csv without a header", config: Config{Stages: []string{"length"}, Coding: Coding{In: CSV}}},
		{name: "csv of other things", config: Config{Stages: []string{"length"}, Coding: Coding{In: CSV}}, in: "a,b\n1,2\n", status: exitStopped},
		{name: "files", config: Config{Stages: []string{"bytes"}, Coding: Coding{Files: true}}, in: file + "\nnowhere\n", want: "CONTENT\n", status: exitFailures,
			failures: "2: does not decode: open nowhere: no such file or directory: nowhere|"},
		{name: "too long", config: Config{Stages: []string{"same"}, MaxInput: 5}, in: "a\n123456\nb\n", want: "a\nb\n", status: exitFailures, failures: "2: is longer than 5 B (-max-input): 123456|"},
		{name: "state", config: Config{Stages: []string{"count"}, Executor: "io"}, in: "a\nb\n", want: "x\nx\n"},
		{name: "no state", config: Config{Stages: []string{"closed"}}, in: "a\n", status: exitFailures, failures: "1: the state of closed: no counter today: a|"},
		{name: "pipeline", config: Config{Stages: []string{"same", "number", "odd"}}, in: "3\nx\n2\n", want: "9\n", status: exitFailures,
			failures: `2: number: strconv.Atoi: parsing "x": invalid syntax: x|3: odd: 2 is even: 2|`},
		{name: "pipeline that does not fit", config: Config{Stages: []string{"odd", "same"}}, in: "1\n", status: exitStopped},
		{name: "unknown", config: Config{Stages: []string{"same", "nothing"}, Coding: Coding{Out: Text}}, in: "1\n", status: exitStopped},
	} {
		for _, kind := range []string{"auto", "serial", "cpu", "io", "process"} {
			for _, journal := range []bool{false, true} {
				c := test.config
				if c.Executor == "" {
					c.Executor = kind
				}
				dir := t.TempDir()
				c.Failures = filepath.Join(dir, "failures")
				if journal {
					c.Journal = filepath.Join(dir, "journal")
				}
				out, last, status := runOver(t, c, test.in)
				name := fmt.Sprintf("%s, %s, journal %t", test.name, kind, journal)
				if out != test.want || status != test.status {
					t.Errorf("%s: got %q, status %d (%s); want %q, %d", name, out, status, last.Report.Stopped, test.want, test.status)
				}
				if status == exitStopped {
					continue
				}
				if got := failuresOf(t, c.Failures); got != test.failures {
					// Worker processes do not know stages apart.
					if kind != "process" || len(c.Stages) == 1 {
						t.Errorf("%s: failures\n%s\nwant\n%s", name, got, test.failures)
					}
				}
			}
		}
	}
}

func failuresOf(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for line := range strings.Lines(string(text)) {
		var f Failure
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		f.Error, _, _ = strings.Cut(f.Error, ", at ")
		all += fmt.Sprintf("%d: %s: %s|", f.Line, f.Error, f.Input)
	}
	return all
}

// In JSON, an input that is not UTF-8 can be told from one that looks like it,
// and its bytes can be had.
func TestNotUTF8(t *testing.T) {
	inputs := []string{"bad\xff", `"bad\xff"`, "bad\ufffd", "bad"}
	type told struct {
		Input string
		Bytes []byte `json:"input_base64"`
	}
	Stateless("fails", T_E(func(string) error { return errors.New("no") }))
	failures := filepath.Join(t.TempDir(), "failures")
	runOver(t, Config{Stages: []string{"fails"}, Failures: failures}, strings.Join(inputs, "\n"))
	failed, err := os.ReadFile(failures)
	if err != nil {
		t.Fatal(err)
	}
	tagged, _, _ := runOver(t, Config{Stages: []string{"same"}, Tag: true, Coding: Coding{Out: JSON}}, strings.Join(inputs, "\n"))
	for where, text := range map[string]string{"failures": string(failed), "tags": tagged} {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if len(lines) != len(inputs) {
			t.Fatalf("%s: %s", where, text)
		}
		for i, line := range lines {
			var got told
			if err := json.Unmarshal([]byte(line), &got); err != nil {
				t.Fatal(err)
			}
			if exact := got.Bytes != nil; exact != !utf8.ValidString(inputs[i]) || exact && string(got.Bytes) != inputs[i] || !exact && got.Input != inputs[i] {
				t.Errorf("%s: input %q is told as %s", where, inputs[i], line)
			}
		}
	}
}

// A run that goes on with a journal calls the function for the rest alone, and
// writes everything.
func TestResume(t *testing.T) {
	for _, unordered := range []bool{false, true} {
		c := Config{Stages: []string{"same"}, Journal: filepath.Join(t.TempDir(), "j"), Function: "v1", Window: 7, Unordered: unordered}
		var text strings.Builder
		for i := range 500 {
			fmt.Fprintln(&text, i)
		}
		all := text.String()
		part := all[:strings.Index(all, "\n300\n")+1]
		if _, last, status := runOver(t, c, part); status != exitDone || last.Done != 300 {
			t.Fatalf("first run: status %d, %+v", status, last)
		}
		if _, last, status := runOver(t, c, all); status != exitStopped || !strings.Contains(last.Report.Stopped, "has 300 results already; -resume") {
			t.Errorf("again: status %d, %q", status, last.Report.Stopped)
		}
		c.Resume = true
		before := calls.Load()
		out, last, status := runOver(t, c, all)
		if status != exitDone || last.Done != 500 || last.Resumed != 300 || calls.Load()-before != 200 {
			t.Errorf("resumed: status %d, %+v, %d calls", status, last, calls.Load()-before)
		}
		if len(out) != len(all) || !unordered && out != all {
			t.Errorf("results of %d bytes, want %d", len(out), len(all))
		}
		if _, last, _ := runOver(t, c, part); last.Report.Missing != 200 {
			t.Errorf("fewer inputs: %+v", last.Report)
		}
		if _, last, status := runOver(t, c, "x"+all); status != exitStopped || !strings.Contains(last.Report.Stopped, "line 1 is not the input") {
			t.Errorf("other inputs: status %d, %q", status, last.Report.Stopped)
		}
		c.Function = "v2"
		if _, last, status := runOver(t, c, all); status != exitStopped || !strings.Contains(last.Report.Stopped, "the function has changed since; -force") {
			t.Errorf("other function: status %d, %q", status, last.Report.Stopped)
		}
		c.Force = true
		if _, _, status := runOver(t, c, all); status != exitDone {
			t.Errorf("forced: status %d", status)
		}
		c.Force = false // it needs no force a second time
		if out, _, status := runOver(t, c, all); status != exitDone || len(out) != len(all) {
			t.Errorf("after force: status %d", status)
		}
		c.Null = true
		if _, last, status := runOver(t, c, all); status != exitStopped || !strings.Contains(last.Report.Stopped, "it belongs to a run with -in lines -out text") {
			t.Errorf("other options: status %d, %q", status, last.Report.Stopped)
		}
	}
}

func TestResumeFailed(t *testing.T) {
	var fixed atomic.Bool
	Stateless("flaky", T_RE(func(s string) (string, error) {
		if !fixed.Load() && s != "a" {
			return "", errors.New("not now")
		}
		return s, nil
	}))
	c := Config{Stages: []string{"flaky"}, Journal: filepath.Join(t.TempDir(), "j"), Resume: true}
	if out, last, status := runOver(t, c, "a\nb\nc\n"); status != exitFailures || out != "a\n" || last.Failed != 2 {
		t.Errorf("status %d, %q, %+v", status, out, last)
	}
	fixed.Store(true)
	if out, last, status := runOver(t, c, "a\nb\nc\n"); status != exitFailures || out != "a\n" || last.Failed != 2 || last.Resumed != 3 {
		t.Errorf("resumed: status %d, %q, %+v", status, out, last)
	}
	c.ResumeFailed = true
	if out, last, status := runOver(t, c, "a\nb\nc\n"); status != exitDone || out != "a\nb\nc\n" || last.Resumed != 1 {
		t.Errorf("resumed what failed: status %d, %q, %+v", status, out, last)
	}
}

func BenchmarkRun(b *testing.B) {
	for _, journal := range []bool{false, true} {
		b.Run(fmt.Sprintf("journal=%t", journal), func(b *testing.B) {
			text := strings.Repeat("0123456789\n", b.N)
			c := Config{Stages: []string{"same"}, Executor: "auto"}
			if journal {
				c.Journal = filepath.Join(b.TempDir(), "j")
			}
			b.ResetTimer()
			if _, _, status := runOver(b, c, text); status != exitDone {
				b.Fatalf("status %d", status)
			}
		})
	}
}

// counted counts the inputs that were read.
type counted struct {
	from  reader
	count *atomic.Int64
}

func (c counted) read(items []item) (int, error) {
	n, err := c.from.read(items)
	c.count.Add(int64(n))
	return n, err
}

// Reading stays within the window: whichever input runs, no more than that many
// further ones were admitted, and two batches more were read.
func TestReadAhead(t *testing.T) {
	var read, most atomic.Int64
	Stateless("ahead", T_R(func(n int) int {
		for ahead := read.Load() - int64(n); ; {
			if old := most.Load(); ahead <= old || most.CompareAndSwap(old, ahead) {
				return n
			}
		}
	}))
	var text strings.Builder
	const inputs, window = 20000, 16
	for i := range inputs {
		fmt.Fprintln(&text, i)
	}
	in := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(in, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"auto", "serial", "cpu", "io"} {
		read.Store(0)
		stdin, err := os.Open(in)
		if err != nil {
			t.Fatal(err)
		}
		defer stdin.Close()
		stdout, err := os.Create(in + ".out")
		if err != nil {
			t.Fatal(err)
		}
		defer stdout.Close()
		c := Config{Stages: []string{"ahead"}, Coding: Coding{In: JSON, Out: JSON}, Window: window, Executor: kind}
		r := newRunner(&control{config: c, events: newEvents(stdout)})
		if err := r.prepare(stdin, stdout); err != nil {
			t.Fatal(err)
		}
		r.source = counted{r.source, &read}
		if err := r.run(); err != nil {
			t.Fatal(err)
		}
		if out, _ := os.ReadFile(in + ".out"); string(out) != text.String() {
			t.Errorf("%s: other results", kind)
		}
		if n := most.Load(); n > window+2*batch {
			t.Errorf("%s: %d inputs were read ahead of one that ran, want at most %d", kind, n, window+2*batch)
		}
	}
}
