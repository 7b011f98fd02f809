package profile

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// record is a trace of what f does, with the CPU profile on.
func record(t testing.TB, f func()) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := pprof.StartCPUProfile(io.Discard); err != nil {
		t.Skip(err) // go test -cpuprofile
	}
	defer pprof.StopCPUProfile()
	if err := trace.Start(&buf); err != nil {
		t.Skip(err) // go test -trace
	}
	f()
	trace.Stop()
	return buf.Bytes()
}

func mustRead(t testing.TB, data []byte) (*Builder, *Source) {
	t.Helper()
	b := NewBuilder()
	src, err := readTrace(context.Background(), bytes.NewReader(data), "t", b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b, src
}

// below are the weights of all stacks that a function is on.
func below(b *Builder, src *Source, name string) Weights {
	var sum Weights
	for _, s := range src.Stacks {
		if slices.ContainsFunc(s.Frames, func(id FrameID) bool { return strings.HasSuffix(b.At(id).Func, name) }) {
			sum.Add(&s.Weights)
		}
	}
	return sum
}

const (
	rounds  = 5
	nominal = 10 * time.Millisecond
)

// The workloads wait for one thing. How often and for how long is certain of
// sleeping only: on a busy machine, what the others wait for may be there first.
var workloads = []struct {
	name  string // of the function
	work  func(t *testing.T)
	kind  Kind
	count int64 // at least
	least time.Duration
}{
	{"sleeps", sleeps, Sleep, rounds, rounds * nominal},
	{"asksServer", asksServer, Net, 1, 1},
	{"locks", locks, Lock, 1, 1},
	{"receives", receives, Chan, 1, 1},
	{"joins", joins, Join, 1, 1},
	{"syncsFile", syncsFile, File, rounds, 1},
	{"runsProgram", runsProgram, Proc, 1, 1},
}

func TestTraceKinds(t *testing.T) {
	for _, w := range workloads {
		t.Run(w.name, func(t *testing.T) {
			src, got := recordWork(t, w.name, w.work)
			for tries := 0; got.Samples > 0 && got.Waits[w.kind].Time == 0 && tries < 5; tries++ {
				// A CPU sample stands for 10 ms, which may be more than all its waits.
				src, got = recordWork(t, w.name, w.work)
			}
			if k := got.Waits[w.kind]; k.Count < w.count || k.Time < w.least {
				t.Errorf("%v: %v×%d, want at least %v×%d; all: %s", w.kind, k.Time, k.Count, w.least, w.count, weightText(got))
			}
			for k := range NumKinds {
				if k != w.kind && k != Memory && got.Waits[k].Time > got.Waits[w.kind].Time {
					t.Errorf("%v is more than %v: %s", k, w.kind, weightText(got))
				}
			}
			if !src.Test || src.Cores != runtime.GOMAXPROCS(0) || src.Duration < w.least || src.Recorded.IsZero() {
				t.Errorf("test %v, cores %d, duration %v, recorded %v", src.Test, src.Cores, src.Duration, src.Recorded)
			}
		})
	}
}

// recordWork records a workload in a goroutine of its own, and returns what lies below it.
func recordWork(t *testing.T, name string, work func(*testing.T)) (*Source, Weights) {
	data := record(t, func() {
		done := make(chan bool)
		go func() { defer close(done); work(t) }()
		<-done
	})
	b, src := mustRead(t, data)
	return src, below(b, src, "profile."+name)
}

//go:noinline
func sleeps(*testing.T) {
	for range rounds {
		time.Sleep(nominal)
	}
}

//go:noinline
func asksServer(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Error(err)
		return
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 1)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
			time.Sleep(nominal)
			c.Write(buf)
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	buf := make([]byte, 1)
	for range rounds {
		c.Write(buf)
		c.Read(buf)
	}
}

//go:noinline
func locks(*testing.T) {
	var mu sync.Mutex
	for range rounds {
		mu.Lock()
		time.AfterFunc(nominal, mu.Unlock)
		mu.Lock()
		mu.Unlock()
	}
}

//go:noinline
func receives(*testing.T) {
	c := make(chan int)
	for range rounds {
		time.AfterFunc(nominal, func() { c <- 1 })
		<-c
	}
}

//go:noinline
func joins(*testing.T) {
	for range rounds {
		var wg sync.WaitGroup
		wg.Add(1)
		time.AfterFunc(nominal, wg.Done)
		wg.Wait()
	}
}

//go:noinline
func syncsFile(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	for range rounds {
		f.Write([]byte("x"))
		f.Sync()
	}
}

//go:noinline
func runsProgram(t *testing.T) {
	if err := exec.Command(os.Args[0], "-test.run=^$").Run(); err != nil {
		t.Error(err)
	}
}

// Computing is what the samples saw, and goroutines are told apart by where they
// were started.
func TestTraceComputing(t *testing.T) {
	const tasks = 3
	data := record(t, func() {
		var wg sync.WaitGroup
		for range tasks {
			wg.Go(computes)
		}
		wg.Wait()
	})
	b, src := mustRead(t, data)
	got := below(b, src, "profile.computes")
	if got.Samples == 0 || got.CPU != time.Duration(got.Samples)*samplePeriod || got.CPU > src.CPU {
		t.Errorf("cpu %v of %v in %d samples", got.CPU, src.CPU, got.Samples)
	}
	if got.Running < got.CPU/2 || src.Running < got.Running {
		t.Errorf("running %v of %v, cpu %v", got.Running, src.Running, got.CPU)
	}
	i := slices.IndexFunc(src.Tasks, func(t Task) bool {
		return t.Started > 0 && slices.ContainsFunc(t.Creator, func(id FrameID) bool { return strings.Contains(b.At(id).Func, "TestTraceComputing") }) &&
			strings.HasPrefix(b.At(t.Start).Func, "sync.(*WaitGroup).Go")
	})
	if i < 0 {
		t.Fatal("no task")
	}
	// Wait returns before the last goroutine has quite ended.
	if k := src.Tasks[i]; k.Started != tasks || k.Ended < 1 || k.Whole.Goroutines != k.Ended || k.All.Goroutines != tasks || k.All.CPU == 0 || k.Peak < 1 || k.Active <= 0 || k.Active > k.All.Lifetime {
		t.Errorf("%+v", k)
	}
}

// computes needs enough CPU time for samples however often it is interrupted:
// its steps are counted, not timed.
//
//go:noinline
func computes() {
	x := uint64(1)
	for range 100_000_000 {
		x = x*6364136223846793005 + 1442695040888963407
	}
	sink.Store(x)
}

// What is waited for a lock is told where it was given back as well.
func TestTraceHeld(t *testing.T) {
	data := record(t, func() {
		done := make(chan bool)
		go func() { defer close(done); locks(t) }()
		<-done
	})
	b, src := mustRead(t, data)
	waited := below(b, src, "profile.locks").Waits[Lock]
	var held Wait
	for _, s := range src.Stacks {
		if s.Held.Count > 0 && !strings.HasSuffix(b.At(s.Frames[len(s.Frames)-1]).Func, "locks") {
			held.Add(s.Held)
		}
	}
	if held.Count < waited.Count || held.Time < waited.Time {
		t.Errorf("held %v×%d, waited for %v×%d", held.Time, held.Count, waited.Time, waited.Count)
	}
}
