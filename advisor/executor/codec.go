package executor

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
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
	case t == reflect.TypeFor[int]() || t == reflect.TypeFor[int64]() || t == reflect.TypeFor[uint64]() || t == reflect.TypeFor[float64]():
		return numberCodec[T]()
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

// numberCodec sends the plain number types as their bits.
func numberCodec[T any]() *codec[T] {
	return &codec[T]{
		encode: func(buf []byte, v T) ([]byte, error) {
			var bits uint64
			switch v := any(v).(type) {
			case int:
				bits = uint64(v)
			case int64:
				bits = uint64(v)
			case uint64:
				bits = v
			case float64:
				bits = math.Float64bits(v)
			}
			return binary.LittleEndian.AppendUint64(buf, bits), nil
		},
		decode: func(body []byte) (v T, _ error) {
			if len(body) != 8 {
				return v, fmt.Errorf("a number of %d bytes", len(body))
			}
			bits := binary.LittleEndian.Uint64(body)
			switch v := any(&v).(type) {
			case *int:
				*v = int(bits)
			case *int64:
				*v = int64(bits)
			case *uint64:
				*v = bits
			case *float64:
				*v = math.Float64frombits(bits)
			}
			return v, nil
		},
	}
}
