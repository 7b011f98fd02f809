package profile

import (
	"bytes"
	"context"
	"errors"
	"go/build"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// generations is a trace of several: each snapshot of a flight recorder begins
// a new one.
func generations(t testing.TB, n int) []byte {
	return record(t, func() {
		fr := trace.NewFlightRecorder(trace.FlightRecorderConfig{})
		if err := fr.Start(); err != nil {
			t.Fatal(err)
		}
		defer fr.Stop()
		quit := make(chan bool)
		defer close(quit)
		go func() { <-quit }() // waits through all of them
		for range n {
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() { time.Sleep(time.Millisecond) })
			}
			wg.Wait()
			if _, err := fr.WriteTo(io.Discard); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Reading a generation at a time says the same as reading all in one piece.
func TestTraceGenerations(t *testing.T) {
	data := generations(t, 4)
	b1, split := mustRead(t, data)
	b2 := NewBuilder()
	whole := newTraceReader(b2)
	in := newSplitter(bytes.NewReader(data))
	in.whole = true
	in.advance()
	if err := whole.generation(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	// Events of several threads with one timestamp are moved apart by
	// nanoseconds, each way of reading on its own.
	other := whole.finish()
	if one, all := counts(b1, split), counts(b2, other); one != all {
		t.Errorf("a generation at a time\n%s\nin one piece\n%s", one, all)
	}
	if d := (split.Running - other.Running).Abs(); d > time.Millisecond {
		t.Errorf("running %v and %v", split.Running, other.Running)
	}
	if cuts := boundaries(data); len(cuts) < 5 {
		t.Errorf("%d generations", len(cuts))
	}
}

var (
	durations = regexp.MustCompile(`\d[\d.]*(ns|µs|ms|s)\b`)
	moved     = regexp.MustCompile(` running \d+ns\b`)
)

// counts is what rendered says without times, and without what ran for so short that it
// may be nothing in the other way of reading.
func counts(b *Builder, src *Source) string {
	text := moved.ReplaceAllString(strings.Join(rendered(b, src), "\n"), "")
	return durations.ReplaceAllString(text, "t")
}

// boundaries are the ends of the generations.
func boundaries(data []byte) []int64 {
	var ends []int64
	in := newSplitter(bytes.NewReader(data))
	for in.advance() {
		in.skip()
		ends = append(ends, in.taken)
	}
	return ends
}

// What is whole is used, and a note says how much that was.
func TestTraceDamage(t *testing.T) {
	data := generations(t, 3)
	ends := boundaries(data)
	for _, c := range []struct {
		name string
		data []byte
		note string // its end; "" if there is an error
	}{
		{"cut in the second", data[:ends[0]+(ends[1]-ends[0])/2], "cut short"},
		{"cut in the first", data[:ends[0]/2], ""},
		{"only a header", data[:fileHeader], ""},
		{"less than a header", data[:5], ""},
		{"bad batch in the second", patched(data, ends[0], 0x7f), "expected batch event, got event 127"},
		{"zeros in the third", zeroed(data, ends[1]+20, ends[1]+200), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, err := readTrace(context.Background(), bytes.NewReader(c.data), "t", NewBuilder(), Options{})
			switch {
			case strings.HasPrefix(c.name, "zeros"):
				if err != nil || len(src.Notes) == 0 || !strings.HasPrefix(src.Notes[0], "used ") || src.Tasks[0].All.Goroutines == 0 {
					t.Errorf("%v %v", src, err)
				}
			case c.note == "":
				if err == nil {
					t.Errorf("no error: %v", src.Notes)
				} else if strings.Contains(err.Error(), "\n") {
					t.Errorf("more than a line: %v", err)
				}
			case err != nil:
				t.Error(err)
			case !slices.ContainsFunc(src.Notes, func(n string) bool { return strings.HasPrefix(n, "used ") && strings.HasSuffix(n, c.note) }):
				t.Errorf("notes: %q", src.Notes)
			}
		})
	}
}

func patched(data []byte, at int64, b byte) []byte {
	p := bytes.Clone(data)
	p[at] = b
	return p
}

func zeroed(data []byte, from, to int64) []byte {
	p := bytes.Clone(data)
	clear(p[from:to])
	return p
}

func TestTraceCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("enough")
	cancel(why)
	_, err := readTrace(ctx, bytes.NewReader(generations(t, 1)), "t", NewBuilder(), Options{})
	if !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

// oldTraces are recordings of older toolchains, which the Go distribution has
// for its own tests.
func oldTraces(t testing.TB) []string {
	files, _ := filepath.Glob(filepath.Join(build.Default.GOROOT, "src/internal/trace/internal/tracev1/testdata/*_good"))
	if len(files) == 0 {
		t.Skip("this Go distribution comes without old traces")
	}
	return files
}

func TestTraceOldToolchains(t *testing.T) {
	for _, file := range oldTraces(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, src := mustRead(t, data)
			if src.Duration == 0 || src.Cores == 0 || len(src.Tasks) == 0 || len(src.Stacks) == 0 || src.Running == 0 {
				t.Errorf("duration %v, cores %d, %d tasks, %d stacks, running %v", src.Duration, src.Cores, len(src.Tasks), len(src.Stacks), src.Running)
			}
			if strings.Contains(file, "pprof") != (src.Samples > 0) {
				t.Errorf("%d samples", src.Samples)
			}
			if _, err := readTrace(context.Background(), bytes.NewReader(data[:len(data)/2]), "t", NewBuilder(), Options{}); err == nil {
				t.Error("half of it was read")
			}
		})
	}
}
