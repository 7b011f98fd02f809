package executor_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/concurlint/concurlint/advisor/executor"
)

// made counts the targets that were made.
type made struct{ atomic.Int64 }

// joined is a target that holds its inputs one after the other.
func (m *made) joined(out string, in ...string) executor.Target {
	return executor.Target{Outputs: []string{out}, Inputs: in, Version: "1", Make: func(_ context.Context, to []string) error {
		m.Add(1)
		var all []byte
		for _, name := range in {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			all = append(all, text...)
		}
		return os.WriteFile(to[0], all, 0o666)
	}}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// What has to be made, and why, is what the plan says before and the build does.
func TestBuild(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a", "one ")
	write(t, "b", "two ")
	var m made
	targets := []executor.Target{ // given backwards
		m.joined("out/all", "out/a", "out/b"),
		m.joined("out/a", "a"),
		m.joined("./out/b", "b"),
	}
	record := "out/.made/record/a"
	for _, step := range []struct {
		name   string
		change func()
		plan   string
		made   int64
		all    string
	}{
		{"first", func() {}, "out/all: missing\n├─ out/a: missing\n│  └─ a\n└─ ./out/b: missing\n   └─ b\n", 3, "one two "},
		{"again", func() {}, "out/all: up to date\n├─ out/a: up to date\n│  └─ a\n└─ ./out/b: up to date\n   └─ b\n", 0, "one two "},
		{"input", func() { write(t, "b", "three ") }, "out/all: unless ./out/b comes out as it was\n├─ out/a: up to date\n│  └─ a\n└─ ./out/b: b has changed\n   └─ b\n", 2, "one three "},
		{"times", func() { write(t, "b", "three ") }, "out/all: up to date\n├─ out/a: up to date\n│  └─ a\n└─ ./out/b: up to date\n   └─ b\n", 0, "one three "},
		{"edited", func() { write(t, "out/all", "mine") }, "out/all: changed since it was made\n├─ out/a: up to date\n│  └─ a\n└─ ./out/b: up to date\n   └─ b\n", 1, "one three "},
		{"lost, the same again", func() { os.Remove("out/a") }, "out/all: out/a is missing\n├─ out/a: missing\n│  └─ a\n└─ ./out/b: up to date\n   └─ b\n", 1, "one three "},
		{"record lost", func() { os.Remove(record) }, "out/all: unless out/a comes out as it was\n├─ out/a: not known to be whole\n│  └─ a\n└─ ./out/b: up to date\n   └─ b\n", 1, "one three "},
		{"record torn", func() { os.Truncate(record, 40) }, "out/all: unless out/a comes out as it was\n├─ out/a: not known to be whole\n│  └─ a\n└─ ./out/b: up to date\n   └─ b\n", 1, "one three "},
		{"another version", func() { targets[1].Version = "2" }, "out/all: unless out/a comes out as it was\n├─ out/a: the function has changed\n│  └─ a\n└─ ./out/b: up to date\n   └─ b\n", 1, "one three "},
		{"another order", func() { targets[0] = m.joined("out/all", "out/b", "out/a") }, "out/all: the inputs are others, or in another order\n├─ ./out/b: up to date\n│  └─ b\n└─ out/a: up to date\n   └─ a\n", 1, "three one "},
	} {
		step.change()
		m.Store(0)
		plan, err := executor.Plan(targets)
		if err != nil || plan.String() != step.plan || m.Load() != 0 {
			t.Errorf("%s: plan %v, want\n%s have\n%s", step.name, err, step.plan, plan)
		}
		did, err := executor.Build(t.Context(), targets)
		if err != nil || m.Load() != step.made {
			t.Errorf("%s: %v, %d made, want %d", step.name, err, m.Load(), step.made)
		}
		var why int64
		for _, s := range did {
			if s.Why != "" {
				why++
			}
		}
		if why != step.made {
			t.Errorf("%s: %d steps have a reason, want %d:\n%s", step.name, why, step.made, did)
		}
		if text, _ := os.ReadFile("out/all"); string(text) != step.all {
			t.Errorf("%s: all is %q, want %q", step.name, text, step.all)
		}
	}
}

// A long chain and a wide layer are built by each executor, in order.
func TestBuildLarge(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "0", "x")
	for _, kind := range []executor.Kind{executor.Auto, executor.Serial, executor.CPU, executor.IO} {
		var m made
		var targets []executor.Target
		var wide []string
		for i := range 100 {
			targets = append(targets, m.joined(fmt.Sprintf("%s/chain%d", kind, i+1), fmt.Sprintf("%s/chain%d", kind, i)))
			wide = append(wide, fmt.Sprintf("%s/wide%d", kind, i))
			targets = append(targets, m.joined(wide[i], "0"))
		}
		targets = append(targets, m.joined(string(kind)+"/chain0", wide...))
		if _, err := executor.Build(t.Context(), targets, executor.Options{Executor: kind}); err != nil || m.Load() != 201 {
			t.Fatalf("%s: %v, %d made", kind, err, m.Load())
		}
		if text, _ := os.ReadFile(string(kind) + "/chain100"); string(text) != strings.Repeat("x", 100) {
			t.Errorf("%s: %q", kind, text)
		}
	}
}

