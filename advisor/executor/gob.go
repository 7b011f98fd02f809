package executor

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
)

// boxed lets gob carry nil pointers and zero values of any type.
type boxed[T any] struct{ V T }

// gobCodec describes T to encoder and decoder once, when it is made, and sends
// bare values: the description is most of the time and bytes of a small value.
//
// A gob message is its length, the number of its type, and the value. The
// number depends on what the process encoded before, so it stays at home: the
// encoder's is cut off and the decoder's own put in its place. Only values of
// interface types have more of them inside, and such types go as JSON.
//
// A codec serves one goroutine at a time.
func gobCodec[T any]() (*codec[T], error) {
	var out bytes.Buffer
	enc := gob.NewEncoder(&out)
	if err := enc.Encode(&boxed[T]{}); err != nil {
		return nil, err
	}
	in := &source{rest: bytes.Clone(out.Bytes())}
	dec := gob.NewDecoder(in)
	if err := dec.Decode(&boxed[T]{}); err != nil {
		return nil, err
	}
	out.Reset()
	if err := enc.Encode(&boxed[T]{}); err != nil {
		return nil, err
	}
	sample := out.Bytes()
	sample = sample[gobUintSize(sample):]
	number := bytes.Clone(sample[:gobUintSize(sample)])
	return &codec[T]{
		encode: func(buf []byte, v T) ([]byte, error) {
			out.Reset()
			if err := enc.Encode(&boxed[T]{v}); err != nil {
				return buf, err
			}
			message := out.Bytes()
			return append(buf, message[gobUintSize(message)+len(number):]...), nil
		},
		decode: func(body []byte) (v T, err error) {
			in.head = append(appendGobUint(in.head[:0], uint64(len(number)+len(body))), number...)
			in.next, in.rest = in.head, body
			var b boxed[T]
			if err := dec.Decode(&b); err != nil {
				return v, fmt.Errorf("%T: %w", v, err)
			}
			return b.V, nil
		},
	}, nil
}

// gobUintSize returns the length of the number that b begins with: itself if
// below 128, else the negated count of the big-endian bytes that follow.
func gobUintSize(b []byte) int {
	if b[0] < 128 {
		return 1
	}
	return 1 + int(-int8(b[0]))
}

func appendGobUint(b []byte, n uint64) []byte {
	if n < 128 {
		return append(b, byte(n))
	}
	var full [8]byte
	binary.BigEndian.PutUint64(full[:], n)
	bare := bytes.TrimLeft(full[:], "\x00")
	return append(append(b, byte(-len(bare))), bare...)
}

// source is a reader that holds no more than one value. It is an
// io.ByteReader, so that the decoder does not read ahead.
type source struct {
	head       []byte // kept for reuse
	next, rest []byte // to be read
}

func (s *source) Read(p []byte) (int, error) {
	if len(s.next) == 0 {
		s.next, s.rest = s.rest, nil
	}
	if len(s.next) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.next)
	s.next = s.next[n:]
	return n, nil
}

func (s *source) ReadByte() (byte, error) {
	var b [1]byte
	_, err := s.Read(b[:])
	return b[0], err
}
