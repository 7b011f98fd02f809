package profile

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/exp/trace"
)

// Each case is a script of events, one a line:
//
//	ms goroutine from>to at=stack by=stack why=reason
//	ms goroutine sample at=stack
//
// A stack is leaf<caller<…; "lost" is a stretch that cannot be read. What comes
// of it is compared line by line.
var traceScripts = []struct {
	name, script, want string
}{
	{"a wait has its run queue apart", `
		0  1 ?>running at=time.Sleep<m.work
		10 1 running>waiting at=time.Sleep<m.work why=sleep
		40 1 waiting>runnable
		45 1 runnable>running
		50 1 running>waiting at=runtime.chanrecv1<m.work why=chan_receive
		60 1 waiting>runnable`, `
		time.Sleep<m.work: sleep 30ms×1 runnable 5ms×1 running 10ms
		runtime.chanrecv1<m.work: chan 10ms×1 runnable 0s×1 running 5ms
		task m.work by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 60ms sleep 30ms×1 chan 10ms×1 runnable 5ms running 15ms`},
	{"what was under way at the begin and the end counts with the part inside", `
		0  2 ?>running at=m.b
		20 1 ?>waiting at=runtime.netpollblock<internal/poll.(*FD).Read<m.a
		30 1 waiting>runnable
		35 2 running>runnable at=m.b why=preempted
		50 2 runnable>running`, `
		m.b: runnable 15ms×1 running 35ms
		runtime.netpollblock<internal/poll.(*FD).Read<m.a: net 30ms×1 runnable 20ms×1
		task m.b by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 50ms runnable 15ms running 35ms
		task m.a by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 50ms net 30ms×1 runnable 20ms`},
	{"a stack that comes up later is that of the whole wait", `
		0   1 ?>waiting
		0   2 ?>running at=m.b
		90  1 waiting>waiting at=time.Sleep<m.a
		100 2 running>runnable at=m.b`, `
		m.b: runnable 0s×1 running 100ms
		time.Sleep<m.a: sleep 100ms×1
		task m.b by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 100ms running 100ms
		task m.a by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 100ms sleep 100ms×1`},
	{"a wait at a place that never comes up is a note", `
		0  1 ?>waiting
		20 1 waiting>runnable
		20 1 runnable>running
		30 1 running>not`, `
		note: waits at unknown places that began before the recording: 1, 20ms together`},
	{"tasks are the go statements; means come from whole ones", `
		0  1 ?>running at=main.main<runtime.main
		10 2 not>runnable at=m.work by=main.main<runtime.main
		12 3 not>runnable at=m.work by=main.main<runtime.main
		14 4 not>runnable at=m.work by=m.other<runtime.main
		20 2 runnable>running
		25 2 running>waiting at=time.Sleep<m.work why=sleep
		30 2 sample at=m.work
		35 2 waiting>runnable
		36 2 runnable>running
		40 2 running>not
		41 3 runnable>running
		50 3 running>runnable at=m.work why=preempted`, `
		m.work: cpu 10ms/1 runnable 75ms×4 running 13ms
		time.Sleep<m.work: sleep 10ms×1 runnable 1ms×1 running 5ms
		task runtime.main by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 50ms running 50ms
		task m.work by main.main<runtime.main: started 2 ended 1 live 0 peak 2
		  whole 1: lifetime 30ms cpu 10ms sleep 10ms×1 runnable 11ms running 9ms
		  all 2: lifetime 68ms cpu 10ms sleep 10ms×1 runnable 40ms running 18ms
		task m.work by m.other<runtime.main: started 1 ended 0 live 0 peak 1
		  all 1: lifetime 36ms runnable 36ms`},
	{"what samples saw inside of system calls is no wait, at one path or another", `
		0   1 ?>running at=m.a
		0   1 running>syscall at=syscall.read<os.(*File).Read<m.a
		50  1 sample at=syscall.read<os.(*File).Read<m.a
		60  1 syscall>running
		60  1 running>syscall at=syscall.read<os.(*File).Read<m.b
		62  1 sample at=syscall.read<os.(*File).Read<m.b
		65  1 syscall>running
		65  1 running>syscall at=syscall.read<os.(*File).Read<m.a
		85  1 sample at=syscall.read<os.(*File).Read<m.a
		95  1 syscall>runnable
		100 1 runnable>running`, `
		syscall.read<os.(*File).Read<m.a: cpu 20ms/2 file 65ms×2 runnable 5ms×1
		syscall.read<os.(*File).Read<m.b: cpu 10ms/1 file 0s×1
		task m.a by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 100ms cpu 30ms file 65ms×3 runnable 5ms`},
	{"a stretch that is lost interrupts all states; who is not seen again has ended", `
		0   1 ?>waiting at=time.Sleep<m.a
		0   2 ?>waiting at=time.Sleep<m.b
		30  3 ?>running at=m.c
		lost
		90  3 ?>running at=m.c
		100 1 ?>waiting
		110 1 waiting>runnable`, `
		time.Sleep<m.a: sleep 50ms×2 runnable 0s×1
		time.Sleep<m.b: sleep 30ms×1
		m.c: running 50ms
		task m.a by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 110ms sleep 50ms×2
		task m.b by ?: started 0 ended 0 live 0 peak 1
		  all 1: lifetime 110ms sleep 30ms×1
		task m.c by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 110ms running 50ms`},
	{"the runtime's own goroutines and the recording are left out", `
		0  1 ?>waiting at=runtime.gopark<runtime.bgsweep
		0  2 ?>waiting at=time.Sleep<net/http/pprof.sleep<net/http/pprof.Trace<net/http.(*conn).serve
		0  3 ?>waiting at=time.Sleep<m.a<runtime/pprof.Do<m.b
		10 4 ?>running at=runtime.gcBgMarkWorker`, `
		time.Sleep<m.a<runtime/pprof.Do<m.b: sleep 10ms×1
		task net/http.(*conn).serve by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 10ms
		task m.b by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 10ms sleep 10ms×1`},
	{"a coroutine waits for its turn from the begin", `
		0  1 ?>running at=m.a
		1  2 not>waiting at=iter.Pull<m.a by=m.a
		3  2 waiting>runnable
		4  2 runnable>running
		5  2 running>not`, `
		m.a: running 6ms
		iter.Pull<m.a: chan 2ms×1 runnable 1ms×1
		task m.a by ?: started 0 ended 0 live 1 peak 1
		  all 1: lifetime 5ms running 5ms
		task m.a by m.a: started 1 ended 1 live 0 peak 1
		  whole 1: lifetime 4ms chan 2ms×1 runnable 1ms running 1ms
		  all 1: lifetime 4ms chan 2ms×1 runnable 1ms running 1ms`},
}