// What cannot be built is an error that says why, and leaves the outputs as they
// were.
func TestBuildErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a", "one")
	var m made
	none := func(context.Context, []string) error { return nil }
	cause := errors.New("no luck")
	for _, test := range []struct {
		name    string
		targets []executor.Target
		want    string
	}{
		{"no output", []executor.Target{{Make: none}}, "executor: a Target needs Outputs and Make"},
		{"no function", []executor.Target{{Outputs: []string{"x"}}}, "executor: a Target needs Outputs and Make"},
		{"two", []executor.Target{m.joined("x", "a"), m.joined("./x", "a")}, "executor: two targets make ./x"},
		{"cycle", []executor.Target{m.joined("w", "x"), m.joined("x", "y"), m.joined("y", "z"), m.joined("z", "x")}, "executor: a target is made of itself: x of y of z of x"},
		{"no input", []executor.Target{m.joined("x", "nowhere")}, "x: open nowhere: no such file or directory"},
		{"not written", []executor.Target{{Outputs: []string{"x"}, Make: none}}, "x: x was not written"},
		{"half of it", []executor.Target{{Outputs: []string{"x", "y"}, Make: func(_ context.Context, out []string) error {
			return os.WriteFile(out[0], nil, 0o666)
		}}}, "x: y was not written"},
		{"failed", []executor.Target{{Outputs: []string{"x"}, Make: func(_ context.Context, out []string) error {
			os.WriteFile(out[0], []byte("half"), 0o666)
			return cause
		}}, m.joined("y", "x")}, "x: no luck"},
		{"panic", []executor.Target{{Outputs: []string{"x"}, Make: func(_ context.Context, out []string) error { panic("oh") }}}, "x: panic: oh"},
		{"changed", []executor.Target{{Outputs: []string{"x"}, Inputs: []string{"a"}, Make: func(_ context.Context, out []string) error {
			write(t, "a", "two")
			return os.WriteFile(out[0], []byte("one"), 0o666)
		}}}, "x: an input changed while it was read; build once more"},
		{"directory", []executor.Target{m.joined("d", "a")}, "d: d is a directory; a target is a file"},
	} {
		os.RemoveAll("d")
		os.Mkdir("d", 0o777)
		_, err := executor.Build(t.Context(), test.targets)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
		for _, name := range []string{"x", "y", ".made/new/x", ".made/new/y"} {
			if _, err := os.Stat(name); err == nil {
				t.Errorf("%s: %s is there", test.name, name)
			}
		}
		if test.name == "failed" && !errors.Is(err, cause) {
			t.Errorf("%v is not its cause", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := executor.Build(ctx, []executor.Target{m.joined("x", "a")}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func ExamplePlan() {
	dir, _ := os.MkdirTemp("", "targets")
	defer os.RemoveAll(dir)
	in := func(names ...string) []string {
		for i := range names {
			names[i] = filepath.Join(dir, names[i])
		}
		return names
	}
	os.WriteFile(in("words.txt")[0], []byte("so many words"), 0o666)
	count := executor.Target{
		Inputs: in("words.txt"), Outputs: in("count.txt"), Version: "1",
		Make: func(_ context.Context, out []string) error {
			text, err := os.ReadFile(in("words.txt")[0])
			if err != nil {
				return err
			}
			return os.WriteFile(out[0], []byte(fmt.Sprintln(len(strings.Fields(string(text))))), 0o666)
		},
	}
	for range 2 { // the second time there is nothing to do
		steps, err := executor.Plan([]executor.Target{count})
		fmt.Print(strings.ReplaceAll(steps.String(), dir+string(filepath.Separator), ""))
		if err == nil {
			steps, err = executor.Build(context.Background(), []executor.Target{count})
		}
		fmt.Println(steps[0].Why, err)
	}
	// Output:
	// count.txt: missing
	// └─ words.txt
	// missing <nil>
	// count.txt: up to date
	// └─ words.txt
	//  <nil>
}
