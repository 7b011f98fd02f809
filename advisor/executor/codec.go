package executor

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
)

// codec turns values into bytes and back. Each value stands for itself: values
// travel to different processes, and come back in any order.
type codec[T any] struct {
	// encode appends v to buf.
	encode func(buf []byte, v T) ([]byte, error)
	decode func(body []byte) (T, error)
}

// newCodec returns the quickest codec for T that keeps all that is exported.
func newCodec[T any]() *codec[T] {
	t := reflect.TypeFor[T]()
	switch {
	case t == reflect.TypeFor[[]byte]() || t == reflect.TypeFor[string]():
		return rawCodec[T]()
	case t.Size() == 0 && t.Kind() != reflect.Interface:
		return &codec[T]{
			encode: func(buf []byte, _ T) ([]byte, error) { return buf, nil },
			decode: func([]byte) (v T, _ error) { return v, nil },
		}
	case open(t, map[reflect.Type]bool{}):
		return jsonCodec[T]()
	}
	if c, err := gobCodec[T](); err == nil {
		return c
	}
	return jsonCodec[T]()
}

// open reports whether values of type t may hold values of types that t does
// not name.
func open(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return open(t.Elem(), seen)
	case reflect.Map:
		return open(t.Key(), seen) || open(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && open(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

func rawCodec[T any]() *codec[T] {
	return &codec[T]{
		encode: func(buf []byte, v T) ([]byte, error) {
			switch v := any(v).(type) {
			case []byte:
				return append(buf, v...), nil
			case string:
				return append(buf, v...), nil
			}
			return buf, nil
		},
		decode: func(body []byte) (v T, _ error) {
			switch v := any(&v).(type) {
			case *[]byte:
				*v = body
			case *string:
				*v = string(body)
			}
			return v, nil
		},
	}
}

func jsonCodec[T any]() *codec[T] {
	return &codec[T]{
		encode: func(buf []byte, v T) ([]byte, error) {
			text, err := json.Marshal(v)
			return append(buf, text...), err
		},
		decode: func(body []byte) (v T, err error) {
			err = json.Unmarshal(body, &v)
			return v, err
		},
	}
}

// boxed lets gob carry nil pointers and zero values of any type.
type boxed[T any] struct{ V T }

// gobCodec describes T once, when it is made, instead of with each value: that
// is most of the time and of the bytes of a small value. Both sides make the
// same description, and a checksum of it leads each value. A codec serves one
// goroutine at a time.
func gobCodec[T any]() (*codec[T], error) {
	var out bytes.Buffer
	enc := gob.NewEncoder(&out)
	if err := enc.Encode(&boxed[T]{}); err != nil {
		return nil, err
	}
	sum := crc32.ChecksumIEEE(out.Bytes())
	in := new(source)
	in.rest = bytes.Clone(out.Bytes())
	dec := gob.NewDecoder(in)
	if err := dec.Decode(&boxed[T]{}); err != nil {
		return nil, err
	}
	return &codec[T]{
		encode: func(buf []byte, v T) ([]byte, error) {
			out.Reset()
			err := enc.Encode(&boxed[T]{v})
			buf = append(buf, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24))
			return append(buf, out.Bytes()...), err
		},
		decode: func(body []byte) (v T, err error) {
			if len(body) < 4 || [4]byte(body) != [4]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)} {
				return v, fmt.Errorf("%T is described otherwise in the other process: register before encoding/gob is used", v)
			}
			var b boxed[T]
			in.rest = body[4:]
			err = dec.Decode(&b)
			return b.V, err
		},
	}, nil
}

// source is a reader that holds no more than one value. It is an
// io.ByteReader, so that the decoder does not read ahead.
type source struct{ rest []byte }

func (s *source) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *source) ReadByte() (byte, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return b, nil
}