func TestTraceAccounts(t *testing.T) {
	for _, c := range traceScripts {
		t.Run(c.name, func(t *testing.T) {
			b := NewBuilder()
			got := rendered(b, play(t, b, c.script))
			if want := lines(c.want); !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func lines(text string) []string {
	var all []string
	for l := range strings.Lines(strings.TrimSpace(text)) {
		all = append(all, strings.Replace(strings.Trim(l, "\t\n"), "\n", "", 1))
	}
	return all
}

// play adds up a script.
func play(t *testing.T, b *Builder, script string) *Source {
	r := newTraceReader(b)
	r.goroutines.begin = -1
	for _, line := range lines(script) {
		f := strings.Fields(line)
		if f[0] == "lost" {
			r.goroutines.lose(r.now)
			r.goroutines.begin = -1
			continue
		}
		ms, err := strconv.Atoi(f[0])
		if err != nil {
			t.Fatal(err)
		}
		id, err := strconv.Atoi(f[1])
		if err != nil {
			t.Fatal(err)
		}
		ev, err := event(trace.Time(ms)*trace.Time(time.Millisecond), trace.GoID(id), f[2], f[3:])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		r.event(&ev)
	}
	return r.finish()
}

var goStates = map[string]trace.GoState{
	"?": trace.GoUndetermined, "not": trace.GoNotExist, "runnable": trace.GoRunnable,
	"running": trace.GoRunning, "waiting": trace.GoWaiting, "syscall": trace.GoSyscall,
}

func event(at trace.Time, id trace.GoID, what string, args []string) (trace.Event, error) {
	arg := map[string]string{}
	for _, a := range args {
		k, v, _ := strings.Cut(a, "=")
		arg[k] = strings.ReplaceAll(v, "_", " ")
	}
	if what == "sample" {
		return trace.MakeEvent(trace.EventConfig[trace.StackSample]{
			Time: at, Kind: trace.EventStackSample, Goroutine: id, Stack: stackOf(arg["at"]),
		})
	}
	from, to, _ := strings.Cut(what, ">")
	s := trace.MakeGoStateTransition(id, goStates[from], goStates[to])
	s.Stack, s.Reason = stackOf(arg["at"]), arg["why"]
	c := trace.EventConfig[trace.StateTransition]{Time: at, Kind: trace.EventStateTransition, Goroutine: id, Stack: s.Stack, Details: s}
	if by := arg["by"]; by != "" {
		c.Stack = stackOf(by)
	}
	return trace.MakeEvent(c)
}

func stackOf(s string) trace.Stack {
	if s == "" {
		return trace.NoStack
	}
	var frames []trace.StackFrame
	for _, f := range strings.Split(s, "<") {
		pc := crc32.ChecksumIEEE([]byte(f)) // within an event, a counter has one function
		frames = append(frames, trace.StackFrame{PC: uint64(pc), Func: f})
	}
	return trace.MakeStack(frames)
}

// rendered is a source as text.
func rendered(b *Builder, src *Source) []string {
	var out []string
	for _, s := range src.Stacks {
		out = append(out, fmt.Sprintf("%s:%s", pathText(b, s.Frames), weightText(s.Weights)))
	}
	for _, t := range src.Tasks {
		out = append(out, fmt.Sprintf("task %s by %s: started %d ended %d live %d peak %d",
			b.At(t.Start).Func, cmp.Or(pathText(b, t.Creator), "?"), t.Started, t.Ended, t.Live, t.Peak))
		for _, sum := range []struct {
			of string
			Totals
		}{{"whole", t.Whole}, {"all", t.All}} {
			if sum.Goroutines > 0 {
				out = append(out, fmt.Sprintf("  %s %d: lifetime %v%s", sum.of, sum.Goroutines, sum.Lifetime,
					weightText(Weights{CPU: sum.CPU, Running: sum.Running, Runnable: Wait{Time: sum.Runnable}, Waits: sum.Waits})))
			}
		}
	}
	for _, n := range src.Notes {
		if !strings.HasPrefix(n, "no CPU samples") {
			out = append(out, "note: "+n)
		}
	}
	return out
}

func pathText(b *Builder, path []FrameID) string {
	var names []string
	for _, id := range path {
		names = append(names, b.At(id).Func)
	}
	return strings.Join(names, "<")
}

func weightText(w Weights) string {
	var s strings.Builder
	if w.CPU > 0 {
		fmt.Fprintf(&s, " cpu %v", w.CPU)
		if w.Samples > 0 {
			fmt.Fprintf(&s, "/%d", w.Samples)
		}
	}
	for k, wait := range w.Waits {
		if wait != (Wait{}) {
			fmt.Fprintf(&s, " %v %v×%d", Kind(k), wait.Time, wait.Count)
		}
	}
	if w.Runnable.Count > 0 {
		fmt.Fprintf(&s, " runnable %v×%d", w.Runnable.Time, w.Runnable.Count)
	} else if w.Runnable.Time > 0 {
		fmt.Fprintf(&s, " runnable %v", w.Runnable.Time)
	}
	if w.Running > 0 {
		fmt.Fprintf(&s, " running %v", w.Running)
	}
	return s.String()
}

// A host is overcommitted when goroutines ran for longer than the samples saw;
// too few samples, or samples of a part, say nothing.
func TestTraceOvercommit(t *testing.T) {
	for _, c := range []struct {
		name            string
		every, from, to int // samples, ms
		want            float64
		notes           string
	}{
		{"alone", 10, 0, 1000, 1, ""},
		{"a fifth of a core", 50, 0, 1000, 5, ""},
		{"few", 400, 0, 1000, 0, ""},
		{"samples of the first half", 10, 0, 400, 0, "CPU samples cover 390ms of the 1s that goroutines ran"},
		{"none", 1, 0, 0, 0, "no CPU samples in it: the CPU profile was off, or the program computed too little for one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := "0 1 ?>running at=m.a\n"
			for ms := 0; ms < 1000; ms += 10 {
				if ms >= c.from && ms < c.to && ms%c.every == 0 {
					script += fmt.Sprintf("%d 1 sample at=m.a<runtime.goexit\n", ms)
				}
				script += fmt.Sprintf("%d 1 running>runnable at=m.a why=preempted\n%d 1 runnable>running\n", ms+10, ms+10)
			}
			src := play(t, NewBuilder(), script)
			if got := src.Overcommit(); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if got := strings.Join(src.Notes, "; "); got != c.notes {
				t.Errorf("notes %q, want %q", got, c.notes)
			}
			if len(src.Stacks) != 1 {
				t.Errorf("%d stacks", len(src.Stacks))
			}
		})
	}
}
