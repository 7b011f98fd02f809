package profile

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// A standstill is a function that begins something which waits, a frame that
// its goroutine then has, and what the table has to say about it.
type standstill struct {
	name  string
	begin func(t *testing.T)
	frame string // package and declared function, as in the table
	want  wait
}

// patience is for machines that are very slow: nothing is ever waited that long
// for in vain unless the table is wrong.
const patience = 30 * time.Second

// told is a stack that the table was asked about.
type told struct {
	funcs  []string
	reason string
	answer wait
}

func ask(funcs []string, reason string) told {
	b := NewBuilder()
	path := make([]FrameID, len(funcs))
	for i, f := range funcs {
		path[i] = b.Frame(Frame{Func: f})
	}
	return told{funcs, reason, b.waitOf(path, reason)}
}

func key(linker string) string {
	n := ParseName(linker)
	return canonical(n.Package) + "." + n.declared()
}

func (x told) has(frame string) bool {
	for _, f := range x.funcs {
		if key(f) == frame {
			return true
		}
	}
	return false
}

// TestKinds lets goroutines wait for all that the table knows and that can be run here,
// and looks at their stacks in snapshots and traces. Then every row has to have decided
// about one of these, or it is in unrun with the reason and has decided about one of
// recordedStacks.
func TestKinds(t *testing.T) {
	var asked []told
	for _, s := range standstills {
		t.Run(s.name, func(t *testing.T) { runStandstill(t, s, &asked) })
	}
	for _, p := range traced {
		t.Run(p.name, func(t *testing.T) { runTraced(t, p.run, p.want, &asked) })
	}
	live, elsewhere := slices.Clone(asked), programs(t)
	for _, r := range recordedStacks {
		x := ask(strings.Split(r.stack, " < "), r.reason)
		asked = append(asked, x)
		if x.answer.kind != r.want {
			t.Errorf("%s (%s): %v, %q; want %v", r.stack, r.reason, x.answer.kind, x.answer.what, r.want)
		}
	}
	for _, rows := range [...][]row{operations, innerRows, outerRows} {
		for i := range rows {
			r := &rows[i]
			why := unrunBecause(r.fn)
			switch ran := decided(r, live); {
			case ran && why != "":
				t.Errorf("the row of %s: %q is decided by a program here, and listed as one that cannot be", r.fn, r.what)
			case !ran && why == "":
				t.Errorf("no program here does what the row of %s: %q is about, and nothing says why", r.fn, r.what)
			case why == library && !strings.Contains(elsewhere, `"`+r.fn+`":`):
				t.Errorf("no program of testdata/advisor/kinds does what the row of %s: %q is about", r.fn, r.what)
			case !decided(r, asked):
				t.Errorf("no stack was decided by the row of %s: %q", r.fn, r.what)
			}
		}
	}
}

// runStandstill begins s and waits until its goroutine is where it shall be.
func runStandstill(t *testing.T, s standstill, asked *[]told) {
	pprof.Do(context.Background(), pprof.Labels("standstill", s.name), func(context.Context) { s.begin(t) })
	// On its way to where it will wait, a goroutine may wait for
	// something else for a moment, such as the collector.
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		found, wrong := look(t, s)
		if wrong == "" && slices.ContainsFunc(found, func(x told) bool { return x.answer == s.want }) {
			*asked = append(*asked, found...)
			return
		}
		if time.Now().After(end) {
			t.Fatalf("no goroutine in %s was said to wait for %v, %q, but: %v\n%s", s.frame, s.want.kind, s.want.what, found, wrong)
		}
	}
}

// look takes a snapshot and asks the table about the goroutines of s. What it
// said wrong is text for people.
func look(t *testing.T, s standstill) (found []told, wrong string) {
	for _, funcs := range labelled(t, s.name) {
		x := ask(funcs, "")
		if !x.has(s.frame) || stateOf(funcs[0]) != waiting {
			continue
		}
		found = append(found, x)
		if x.answer.kind != s.want.kind {
			wrong += fmt.Sprintf("%v, %q: %s\n", x.answer.kind, x.answer.what, strings.Join(funcs, " < "))
		}
		// Traces leave out the runtime's frames and give a reason instead.
		if short, reason := likeTrace(funcs); reason != "" {
			if y := ask(short, reason); y.answer.kind != s.want.kind {
				wrong += fmt.Sprintf("as in a trace, %v, %q: %s: %s\n", y.answer.kind, y.answer.what, reason, strings.Join(short, " < "))
			}
		}
	}
	return found, wrong
}

// labelled are the stacks of the goroutines with a label, leaf first.
func labelled(t *testing.T, name string) (stacks [][]string) {
	var buf bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&buf, 0); err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse(&buf)
	if err != nil {
		t.Fatal(err)
	}
	for _, smp := range p.Sample {
		if l := smp.Label["standstill"]; len(l) == 0 || l[0] != name {
			continue
		}
		var funcs []string
		for _, l := range smp.Location {
			for _, line := range l.Line {
				funcs = append(funcs, line.Function.Name)
			}
		}
		stacks = append(stacks, funcs)
	}
	return stacks
}

// likeTrace turns a snapshot's stack into that of a trace.
func likeTrace(funcs []string) (short []string, reason string) {
	words := map[string]string{
		"runtime.selectgo": "select", "runtime.chanrecv1": "chan receive", "runtime.chanrecv2": "chan receive", "runtime.chansend1": "chan send",
		"runtime.netpollblock": "network", "runtime.semacquire1": "sync", "sync.runtime_notifyListWait": "sync.(*Cond).Wait",
	}
	for i, f := range funcs {
		if w := words[f]; w != "" {
			reason = w
		}
		if !strings.HasPrefix(f, "runtime.") && !strings.Contains(f, ".runtime_") {
			return funcs[i:], reason
		}
	}
	return nil, ""
}

// decided says whether the row gave one of the answers.
func decided(r *row, asked []told) bool {
	typeWide := strings.HasSuffix(r.fn, ".*")
	for _, x := range asked {
		if x.answer != r.wait {
			continue
		}
		for _, f := range x.funcs {
			k := key(f)
			if k == r.fn || typeWide && strings.HasPrefix(k, strings.TrimSuffix(r.fn, "*")) {
				return true
			}
		}
	}
	return false
}

func TestStateOf(t *testing.T) {
	for leaf, want := range map[string]state{
		"runtime.gopark":                     waiting,
		"syscall.Syscall6":                   waiting,
		"golang.org/x/sys/unix.Fsync":        waiting,
		"runtime.asyncPreempt2":              running,
		"example.com/a.Loop":                 running,
		"main._Cfunc_compress":               inCgo,
		"runtime.goroutineProfileWithLabels": observer,
	} {
		if got := stateOf(leaf); got != want {
			t.Errorf("%s: %v, want %v", leaf, got, want)
		}
	}
}

// TestMain lets the test binary be the subprocess that a test waits for: it
// reads its input to the end.
func TestMain(m *testing.M) {
	if os.Getenv("CONCURLINT_SUBPROCESS") != "" {
		var b [1]byte
		for {
			if _, err := os.Stdin.Read(b[:]); err != nil {
				os.Exit(0)
			}
		}
	}
	os.Exit(m.Run())
}
