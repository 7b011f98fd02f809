package run

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

var (
	errBareQuote = errors.New(`not CSV: a quote inside a field that does not start with one`)
	errOpenQuote = errors.New(`not CSV: a quoted field does not end`)
	errAfter     = errors.New(`not CSV: text after the closing quote of a field`)
)

// csvFields splits one record as RFC 4180 has it: fields between commas; a
// field in quotes may hold commas, line ends, and quotes written twice.
func csvFields(record []byte) ([]string, error) {
	var fields []string
	for {
		field, rest, more, err := csvField(record)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
		if !more {
			return fields, nil
		}
		record = rest
	}
}

func csvField(b []byte) (field string, rest []byte, more bool, err error) {
	if len(b) == 0 || b[0] != '"' {
		text, rest, more := bytes.Cut(b, []byte{','})
		if bytes.IndexByte(text, '"') >= 0 {
			return "", nil, false, errBareQuote
		}
		return string(text), rest, more, nil
	}
	var text []byte
	for b = b[1:]; ; {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			return "", nil, false, errOpenQuote
		}
		text = append(text, b[:i]...)
		b = b[i+1:]
		switch {
		case len(b) == 0:
			return string(text), nil, false, nil
		case b[0] == ',':
			return string(text), b[1:], true, nil
		case b[0] != '"':
			return "", nil, false, errAfter
		}
		text = append(text, '"')
		b = b[1:]
	}
}

// csvDecoder returns what makes a T of a record: a struct by its fields' csv
// tags, json tags or names; a map by the header; a []string as it is.
func csvDecoder[T any](header []string) (func([]byte) (T, error), error) {
	if len(header) == 0 { // nor are there records
		return func([]byte) (in T, err error) { return in, errors.New("no header") }, nil
	}
	fill, err := csvFill(reflect.TypeFor[T](), header)
	if err != nil {
		return nil, err
	}
	return func(raw []byte) (in T, err error) {
		fields, err := csvFields(raw)
		if err != nil {
			return in, err
		}
		if len(fields) != len(header) {
			return in, fmt.Errorf("%d fields, the header has %d", len(fields), len(header))
		}
		return in, fill(reflect.ValueOf(&in).Elem(), fields)
	}, nil
}

func csvFill(t reflect.Type, header []string) (func(reflect.Value, []string) error, error) {
	switch {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		fill, err := csvFill(t.Elem(), header)
		return func(v reflect.Value, fields []string) error {
			v.Set(reflect.New(t.Elem()))
			return fill(v.Elem(), fields)
		}, err
	case t.Kind() == reflect.Struct:
		return csvStruct(t, header)
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		return csvMap(t, header), nil
	case t == reflect.TypeFor[[]string]():
		return func(v reflect.Value, fields []string) error { v.Set(reflect.ValueOf(fields)); return nil }, nil
	case len(header) == 1:
		return func(v reflect.Value, fields []string) error { return setField(v, fields[0], header[0]) }, nil
	}
	return nil, fmt.Errorf("a CSV record of %d fields makes no %v; the function must take a struct, a map or a []string", len(header), t)
}

func csvMap(t reflect.Type, header []string) func(reflect.Value, []string) error {
	return func(v reflect.Value, fields []string) error {
		m := reflect.MakeMapWithSize(t, len(fields))
		for i, text := range fields {
			e := reflect.New(t.Elem()).Elem()
			if err := setField(e, text, header[i]); err != nil {
				return err
			}
			m.SetMapIndex(reflect.ValueOf(header[i]).Convert(t.Key()), e)
		}
		v.Set(m)
		return nil
	}
}

func csvStruct(t reflect.Type, header []string) (func(reflect.Value, []string) error, error) {
	index := make([][]int, len(header))
	known := 0
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		name := columnName(f)
		names = append(names, name)
		for i, h := range header {
			if strings.EqualFold(strings.TrimSpace(h), name) {
				index[i] = f.Index
				known++
			}
		}
	}
	if known == 0 {
		return nil, fmt.Errorf("no column of the header (%s) is a field of %v (%s)", strings.Join(header, ", "), t, strings.Join(names, ", "))
	}
	return func(v reflect.Value, fields []string) error {
		for i, at := range index {
			if at == nil {
				continue
			}
			f, err := v.FieldByIndexErr(at)
			if err == nil {
				err = setField(f, fields[i], header[i])
			}
			if err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func columnName(f reflect.StructField) string {
	for _, key := range []string{"csv", "json"} {
		if name, _, _ := strings.Cut(f.Tag.Get(key), ","); name != "" {
			return name
		}
	}
	return f.Name
}

// setField parses text as v's type. An empty text is the zero value of all but
// strings.
func setField(v reflect.Value, text, column string) error {
	if v.Kind() == reflect.Pointer {
		if text == "" {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if text == "" {
		return nil
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			return fmt.Errorf("column %s: %w", column, err)
		}
		return nil
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Interface:
		if v.NumMethod() > 0 {
			return fmt.Errorf("column %s: CSV makes no %v", column, v.Type())
		}
		v.Set(reflect.ValueOf(text))
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var n int64
		n, err = strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		var n uint64
		n, err = strconv.ParseUint(text, 10, v.Type().Bits())
		v.SetUint(n)
	case reflect.Float32, reflect.Float64:
		var x float64
		x, err = strconv.ParseFloat(text, v.Type().Bits())
		v.SetFloat(x)
	default:
		if isText(v.Type()) {
			v.SetBytes([]byte(text))
			return nil
		}
		if json.Unmarshal([]byte(text), v.Addr().Interface()) != nil {
			return fmt.Errorf("column %s: %q is no JSON of a %v", column, text, v.Type())
		}
	}
	if err != nil {
		return fmt.Errorf("column %s: %q is no %v", column, text, v.Kind())
	}
	return nil
}
