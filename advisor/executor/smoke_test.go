package executor

import (
	"context"
	"slices"
	"testing"
)

func TestSmoke(t *testing.T) {
	in := make([]int, 10000)
	for i := range in {
		in[i] = i
	}
	for _, k := range []Kind{Auto, Serial, CPU, IO} {
		var st Stats
		out, err := Map(t.Context(), slices.Values(in), func(_ context.Context, i int) (int, error) { return 2 * i, nil }, Options{Executor: k, Stats: &st})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range out {
			if v != 2*i {
				t.Fatal(i, v)
			}
		}
		i := 0
		for r := range Stream(t.Context(), slices.Values(in), func(_ context.Context, i int) (int, error) { return 2 * i, nil }, Options{Executor: k}) {
			if r.Index != i || r.Value != 2*i {
				t.Fatal(r)
			}
			i++
		}
		t.Logf("%+v", st.Snapshot)
	}
}

var sink [1 << 20]byte

func BenchmarkRange(b *testing.B) {
	b.ReportAllocs()
	Range(context.Background(), b.N, func(i int) {}, Options{})
}

func BenchmarkSubmit(b *testing.B) {
	b.ReportAllocs()
	p := NewPool(0)
	f := func() {}
	for range b.N {
		p.Submit(f)
	}
	p.Wait()
	p.Close()
}

func BenchmarkForEach(b *testing.B) {
	for _, k := range []Kind{Auto, Serial, CPU, IO} {
		b.Run(string(k), func(b *testing.B) {
			b.ReportAllocs()
			in := func(yield func(int) bool) {
				for i := range b.N {
					if !yield(i) {
						return
					}
				}
			}
			ForEach(context.Background(), in, func(context.Context, int) error { return nil }, Options{Executor: k})
		})
	}
}
