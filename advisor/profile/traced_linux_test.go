package profile

import (
	"bytes"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	rtrace "runtime/trace"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/exp/trace"
)

// traced are programs whose goroutines stand still where no snapshot shows it: those of
// the runtime, and what is over in an instant. An execution trace shows both.
var traced = []struct {
	name string
	run  func(t *testing.T)
	want map[string]wait // by a frame: all stacks with it, of which there are some
}{
	{"collector", collect, map[string]wait{
		"runtime.gcBgMarkWorker": {Idle, "collector's worker"},
		"runtime.bgsweep":        {Idle, "sweeper"},
		"runtime.bgscavenge":     {Idle, "scavenger"},
		"runtime.gcAssistAlloc":  {Memory, "assisting the collector"},
		"runtime.gcParkAssist":   {Memory, "assisting the collector"},
		"runtime.gcWaitOnMark":   {Memory, "runtime.GC"},
		"runtime.stopTheWorld":   {Memory, "stopping the world"},
		"runtime.forcegchelper":  {Idle, "periodic collection"},
	}},
	{"workers of the collector", func(*testing.T) {
		defer runtime.SetDefaultGOMAXPROCS()
		mostProcs += 2 // a worker for each, and they stay
		runtime.GOMAXPROCS(mostProcs)
		runtime.GC()
	}, map[string]wait{"runtime.gcBgMarkStartWorkers": {Memory, "start of a collection"}}},
	{"finalizers", func(*testing.T) {
		for range 100 {
			p, q := new([64]byte), new([64]byte)
			runtime.SetFinalizer(p, func(*[64]byte) {})
			runtime.AddCleanup(q, func(int) {}, 1)
		}
		runtime.GC()
		runtime.GC()
	}, map[string]wait{"runtime.runFinalizers": {Idle, "finalizers"}, "runtime.runCleanups": {Idle, "cleanups"}, "runtime.updateMaxProcsGoroutine": {Idle, "updates of GOMAXPROCS"}}},
	{"subprocess", func(t *testing.T) {
		p := must(os.StartProcess(os.Args[0], []string{os.Args[0], "-test.run=^$"}, &os.ProcAttr{}))(t)
		p.Wait()
	}, map[string]wait{"syscall.forkExec": {Proc, "start of a subprocess"}, "internal/syscall/unix.Waitid": {Proc, "subprocess"}}},
	{"command", func(*testing.T) { exec.Command(os.Args[0], "-test.run=^$").Run() },
		map[string]wait{"os/exec.(*Cmd).Run": {Proc, "subprocess"}}},
	{"signals", func(t *testing.T) {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR2)
		defer signal.Stop(c)
		for range 3 {
			syscall.Kill(os.Getpid(), syscall.SIGUSR2)
			<-c
		}
	}, map[string]wait{"runtime.ensureSigM": {Idle, "signals"}, "os/signal.signal_recv": {Idle, "signals"}, "os/signal.Notify": {Idle, "signals"}}},
	{"files", func(t *testing.T) {
		f := must(os.CreateTemp(t.TempDir(), ""))(t)
		defer f.Close()
		for range 20 {
			f.Write(make([]byte, 4096))
			f.Sync()
		}
	}, map[string]wait{"internal/poll.(*FD).Fsync": {File, "file"}, "os.(*File).Write": {File, "file"}}},
	{"own calls", func(t *testing.T) {
		fd := must(syscall.Open(t.TempDir()+"/f", syscall.O_CREAT|syscall.O_RDWR, 0o600))(t)
		defer syscall.Close(fd)
		syscall.Pwrite(fd, make([]byte, 4096), 0)
		syscall.Fsync(fd)
	}, map[string]wait{"syscall.Fsync": {File, "file"}, "syscall.Pwrite": {File, "file"}}},
	{"changes of files", func(t *testing.T) {
		w := must(fsnotify.NewWatcher())(t)
		defer w.Close()
		dir := t.TempDir()
		check(t, w.Add(dir))
		check(t, os.WriteFile(dir+"/f", nil, 0o600))
		<-w.Events
	}, map[string]wait{"github.com/fsnotify/fsnotify.(*inotify).readEvents": {Idle, "changes of files"}}},
}

// mostProcs is how many the runtime has ever had.
var mostProcs = runtime.GOMAXPROCS(0)

// collect makes garbage, collects it, and stops the world.
func collect(*testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			keep := make([][]byte, 1000)
			for i := range 20000 {
				keep[i%len(keep)] = make([]byte, 4096)
			}
		})
	}
	wg.Go(func() {
		var m runtime.MemStats
		for range 20 {
			runtime.GC()
			runtime.ReadMemStats(&m)
		}
	})
	wg.Wait()
	debug.FreeOSMemory()
}

// runTraced runs a program until its trace shows all that is wanted: what the runtime
// does at a time is up to it.
func runTraced(t *testing.T, run func(*testing.T), want map[string]wait, asked *[]told) {
	for end := time.Now().Add(patience); ; {
		missing := maps.Clone(want)
		for _, x := range standing(t, run) {
			*asked = append(*asked, x)
			for frame, w := range want {
				if !x.has(frame) || x.reason == "preempted" {
					continue
				}
				delete(missing, frame)
				if x.answer != w && x.answer.kind != w.kind {
					t.Errorf("%s: %v, %q; want %v, %q: %s", x.reason, x.answer.kind, x.answer.what, w.kind, w.what, strings.Join(x.funcs, " < "))
				}
			}
		}
		if len(missing) == 0 || t.Failed() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("no goroutine stood still in %v", slices.Sorted(maps.Keys(missing)))
		}
	}
}

// standing are the stacks at which goroutines stood still in a trace.
func standing(t *testing.T, run func(*testing.T)) (list []told) {
	var buf bytes.Buffer
	check(t, rtrace.Start(&buf))
	run(t)
	rtrace.Stop()
	r := must(trace.NewReader(&buf))(t)
	for {
		ev, err := r.ReadEvent()
		if err == io.EOF {
			return list
		}
		check(t, err)
		if ev.Kind() != trace.EventStateTransition {
			continue
		}
		tr := ev.StateTransition()
		if tr.Resource.Kind != trace.ResourceGoroutine {
			continue
		}
		_, to := tr.Goroutine()
		reason := tr.Reason
		if to == trace.GoSyscall {
			reason = "syscall"
		} else if to != trace.GoWaiting {
			continue
		}
		var funcs []string
		for f := range tr.Stack.Frames() {
			funcs = append(funcs, f.Func)
		}
		x := ask(funcs, reason)
		if !slices.ContainsFunc(list, func(y told) bool { return y.reason == reason && slices.Equal(y.funcs, funcs) }) {
			list = append(list, x)
		}
	}
}
