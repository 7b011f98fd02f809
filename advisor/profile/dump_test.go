package profile

import (
	"bytes"
	"runtime/pprof"
	"strings"
	"testing"
)

// TestDumps compares the text forms of a snapshot with each other.
func TestDumps(t *testing.T) {
	c := make(chan int)
	defer close(c)
	for range 3 {
		go func() { <-c }()
	}
	const leaf = "github.com/concurlint/concurlint/advisor/profile.TestDumps.func1"
	var want Weights
	for debug := range 3 {
		var w Weights
		for w.Waits[Chan].Count < 3 { // until all of them wait
			var buf bytes.Buffer
			if err := pprof.Lookup("goroutine").WriteTo(&buf, debug); err != nil {
				t.Fatal(err)
			}
			ev, err := readBytes(buf.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			w = Weights{}
			for _, s := range ev.Sources[0].Stacks {
				for _, id := range s.Frames {
					if ev.Frames[id].Func == leaf {
						w.Add(&s.Weights)
						if f := ev.Frames[id]; !strings.HasSuffix(f.File, "dump_test.go") || f.Line == 0 {
							t.Fatalf("%+v", f)
						}
					}
				}
			}
		}
		if debug == 0 {
			want = w
		}
		if w != want {
			t.Errorf("debug=%d: %+v, want %+v", debug, w, want)
		}
	}
}

const crash = "2026/11/27 serving\npanic: oh\n\ngoroutine 7 gp=0xc1 m=0 [IO wait, 5 minutes, locked to thread]:\n" +
	"internal/poll.runtime_pollWait(0x7f, 0x72)\n\t/go/src/runtime/netpoll.go:351 +0x85\nnet.(*conn).Read(0xc0, {0xc1, 0x2})\n\t/go/src/net/net.go:196 +0x45\n" +
	"main.get(...)\n\t/src/main.go:12\nmain.main()\n\t/src/main.go:5 +0x1d\ncreated by main.init.0 in goroutine 1\n\t/src/main.go:3 +0x1\n\n" +
	"goroutine 8 [running]:\nmain.spin()\n\t/src/main.go:20 +0x1\n"

func TestCrash(t *testing.T) {
	ev, err := readBytes([]byte(crash))
	if err != nil {
		t.Fatal(err)
	}
	if w, want := weights(t, ev, "internal/poll.runtime_pollWait"), (Weights{Goroutines: 1, Waits: waits(Net, 0, 1)}); w != want {
		t.Errorf("%+v, want %+v", w, want)
	}
	if w, want := weights(t, ev, "main.spin"), (Weights{Goroutines: 1}); w != want {
		t.Errorf("%+v, want %+v", w, want)
	}
	if f, want := ev.Frames[2], (Frame{Func: "main.get", File: "/src/main.go", Line: 12, Inlined: true}); f != want {
		t.Errorf("%+v, want %+v", f, want)
	}
}

// Where those that never end are marked, they alone count.
func TestLeakedDump(t *testing.T) {
	text := strings.ReplaceAll(crash, "[IO wait, 5 minutes, locked to thread]", "[chan receive (leaked)]")
	ev, err := readBytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	src := ev.Sources[0]
	if w, want := weights(t, ev, "internal/poll.runtime_pollWait"), (Weights{Goroutines: 1, Waits: waits(Net, 0, 1)}); w != want {
		t.Errorf("%+v, want %+v", w, want)
	}
	if src.Format != LeakProfile || src.Samples != 1 || len(src.Stacks) != 1 || !strings.Contains(strings.Join(src.Notes, ""), "left out") {
		t.Errorf("%+v", src)
	}
}
