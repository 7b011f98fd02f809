package locks

import (
	"encoding/binary"
	"errors"
)

// GobEncode implements gob.GobEncoder: gob would describe the types in each fact, and
// facts of methods are written again by all packages that see their type.
func (d *Dealings) GobEncode() ([]byte, error) {
	b := count(nil, d.Takes)
	for _, l := range d.Takes {
		b = binary.AppendVarint(append(text(text(b, l.Name), l.In), bits(l.Read)), int64(l.Of))
	}
	b = count(b, d.Runs)
	for _, run := range d.Runs {
		b = text(text(b, run.Place), run.In)
	}
	b = count(b, d.Makes)
	for _, t := range d.Makes {
		b = text(b, t)
	}
	b = count(b, d.Given)
	for _, g := range d.Given {
		b = binary.AppendVarint(b, int64(g.Arg))
		b = count(text(text(b, g.Method), g.Place), g.Under)
		for _, h := range g.Under {
			b = append(text(text(text(text(text(b, h.Name), h.In), h.By), h.On), h.Among), bits(h.Read, h.Wanted, h.Maker))
		}
	}
	return b, nil
}

func count[T any](b []byte, list []T) []byte { return binary.AppendUvarint(b, uint64(len(list))) }

func text(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func bits(list ...bool) (b byte) {
	for i, v := range list {
		if v {
			b |= 1 << i
		}
	}
	return b
}

// GobDecode implements gob.GobDecoder. Errors say that the fact is cut off.
func (d *Dealings) GobDecode(b []byte) error {
	r := reader{b: b}
	d.Takes = read(&r, func() Taken { return Taken{Lock{r.text(), r.text(), r.byte() != 0}, int(r.varint())} })
	d.Runs = read(&r, func() Run { return Run{r.text(), r.text()} })
	d.Makes = read(&r, r.text)
	d.Given = read(&r, func() Given {
		g := Given{Arg: int(r.varint()), Method: r.text(), Place: r.text()}
		g.Under = read(&r, func() Hold {
			h := Hold{Lock: Lock{Name: r.text(), In: r.text()}, By: r.text(), On: r.text(), Among: r.text()}
			b := r.byte()
			h.Read, h.Wanted, h.Maker = b&1 != 0, b&2 != 0, b&4 != 0
			return h
		})
		return g
	})
	return r.err
}

type reader struct {
	b   []byte
	err error
}

// read reads a list, each element of which takes a byte or more.
func read[T any](r *reader, one func() T) (list []T) {
	for range r.length() {
		list = append(list, one())
	}
	return list
}

// length is a number of bytes or elements that are still to come.
func (r *reader) length() int {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > uint64(len(r.b)-size) {
		return r.fail()
	}
	r.b = r.b[size:]
	return int(n)
}

func (r *reader) varint() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		return int64(r.fail())
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) text() string {
	n := r.length()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		return byte(r.fail())
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

// fail gives up: what follows is as empty as nothing.
func (r *reader) fail() int {
	r.b, r.err = nil, errors.New("locks: truncated fact")
	return 0
}
