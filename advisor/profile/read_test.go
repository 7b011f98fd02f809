package profile

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

func input(name string, data []byte) Input {
	return Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

func readBytes(data []byte) (*Evidence, error) {
	return Read(context.Background(), []Input{input("x", data)}, Options{})
}

func packed(data []byte) []byte {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	z.Write(data)
	z.Close()
	return buf.Bytes()
}

func unpacked(data []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		panic(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	return plain
}

// made is a profile with the given sample types, of stacks given as functions,
// leaf first and divided by "<"; a "+" before a function says that the one before was
// inlined into it.
func made(types string, period *profile.ValueType, samples map[string][]int64) []byte {
	p := &profile.Profile{PeriodType: period, Period: 10e6, TimeNanos: 1e18, DurationNanos: 2e9}
	for t := range strings.FieldsSeq(types) {
		name, unit, _ := strings.Cut(t, "/")
		p.SampleType = append(p.SampleType, &profile.ValueType{Type: name, Unit: unit})
	}
	m := &profile.Mapping{ID: 1, File: "/srv/app", BuildID: "abc", HasFunctions: true}
	p.Mapping = []*profile.Mapping{m}
	funcs := map[string]*profile.Function{}
	line := func(name string) profile.Line {
		name = strings.TrimPrefix(name, "+")
		f := funcs[name]
		if f == nil {
			f = &profile.Function{ID: uint64(len(funcs) + 1), Name: name, SystemName: name, Filename: "/usr/local/go1.25.3/src/" + ParseName(name).Package + "/x.go", StartLine: 5}
			funcs[name], p.Function = f, append(p.Function, f)
		}
		return profile.Line{Function: f, Line: 7}
	}
	for stack, values := range samples {
		s := &profile.Sample{Value: values}
		for name := range strings.SplitSeq(stack, " < ") {
			if last := len(s.Location) - 1; strings.HasPrefix(name, "+") {
				s.Location[last].Line = append(s.Location[last].Line, line(name))
				continue
			}
			l := &profile.Location{ID: uint64(len(p.Location) + 1), Mapping: m, Address: uint64(len(p.Location) + 4096), Line: []profile.Line{line(name)}}
			p.Location, s.Location = append(p.Location, l), append(s.Location, l)
		}
		p.Sample = append(p.Sample, s)
	}
	var buf bytes.Buffer
	if err := p.Write(&buf); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// weights are those of the stack whose leaf has the name.
func weights(t *testing.T, ev *Evidence, leaf string) Weights {
	t.Helper()
	for _, src := range ev.Sources {
		for _, s := range src.Stacks {
			if ev.Frames[s.Frames[0]].Func == leaf {
				return s.Weights
			}
		}
	}
	t.Fatalf("no stack with leaf %s", leaf)
	return Weights{}
}

func waits(k Kind, d time.Duration, n int64) (w [NumKinds]Wait) {
	w[k] = Wait{d, n}
	return w
}

var cpuPeriod = &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}

// A profile of waits that holds none was not switched on, as a rule.
func TestEmptyBlockProfile(t *testing.T) {
	ev, err := readBytes(made("contentions/count delay/nanoseconds", nil, nil))
	if err != nil || len(ev.Sources) != 1 || !strings.Contains(strings.Join(ev.Sources[0].Notes, "\n"), "SetBlockProfileRate") {
		t.Errorf("%v: %+v", err, ev)
	}
}

// TestFormats reads one stack of each format.
func TestFormats(t *testing.T) {
	const http = "runtime.gopark < runtime.selectgo < net/http.(*persistConn).roundTrip < main.get"
	for _, c := range []struct {
		name, types string
		period      *profile.ValueType
		stack       string
		values      []int64
		format      Format
		want        Weights
		samples     int64
	}{
		{"cpu", "samples/count cpu/nanoseconds", cpuPeriod, "main.work < main.main", []int64{3, 30e6}, CPUProfile, Weights{CPU: 30e6, Samples: 3}, 3},
		{"cpu in ms", "cpu/milliseconds", cpuPeriod, "main.work < main.main", []int64{30}, CPUProfile, Weights{CPU: 30e6}, 30},
		{"cpu samples alone", "samples/count", cpuPeriod, "main.work < main.main", []int64{3}, CPUProfile, Weights{CPU: 30e6, Samples: 3}, 3},
		{"heap", "alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes", nil, "main.work", []int64{4, 64, 1, 16}, HeapProfile, Weights{Objects: 4, Bytes: 64, InUse: 16}, 4},
		{"block", "contentions/count delay/nanoseconds", nil, "runtime.selectgo < net/http.(*persistConn).roundTrip < main.get", []int64{2, 50}, BlockProfile, Weights{Waits: waits(Net, 50, 2)}, 2},
		{"mutex", "contentions/count delay/nanoseconds", nil, "sync.(*Mutex).Unlock < main.work", []int64{2, 50}, MutexProfile, Weights{Held: Wait{50, 2}}, 2},
		{"goroutine", "goroutine/count", nil, http, []int64{9}, Goroutines, Weights{Goroutines: 9, Waits: waits(Net, 0, 9)}, 9},
		{"runnable", "goroutine/count", nil, "runtime.asyncPreempt2 < main.work", []int64{9}, Goroutines, Weights{Goroutines: 9}, 9},
		{"leak", "goroutineleak/count", nil, "runtime.gopark < runtime.chanrecv1 < main.get", []int64{9}, LeakProfile, Weights{Goroutines: 9, Waits: waits(Chan, 0, 9)}, 9},
		{"thread", "threadcreate/count", nil, "main.work", []int64{9}, ThreadProfile, Weights{Goroutines: 9}, 9},
		{"fgprof, waiting", "samples/count time/nanoseconds", nil, http, []int64{9, 90}, WallProfile, Weights{Waits: waits(Net, 90, 9)}, 9},
		{"fgprof, running", "samples/count time/nanoseconds", nil, "main.work", []int64{9, 90}, WallProfile, Weights{Running: 90}, 9},
		{"fgprof, C", "samples/count time/nanoseconds", nil, "runtime.cgocall < main._Cfunc_work", []int64{9, 90}, WallProfile, Weights{Waits: waits(Cgo, 90, 9)}, 9},
		{"difference", "samples/count cpu/nanoseconds", cpuPeriod, "main.work", []int64{-3, -30e6}, CPUProfile, Weights{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			ev, err := readBytes(made(c.types, c.period, map[string][]int64{c.stack: c.values}))
			if err != nil {
				t.Fatal(err)
			}
			src := ev.Sources[0]
			leaf, _, _ := strings.Cut(c.stack, " < ")
			if got := weights(t, ev, leaf); got != c.want || src.Format != c.format || src.Samples != c.samples {
				t.Errorf("%s with %d samples: %+v; want %s with %d: %+v", src.Format, src.Samples, got, c.format, c.samples, c.want)
			}
			if src.Go != "go1.25.3" && strings.Contains(c.stack, "runtime.") || src.Main != "/srv/app" || src.BuildID != "abc" || src.Duration != 2*time.Second || !src.Recorded.Equal(time.Unix(1e9, 0)) {
				t.Errorf("%+v", src)
			}
		})
	}
}

func TestStacks(t *testing.T) {
	ev, err := readBytes(made("samples/count cpu/nanoseconds", cpuPeriod, map[string][]int64{
		"main.inner < +main.outer < main.main":                                   {1, 1e6},
		"runtime.scanobject < runtime.gcDrain < runtime.gcBgMarkWorker":          {2, 2e6},
		"runtime.scanobject < runtime.gcAssistAlloc < runtime.mallocgc < main.f": {4, 4e6},
		"main.f < testing.(*B).runN < testing.(*B).launch":                       {8, 8e6},
		"runtime/pprof.lostProfileEvent":                                         {16, 16e6},
	}))
	if err != nil {
		t.Fatal(err)
	}
	src := ev.Sources[0]
	if src.CPU != 15e6 || src.GC != 6e6 || src.Samples != 15 || !src.Test || len(src.Stacks) != 3 {
		t.Errorf("cpu %v, gc %v, %d samples, test %v, %d stacks", src.CPU, src.GC, src.Samples, src.Test, len(src.Stacks))
	}
	if want := []string{"16 samples were lost while recording"}; !reflect.DeepEqual(src.Notes, want) {
		t.Errorf("notes %q, want %q", src.Notes, want)
	}
	for _, s := range src.Stacks {
		if f := ev.Frames[s.Frames[0]]; f.Func == "main.inner" {
			outer := ev.Frames[s.Frames[1]]
			if !f.Inlined || outer.Func != "main.outer" || outer.Inlined || f.Line != 7 || f.StartLine != 5 {
				t.Errorf("%+v, %+v", f, outer)
			}
		}
	}
}

// TestRuntimeLocks has a lock of the allocator beside one of the program.
func TestRuntimeLocks(t *testing.T) {
	ev, err := readBytes(made("contentions/count delay/nanoseconds", nil, map[string][]int64{
		"runtime.unlock < runtime.mallocgc < main.work": {1, 70},
		"sync.(*RWMutex).RUnlock < main.work":           {2, 50},
	}))
	if err != nil {
		t.Fatal(err)
	}
	src := ev.Sources[0]
	if w, want := weights(t, ev, "sync.(*RWMutex).RUnlock"), (Weights{Held: Wait{50, 2}}); w != want || len(src.Stacks) != 1 {
		t.Errorf("%+v of %d stacks, want %+v alone", w, len(src.Stacks), want)
	}
	if want := []string{"70ns of waiting for the runtime's own locks is left out"}; !reflect.DeepEqual(src.Notes, want) {
		t.Errorf("notes %q, want %q", src.Notes, want)
	}
}

func TestMerge(t *testing.T) {
	one := made("samples/count cpu/nanoseconds", cpuPeriod, map[string][]int64{"main.work < main.main": {1, 10e6}})
	two := made("samples/count cpu/nanoseconds", cpuPeriod, map[string][]int64{"main.work < main.main": {2, 20e6}, "main.rest < main.main": {4, 40e6}})
	block := made("contentions/count delay/nanoseconds", nil, map[string][]int64{"sync.(*Mutex).Lock < main.work": {2, 50}})
	ev, err := Read(context.Background(), []Input{input("1", one), input("b", block), input("bad", []byte("{}")), input("2", unpacked(two)), input("3", packed(one))}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(ev.Sources) != 2 {
		t.Fatalf("%d sources, want cpu and block", len(ev.Sources))
	}
	src := ev.Sources[0]
	if w := weights(t, ev, "main.work"); w.CPU != 40e6 || src.CPU != 80e6 || src.Samples != 8 || src.Duration != 6*time.Second || len(src.Stacks) != 2 || !reflect.DeepEqual(src.Names, []string{"1", "2", "3"}) {
		t.Errorf("%+v of %+v", w, src)
	}
	if want := []string{"not used: bad: JSON, not a profile of a Go program" + recordGo}; !reflect.DeepEqual(ev.Notes, want) {
		t.Errorf("notes %q, want %q", ev.Notes, want)
	}
}

// TestOwnRecordings reads what the runtime in use writes.
func TestOwnRecordings(t *testing.T) {
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	runtime.SetMutexProfileFraction(1)
	defer runtime.SetMutexProfileFraction(0)
	var mu sync.Mutex
	for range 4 { // contention, until both profiles have seen some
		mu.Lock()
		done := make(chan bool)
		go func() { mu.Lock(); mu.Unlock(); close(done) }()
		time.Sleep(time.Millisecond)
		mu.Unlock()
		<-done
	}
	for name, format := range map[string]Format{"goroutine": Goroutines, "heap": HeapProfile, "allocs": HeapProfile, "block": BlockProfile, "mutex": MutexProfile, "threadcreate": ThreadProfile} {
		var buf bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&buf, 0); err != nil {
			t.Fatal(err)
		}
		ev, err := readBytes(buf.Bytes())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if src := ev.Sources[0]; src.Format != format || src.Samples == 0 && name != "heap" && name != "threadcreate" {
			t.Errorf("%s: %s with %d samples", name, src.Format, src.Samples)
		}
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	good := made("samples/count cpu/nanoseconds", cpuPeriod, map[string][]int64{"main.work < main.main": {1, 10e6}})
	file := filepath.Join(dir, "cpu.pprof")
	if err := os.WriteFile(file, good, 0o666); err != nil {
		t.Fatal(err)
	}
	var read int64
	opts := Options{Stdin: bytes.NewReader(good), Progress: func(_ string, n int64) { read = n }}
	ev, err := Read(context.Background(), []Input{{Name: "-"}, {Name: file}}, opts)
	if err != nil || ev.Sources[0].Samples != 2 || read != int64(len(good)) {
		t.Errorf("%v, %d bytes: %+v", err, read, ev)
	}
	for name, want := range map[string]string{dir: "a directory", filepath.Join(dir, "none"): "no such file or directory: check the path"} {
		if _, err := Read(context.Background(), []Input{{Name: name}}, Options{}); err == nil || !strings.HasPrefix(err.Error(), name+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s: …%s", err, name, want)
		}
	}
	if _, err := Read(context.Background(), nil, Options{}); err == nil {
		t.Error("no error without inputs")
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("interrupted")
	cancel(cause)
	if _, err := Read(ctx, []Input{{Name: file}}, Options{}); !errors.Is(err, cause) {
		t.Errorf("%v, want the cause", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(made("samples/count cpu/nanoseconds", cpuPeriod, map[string][]int64{"main.inner < +main.outer < main.main": {1, 1e6}}))
	f.Add(made("contentions/count delay/nanoseconds", nil, map[string][]int64{"sync.(*Mutex).Unlock < main.work": {2, 50}}))
	f.Add(made("goroutine/count", nil, map[string][]int64{"runtime.gopark < runtime.selectgo < main.f[go.shape.int].func1": {9}}))
	f.Add(made("alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes", nil, map[string][]int64{"main.work": {4, 64, 1, 16}}))
	f.Add([]byte(crash))
	f.Add([]byte("goroutine profile: total 1\n1 @ 0x1 0x2\n# labels: {}\n#\t0x1\tmain.f+0x1\t/x/y.go:3\n\n"))
	f.Add([]byte("go 1.26 trace\x00\x00\x00"))
	for _, seed := range []string{"\x1f\x8b", "{\"nodes\":[", "heap_v2/1\n", "\x0a\x00\x12\x00"} {
		f.Add([]byte(seed))
	}
	// Unpacked, so that mutations reach the message.
	for _, types := range []string{"samples/count cpu/nanoseconds", "contentions/count delay/nanoseconds", "samples/count time/nanoseconds"} {
		f.Add(unpacked(made(types, cpuPeriod, map[string][]int64{"runtime.gopark < main.f": {1, 1}, "main.f": {2, 2}})))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ev, err := readBytes(data)
		if err != nil {
			return
		}
		for _, src := range ev.Sources {
			for _, s := range src.Stacks {
				for _, id := range s.Frames {
					_ = ev.Frames[id]
				}
				if s.CPU < 0 || s.Running < 0 || s.Goroutines < 0 || s.Held.Time < 0 {
					t.Errorf("a negative weight: %+v", s.Weights)
				}
			}
		}
	})
}
