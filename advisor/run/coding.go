package run

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
)

// The formats of inputs, and of outputs.
const (
	Lines = "lines" // text, one input a line
	JSON  = "json"  // one value a line
	CSV   = "csv"   // a header, then records
	Files = "files" // paths, one a line; the file's content is the input
	Text  = "text"  // strings and bytes as they are, all else as JSON
)

// DefaultIn is the format for inputs of type t: text for what is text, JSON
// for all else.
func DefaultIn(t reflect.Type) string {
	if isText(t) || reflect.PointerTo(t).Implements(unmarshalerType) {
		return Lines
	}
	return JSON
}

var unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()

// isText reports whether t is a string or []byte, or a named one.
func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

// decoder returns what makes a T of the bytes of one input. The bytes stay the
// caller's; the function may keep and change its argument.
func decoder[T any](c Coding) (func([]byte) (T, error), error) {
	dec, err := contentDecoder[T](c)
	if err != nil || !c.Files {
		return dec, err
	}
	return func(path []byte) (in T, err error) {
		content, err := os.ReadFile(string(path))
		if err != nil {
			return in, err
		}
		return dec(content)
	}, nil
}

func contentDecoder[T any](c Coding) (func([]byte) (T, error), error) {
	t := reflect.TypeFor[T]()
	switch {
	case c.In == CSV:
		return csvDecoder[T](c.Header)
	case c.In == JSON:
		return jsonDecoder[T](), nil
	case t == reflect.TypeFor[string]():
		return func(raw []byte) (in T, err error) {
			*any(&in).(*string) = string(raw)
			return in, nil
		}, nil
	case t == reflect.TypeFor[[]byte]():
		return func(raw []byte) (in T, err error) {
			*any(&in).(*[]byte) = append([]byte{}, raw...)
			return in, nil
		}, nil
	case reflect.PointerTo(t).Implements(unmarshalerType):
		return func(raw []byte) (in T, err error) {
			return in, any(&in).(encoding.TextUnmarshaler).UnmarshalText(raw)
		}, nil
	case t.Kind() == reflect.String:
		return func(raw []byte) (in T, err error) {
			reflect.ValueOf(&in).Elem().SetString(string(raw))
			return in, nil
		}, nil
	case isText(t):
		return func(raw []byte) (in T, err error) {
			reflect.ValueOf(&in).Elem().SetBytes(append([]byte{}, raw...))
			return in, nil
		}, nil
	}
	return jsonDecoder[T](), nil // a text line such as 17 is JSON too
}

func jsonDecoder[T any]() func([]byte) (T, error) {
	return func(raw []byte) (in T, err error) {
		if err = json.Unmarshal(raw, &in); err != nil {
			err = plainJSON(err)
		}
		return in, err
	}
}

// plainJSON says in few words what package json says in Go's.
func plainJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		text := "a JSON " + wrong.Value + " where " + wrong.Type.String() + " is wanted"
		if wrong.Field != "" {
			text += ", field " + wrong.Field
		}
		return errors.New(text)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return errors.New("not JSON: " + syntax.Error())
	}
	return err
}

// encoder returns what makes bytes of a result. The last byte is not yet the
// terminator.
func encoder[R any](c Coding) func(R) ([]byte, error) {
	t := reflect.TypeFor[R]()
	marshal := func(out R) ([]byte, error) {
		text, err := json.Marshal(out)
		if err != nil {
			err = fmt.Errorf("the result does not encode: %w", err)
		}
		return text, err
	}
	switch {
	case t == reflect.TypeFor[None]():
		return func(R) ([]byte, error) { return nil, nil }
	case c.Out == JSON:
		return marshal
	case t == reflect.TypeFor[string]():
		return func(out R) ([]byte, error) { return []byte(any(out).(string)), nil }
	case t == reflect.TypeFor[[]byte]():
		// A copy: the function may use its buffer again.
		return func(out R) ([]byte, error) { return append([]byte{}, any(out).([]byte)...), nil }
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) && t.Kind() != reflect.Interface:
		return func(out R) ([]byte, error) { return any(out).(encoding.TextMarshaler).MarshalText() }
	case t.Kind() == reflect.String:
		return func(out R) ([]byte, error) { return []byte(reflect.ValueOf(out).String()), nil }
	case isText(t):
		return func(out R) ([]byte, error) { return append([]byte{}, reflect.ValueOf(out).Bytes()...), nil }
	}
	return marshal
}

// DefaultOut is the format for results of type t, which is nil for none.
func DefaultOut(t reflect.Type) string {
	if t == nil || isText(t) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return Text
	}
	return JSON
}
