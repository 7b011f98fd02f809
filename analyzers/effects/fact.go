package effects

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// The fact's encoding is one byte slice rather than gob's own: facts of
// methods are written again by every package that sees their type, so a few
// bytes each decide the size of the go command's cache.

// exportFrames is how many frames of a chain cross a package boundary: the
// first and the last tell where to look and why.
const exportFrames = 3

// mostArgs is the last parameter of which a fact can tell.
const mostArgs = 0x3e

// GobEncode implements gob.GobEncoder.
func (s *Summary) GobEncode() ([]byte, error) { return s.encode(appendString), nil }

// encode appends strings with text, which knows how they are told.
func (s *Summary) encode(text func([]byte, string) []byte) []byte {
	mark := s.Mark
	if s.NonBlocking|s.Offload != 0 {
		mark |= markArgs
	}
	b := []byte{byte(mark) | boolBit(s.Endless, 7), byte(s.Lock), byte(len(s.Effects))}
	if mark&markArgs != 0 {
		b = append(b, byte(s.NonBlocking), byte(s.Offload))
	}
	for i := range s.Effects {
		b = appendEffect(b, &s.Effects[i], text)
	}
	uses := s.Uses[:min(len(s.Uses), math.MaxUint8)]
	b = append(b, byte(len(uses)))
	for _, u := range uses {
		b = append(b, byte(u.Arg+1)|boolBit(u.Again, 6)|boolBit(u.Timed || u.Late, 7), byte(u.Certainty)|boolBit(u.Local != 0, 3)|boolBit(u.Awaited, 4)|boolBit(u.Each, 5)|boolBit(u.Goes, 6)|boolBit(u.Limited, 7))
		b = text(b, u.Method)
		if u.Local != 0 {
			b = append(b, byte(u.Local))
		}
		if u.Each && u.Goes {
			b = append(b, byte(u.Over))
		}
	}
	return b
}

func boolBit(v bool, n int) byte {
	if v {
		return 1 << n
	}
	return 0
}

func appendEffect(b []byte, e *Effect, text func([]byte, string) []byte) []byte {
	chain := e.Chain
	b = append(b, byte(e.Kind), byte(e.Certainty)|byte(e.Weight)<<4, byte(e.Bound)|e.Guard.bits()<<2, byte(e.Root), byte(len(chain)))
	b = binary.AppendUvarint(b, uint64(e.Flags))
	b = binary.AppendUvarint(b, uint64(max(0, e.Duration)))
	b = text(b, e.Label)
	for _, f := range chain {
		b = text(b, f.Where)
		b = text(b, f.Call)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// GobDecode implements gob.GobDecoder.
func (s *Summary) GobDecode(b []byte) error { return s.decode(&factReader{b: b}) }

func (s *Summary) decode(r *factReader) error {
	head := r.byte()
	s.Mark, s.Endless = Marks(head&0x7f), head&0x80 != 0
	s.Lock = LockNet(r.byte())
	s.Effects = make([]Effect, r.byte())
	if s.Mark&markArgs != 0 {
		s.Mark &^= markArgs
		s.NonBlocking, s.Offload = Args(r.byte()), Args(r.byte())
	}
	for i := range s.Effects {
		r.effect(&s.Effects[i])
	}
	s.Uses = make([]Use, r.byte())
	for i := range s.Uses {
		arg, bits := r.byte(), r.byte()
		s.Uses[i] = Use{Arg: int(arg&0x3f) - 1, Again: arg&(1<<6) != 0, Timed: arg&(1<<7) != 0, Certainty: Certainty(bits & 0x07), Awaited: bits&(1<<4) != 0, Each: bits&(1<<5) != 0, Goes: bits&(1<<6) != 0, Limited: bits&(1<<7) != 0, Method: r.string()}
		u := &s.Uses[i]
		if u.Goes && u.Method == "" {
			u.Late, u.Timed = u.Timed, false // only a method may be given a context
		}
		if bits&(1<<3) != 0 {
			u.Local = Args(r.byte())
		}
		if u.Each && u.Goes {
			u.Over = int(r.byte())
		}
	}
	return r.err
}

type factReader struct {
	b       []byte
	strings []string // of which numbers are told; nil: they are told themselves
	err     error
}

func (r *factReader) byte() byte {
	if len(r.b) == 0 {
		r.err = errors.New("effects: truncated fact")
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *factReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.err = errors.New("effects: truncated fact")
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *factReader) string() string {
	n := r.uvarint()
	if r.strings != nil {
		if n >= uint64(len(r.strings)) {
			r.err = errors.New("effects: broken table of facts")
			return ""
		}
		return r.strings[n]
	}
	if n > uint64(len(r.b)) {
		r.err = errors.New("effects: truncated fact")
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *factReader) effect(e *Effect) {
	e.Kind = Kind(r.byte())
	if e.Kind >= numKinds {
		r.err = errors.New("effects: fact of a later version")
		e.Kind = Dynamic
	}
	c := r.byte()
	e.Certainty, e.Weight = Certainty(c&0x0f), Weight(min(c>>4, byte(Costly)))
	c = r.byte()
	e.Bound, e.Guard = Bound(c&3), guardFrom(c>>2)
	e.Root = Root(int8(r.byte()))
	n := int(r.byte())
	e.Flags = Flags(r.uvarint())
	e.Duration = time.Duration(r.uvarint())
	e.Label = r.string()
	for range n {
		e.Chain = append(e.Chain, Frame{Where: r.string(), Call: r.string()})
	}
}

// Exported returns effects as a fact tells them to packages above.
func (r *Result) Exported(list []Effect) *Summary {
	s := new(Summary)
	for _, e := range list {
		if worthAFact(&e, true) {
			e.Chain = exportChain(e.Chain, true)
			s.Effects = append(s.Effects, e)
		}
	}
	r.p.locate(s)
	return s
}
