package executor

import (
	"strings"
	"testing"
)

// BenchmarkCodec is why other types than bytes and strings travel as gob.
func BenchmarkCodec(b *testing.B) {
	type record struct {
		ID    int
		Name  string
		Tags  []string
		Score float64
	}
	small := record{7, "seven", []string{"a", "b"}, 0.5}
	large := record{7, strings.Repeat("seven ", 150), []string{"a", "b"}, 0.5}
	gobRecord, err := gobCodec[record]()
	if err != nil {
		b.Fatal(err)
	}
	gobInt, err := gobCodec[int]()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("gob/int", func(b *testing.B) { travel(b, gobInt, 123456) })
	b.Run("json/int", func(b *testing.B) { travel(b, jsonCodec[int](), 123456) })
	b.Run("gob/record", func(b *testing.B) { travel(b, gobRecord, small) })
	b.Run("json/record", func(b *testing.B) { travel(b, jsonCodec[record](), small) })
	b.Run("gob/1KiB", func(b *testing.B) { travel(b, gobRecord, large) })
	b.Run("json/1KiB", func(b *testing.B) { travel(b, jsonCodec[record](), large) })
}

func travel[T any](b *testing.B, c *codec[T], v T) {
	var buf []byte
	for b.Loop() {
		var err error
		if buf, err = c.encode(buf[:0], v); err != nil {
			b.Fatal(err)
		}
		if _, err = c.decode(buf); err != nil {
			b.Fatal(err)
		}
	}
}
