package carried

import (
	"encoding/binary"
	"errors"
)

// GobEncode implements gob.GobEncoder: gob would describe the types in each fact.
func (s *Summary) GobEncode() ([]byte, error) {
	b := text(nil, s.doubt)
	b = binary.AppendUvarint(b, uint64(len(s.touches)))
	for _, t := range s.touches {
		b = append(t.append(b), byte(t.kind), byte(t.use)|bit(t.last, 4)|bit(t.must, 5), byte(t.by))
		b = text(b, t.says)
	}
	b = binary.AppendUvarint(b, uint64(len(s.results)))
	for _, r := range s.results {
		b = append(b, byte(r.how))
		if r.how == holding || r.how == leads {
			b = r.append(b)
		}
	}
	return b, nil
}

func (sp spot) append(b []byte) []byte {
	b = binary.AppendVarint(b, int64(sp.arg))
	b = append(b, bit(sp.flat, 0)|bit(sp.vague, 1))
	return text(text(b, sp.global), sp.path)
}

func text(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func bit(v bool, n int) byte {
	if v {
		return 1 << n
	}
	return 0
}

// GobDecode implements gob.GobDecoder.
func (s *Summary) GobDecode(b []byte) error {
	r := reader{b: b}
	*s = Summary{doubt: r.text()}
	for n := r.count(); n > 0; n-- {
		t := touch{spot: r.spot(), kind: kind(r.byte())}
		bits := r.byte()
		t.use, t.last, t.must = use(bits&0x0f), bits&(1<<4) != 0, bits&(1<<5) != 0
		t.by, t.says = merge(r.byte()), r.text()
		s.touches = append(s.touches, t)
	}
	for n := r.count(); n > 0; n-- {
		res := result{how: leading(r.byte())}
		if res.how == holding || res.how == leads {
			res.spot = r.spot()
		}
		s.results = append(s.results, res)
	}
	return r.err
}

type reader struct {
	b   []byte
	err error
}

// fail ends the reading of what is no fact of this version.
func (r *reader) fail() {
	r.b, r.err = nil, errors.New("carried: broken fact")
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail()
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *reader) count() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > uint64(len(r.b)) {
		r.fail()
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) text() string {
	n := r.count()
	if n > uint64(len(r.b)) {
		r.fail()
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *reader) spot() spot {
	arg, size := binary.Varint(r.b)
	if size <= 0 {
		r.fail()
		return spot{}
	}
	r.b = r.b[size:]
	bits := r.byte()
	sp := spot{arg: int(arg), flat: bits&1 != 0, vague: bits&2 != 0}
	sp.global, sp.path = r.text(), r.text()
	return sp
}
