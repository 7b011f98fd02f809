package process

import "testing"

// BenchmarkPipe is the yardstick of BenchmarkRoundTrip: the same worker and
// frames, written and read by one goroutine, without a pool.
func BenchmarkPipe(b *testing.B) {
	p := benchPool(b, 1)
	l, err := p.open()
	if err != nil {
		b.Fatal(err)
	}
	entries := []entry{{Task: Task{Func: "echo", Body: make([]byte, 8)}}}
	defer func() { l.child.end(0); p.dismiss(l) }()
	b.ReportAllocs()
	for b.Loop() {
		bt := batch{entries: entries}
		if err := l.send(&bt); err != nil {
			b.Fatal(err)
		}
		if _, _, err := l.in.next(); err != nil {
			b.Fatal(err)
		}
	}
}
