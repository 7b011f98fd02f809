package workloads

import "testing"

func BenchmarkCapped(b *testing.B)     { Capped(b.N) }
func BenchmarkRetrograde(b *testing.B) { Retrograde(b.N) }
func BenchmarkCliff(b *testing.B)      { Cliff(b.N) }
func BenchmarkLock(b *testing.B)       { Lock(b.N) }
func BenchmarkCores(b *testing.B)      { Cores(b.N) }
func BenchmarkFsync(b *testing.B)      { Fsync(b.N, b.TempDir()) }
func BenchmarkPipeline(b *testing.B)   { Pipeline(b.N) }
func BenchmarkAlloc(b *testing.B)      { Alloc(b.N) }
func BenchmarkTiny(b *testing.B)       { Tiny(b.N) }
func BenchmarkMixed(b *testing.B)      { Mixed(b.N) }
func BenchmarkRate(b *testing.B)       { Rate(b.N) }
func BenchmarkMemory(b *testing.B)     { Memory(b.N) }

func BenchmarkHTTP(b *testing.B) {
	server := Server()
	defer server.Close()
	b.ResetTimer()
	HTTP(b.N, server.URL)
	b.StopTimer()
}
