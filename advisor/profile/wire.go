package profile

import (
	"encoding/binary"
	"errors"
)

// Numbers of fields in profile.proto.
const (
	fieldSample   = 2 // of Profile
	fieldLocation = 1 // of Sample
	fieldValue    = 2
	fieldLabel    = 3
	fieldKey      = 1 // of Label
	fieldText     = 2
	fieldString   = 6 // of Profile
)

// Wire types of protocol buffers.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

var errWire = errors.New("no profile or trace, or a damaged one")

// A field is one field of a message: a number or bytes.
type field struct {
	number int
	wire   int
	varint uint64
	bytes  []byte
	size   int // in the message
}

// next decodes the first field of msg.
func next(msg []byte) (field, error) {
	key, n := binary.Uvarint(msg)
	if n <= 0 || key>>3 == 0 || key>>3 > 1<<29 {
		return field{}, errWire
	}
	f := field{number: int(key >> 3), wire: int(key & 7)}
	body := msg[n:]
	size := 0
	switch f.wire {
	case wireVarint:
		if f.varint, size = binary.Uvarint(body); size <= 0 {
			return field{}, errWire
		}
	case wireFixed64:
		size = 8
	case wireFixed32:
		size = 4
	case wireBytes:
		length, m := binary.Uvarint(body)
		if m <= 0 || length > uint64(len(body)-m) {
			return field{}, errWire
		}
		f.bytes = body[m : m+int(length)]
		size = m + int(length)
	default:
		return field{}, errWire
	}
	if size > len(body) {
		return field{}, errWire
	}
	f.size = n + size
	return f, nil
}

// withoutSamples is a profile's tables, and the number of its samples. Samples
// are nearly all of a large profile; decoded to structs, each with its slice of
// pointers, they take ten times the space that they have in the file.
func withoutSamples(data []byte) (tables []byte, samples int, err error) {
	for len(data) > 0 {
		f, err := next(data)
		if err != nil {
			return nil, 0, err
		}
		if f.number == fieldSample && f.wire == wireBytes {
			samples++
		} else {
			tables = append(tables, data[:f.size]...)
		}
		data = data[f.size:]
	}
	return tables, samples, nil
}

// A sample is decoded into the same slices again and again.
type sample struct {
	locations []uint64
	values    []int64
	labels    []label
}

// A label is a pair of strings, by their numbers in the profile's table.
type label struct{ key, text uint64 }

// eachSample decodes one sample after the other.
func eachSample(data []byte, visit func(*sample) error) error {
	var s sample
	for len(data) > 0 {
		f, err := next(data)
		if err != nil {
			return err
		}
		data = data[f.size:]
		if f.number != fieldSample || f.wire != wireBytes {
			continue
		}
		if err := s.decode(f.bytes); err != nil {
			return err
		}
		if err := visit(&s); err != nil {
			return err
		}
	}
	return nil
}

func (s *sample) decode(msg []byte) error {
	s.locations, s.values, s.labels = s.locations[:0], s.values[:0], s.labels[:0]
	for len(msg) > 0 {
		f, err := next(msg)
		if err != nil {
			return err
		}
		msg = msg[f.size:]
		if f.number == fieldLabel {
			if err := s.label(f.bytes); err != nil {
				return err
			}
			continue
		}
		// Repeated numbers are packed into bytes or stand alone.
		for alone := f.wire == wireVarint; alone || len(f.bytes) > 0; alone = false {
			v, n := f.varint, 0
			if !alone {
				if v, n = binary.Uvarint(f.bytes); n <= 0 {
					return errWire
				}
				f.bytes = f.bytes[n:]
			}
			switch f.number {
			case fieldLocation:
				s.locations = append(s.locations, v)
			case fieldValue:
				s.values = append(s.values, int64(v))
			default: // of a later version
				f.bytes = nil
			}
		}
	}
	return nil
}
