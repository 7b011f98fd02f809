package process

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"
	"time"
)

func frameOf(kind byte, payload string) []byte {
	return endFrame(append(beginFrame(nil, kind), payload...), 0)
}

func TestFrameReader(t *testing.T) {
	long := frameOf('x', string(make([]byte, 3*trusted)))
	three := slices.Concat(frameOf('a', ""), frameOf('b', "body"), long)
	for name, r := range map[string]io.Reader{
		"whole":   bytes.NewReader(three),
		"halves":  iotest.HalfReader(bytes.NewReader(three)),
		"dataerr": iotest.DataErrReader(bytes.NewReader(three)),
	} {
		f := newFrameReader(r, len(long))
		for i, want := range []int{0, 4, 3 * trusted} {
			kind, payload, err := f.next()
			if err != nil || kind != "abx"[i] || len(payload) != want {
				t.Fatalf("%s: frame %d: kind %q, %d bytes, %v", name, i, kind, len(payload), err)
			}
		}
		if _, _, err := f.next(); err != io.EOF {
			t.Errorf("%s: at the end: %v", name, err)
		}
	}
	for name, test := range map[string]struct {
		in   []byte
		want string
	}{
		"half a header": {[]byte{1, 0}, "unexpected EOF"},
		"half a body":   {frameOf('a', "body")[:7], "unexpected EOF"},
		"only a header": {[]byte{255, 255, 255, 0}, "unexpected EOF"},
		"no kind":       {[]byte{0, 0, 0, 0}, "malformed frame: length 0 is not in 1..16777216"},
		"too long":      {[]byte{255, 255, 255, 255}, "malformed frame: length 4294967295 is not in 1..16777216"},
	} {
		if _, _, err := newFrameReader(bytes.NewReader(test.in), 16<<20).next(); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	lies := func() { newFrameReader(bytes.NewReader([]byte{255, 255, 255, 15}), 1<<30).next() }
	if got := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			lies()
		}
	}).AllocedBytesPerOp(); got > 2*trusted {
		t.Errorf("a header alone allocates %d bytes", got)
	}
}

// FuzzFrames reads whatever comes: no panic, and no frame longer than the
// input.
func FuzzFrames(f *testing.F) {
	f.Add(frameOf(kindHello, ""))
	f.Add([]byte{255, 255, 255, 3, 1, 2})
	f.Fuzz(func(t *testing.T, in []byte) {
		r := newFrameReader(iotest.HalfReader(bytes.NewReader(in)), 1<<28)
		for {
			_, payload, err := r.next()
			if err != nil {
				return
			}
			if len(payload) > len(in) {
				t.Fatalf("%d bytes of %d", len(payload), len(in))
			}
		}
	})
}

// FuzzServe has a worker read whatever comes.
func FuzzServe(f *testing.F) {
	task := appendTask([]byte{1}, &Task{Func: "echo", Body: []byte("x")}, "")
	f.Add(frameOf(kindTasks, string(append(task, 'x'))))
	f.Add(frameOf(kindTasks, "\xff\xff\xff\xff\x0f\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		hello := settings{SoftLimit: time.Second, MaxFrame: 1 << 20}.encode(nil)
		Serve(bytes.NewReader(append(hello, in...)), io.Discard, func(name string) (Handler, bool) {
			return handlers["echo"], name != ""
		})
	})
}

// FuzzReceive has a parent read whatever a worker may send: every task has at
// most one outcome.
func FuzzReceive(f *testing.F) {
	out := appendValue(beginOutcomes(nil), time.Second, []byte("body"))
	out = appendError(out, 0, &TaskError{Message: "text", Deadline: true})
	out = appendError(out, 0, &PanicError{Value: "text", Stack: []byte("stack")})
	f.Add(slices.Clone(endOutcomes(out, kindPartial, 3, usage{}, 0)))
	f.Add(slices.Clone(endOutcomes(out, kindOutcomes, 3, usage{1, 2}, 0)))
	f.Add(slices.Concat(endOutcomes(out, kindProgress, 3, usage{}, time.Second), frameOf(kindReturned, "\x02")))
	f.Fuzz(func(t *testing.T, in []byte) {
		p := newPool(Config{Workers: 1, HardLimit: time.Hour})
		p.unsettled = 6
		l := newLink(p, bytes.NewReader(in))
		l.child = &child{exited: make(chan struct{})}
		close(l.child.exited) // it is beyond killing
		l.batches = append(l.batches, batch{entries: make([]entry, 4)}, batch{entries: make([]entry, 2)})
		for id := range 4 {
			l.batches[0].entries[id].ID = uint64(id)
		}
		for id := range 2 {
			l.batches[1].entries[id].ID = uint64(4 + id)
		}
		for len(l.batches) > 0 && l.receive() == nil {
		}
		l.salvage(errors.New("over"))
		l.limit.Stop()
		var ids [6]int
		for p.done.len() > 0 {
			ids[p.done.popFront().ID]++
		}
		for _, r := range []*ring[entry]{&p.queue, &p.alone} {
			for r.len() > 0 {
				ids[r.popFront().ID]++
			}
		}
		if ids != [6]int{1, 1, 1, 1, 1, 1} {
			t.Errorf("tasks came to %d", ids)
		}
	})
}
