package profile

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/pprof/profile"
)

// large is a CPU profile of n different stacks, 20 to 40 calls deep, as a busy
// server with a few thousand functions records it over a day.
func large(n int) *profile.Profile {
	rnd := rand.New(rand.NewPCG(1, 2))
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     10e6, TimeNanos: 1e18, DurationNanos: int64(n) * 10e6,
		Mapping: []*profile.Mapping{{ID: 1, File: "/srv/app", HasFunctions: true}},
	}
	const functions, sites = 4000, 5
	for i := range functions {
		f := &profile.Function{ID: uint64(i + 1), Name: fmt.Sprintf("example.com/app/p%d.(*Type).Method%d", i%50, i), StartLine: int64(10 * i)}
		f.SystemName, f.Filename = f.Name, fmt.Sprintf("/src/app/p%d/file.go", i%50)
		p.Function = append(p.Function, f)
		for s := range sites {
			p.Location = append(p.Location, &profile.Location{
				ID: uint64(len(p.Location) + 1), Mapping: p.Mapping[0], Address: uint64(1000 + len(p.Location)),
				Line: []profile.Line{{Function: f, Line: f.StartLine + int64(s)}},
			})
		}
	}
	for range n {
		s := &profile.Sample{Value: []int64{1, 10e6}, Location: make([]*profile.Location, 20+rnd.IntN(21))}
		for i := range s.Location {
			s.Location[i] = p.Location[rnd.IntN(len(p.Location))]
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}

// BenchmarkReadLarge reads a profile of 50 MB. With CONCURLINT_LARGE it writes
// it to that file instead, so that its cost can be measured beside other tools.
func BenchmarkReadLarge(b *testing.B) {
	var buf bytes.Buffer
	if err := large(760_000).Write(&buf); err != nil {
		b.Fatal(err)
	}
	if name := os.Getenv("CONCURLINT_LARGE"); name != "" {
		if err := os.WriteFile(name, buf.Bytes(), 0o666); err != nil {
			b.Fatal(err)
		}
		b.SkipNow()
	}
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		in := Input{Name: "large", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(buf.Bytes())), nil }}
		if _, err := Read(context.Background(), []Input{in}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
