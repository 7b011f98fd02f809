package profile

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// FuzzReadTrace reads what may come from a damaged disk or from an enemy: there
// is a source whose figures make sense, or an error of one line.
func FuzzReadTrace(f *testing.F) {
	f.Add([]byte("go 1.22 trace\x00\x00\x00"))
	f.Add(generations(f, 2))
	f.Add(record(f, func() { time.Sleep(time.Millisecond) }))
	for _, file := range oldTraces(f) {
		if info, err := os.Stat(file); err == nil && info.Size() < 10<<10 {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := NewBuilder()
		src, err := readTrace(context.Background(), bytes.NewReader(data), "t", b, Options{})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
			return
		}
		if src.Duration < 0 || src.CPU < 0 || src.GC > src.CPU || src.Sampled > src.CPU || src.Running < 0 {
			t.Errorf("%+v", src)
		}
		for _, s := range src.Stacks {
			if len(s.Frames) == 0 || !sound(&s.Waits) || s.Runnable.Time < 0 || s.Running < 0 {
				t.Errorf("%+v", s)
			}
			for _, id := range s.Frames {
				b.At(id)
			}
		}
		for _, k := range src.Tasks {
			if k.Ended > k.Started+k.All.Goroutines || k.Whole.Goroutines > k.All.Goroutines || !sound(&k.All.Waits) || !sound(&k.Whole.Waits) {
				t.Errorf("%+v", k)
			}
		}
	})
}

func sound(waits *[NumKinds]Wait) bool {
	for _, w := range waits {
		if w.Time < 0 || w.Count < 0 {
			return false
		}
	}
	return true
}
