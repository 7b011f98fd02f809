package profile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
)

// A splitter hands out a trace as a row of small ones, one for each generation.
// The runtime begins a generation about every second, with all stacks, names
// and states that belong to it, so that it can be read without those before.
//
// Reading a trace in one piece would do, but takes twice the memory, as the
// package that reads events keeps one generation while it loads the next, and
// it would be lost from the first damage on.
//
// A generation is a sequence of batches (internal/trace/tracev2). Only their
// heads are looked at; from one that is not understood on, the rest of the
// file counts as one generation.
type splitter struct {
	r      *bufio.Reader
	file   []byte // header of the file, which each small one repeats
	old    bool   // Go 1.21 and earlier, which has no generations
	whole  bool   // the rest is one piece
	gen    uint64 // present one
	ready  []byte // to be handed out before
	batch  int64  // bytes left of the batch
	end    bool   // of the generation
	next   []byte // head of the first batch of the next generation
	follow head   // the same, understood
	taken  int64  // bytes of the file that were handed out
	err    error  // sticky: of the file, io.EOF at its end
}

// What begins a batch.
const (
	eventBatch        = 1
	experimentalBatch = 49
	endOfGeneration   = 52 // since Go 1.26; before, a batch with another number follows
)

// fileHeader is the length of "go 1.26 trace\x00\x00\x00".
const fileHeader = 16

// firstWithGenerations is the version of Go that began to write them.
const firstWithGenerations = 22

func newSplitter(r io.Reader) *splitter {
	s := &splitter{r: bufio.NewReaderSize(r, 1<<16)}
	s.file = make([]byte, fileHeader)
	n, err := io.ReadFull(s.r, s.file)
	s.file, s.taken = s.file[:n], int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	s.err = err
	version, _, _ := bytes.Cut(bytes.TrimPrefix(s.file, []byte("go 1.")), []byte(" "))
	v, err := strconv.Atoi(string(version))
	s.old = err == nil && v < firstWithGenerations
	s.whole = s.old || err != nil
	return s
}

// advance begins the next generation. It says false if there is none.
func (s *splitter) advance() bool {
	if s.next == nil && s.err == nil {
		_, s.err = s.r.Peek(1)
	}
	if s.next == nil && s.err != nil {
		return false
	}
	s.ready = append(s.ready[:0], s.file...)
	s.taken -= int64(len(s.file)) // is counted already
	s.end, s.batch, s.gen = false, 0, 0
	if s.next != nil {
		s.ready = append(s.ready, s.next...)
		s.gen, s.batch, s.next = s.follow.gen, s.follow.size, nil
	}
	return true
}

// Read reads on in the generation; io.EOF is its end.
func (s *splitter) Read(p []byte) (n int, err error) {
	defer func() { s.taken += int64(n) }()
	for {
		switch {
		case len(s.ready) > 0:
			n := copy(p, s.ready)
			s.ready = s.ready[n:]
			return n, nil
		case s.end:
			return 0, io.EOF
		case s.err != nil:
			return 0, s.err
		case s.whole || s.batch > 0:
			if !s.whole {
				p = p[:min(int64(len(p)), s.batch)]
			}
			n, err := s.r.Read(p)
			s.batch -= int64(n)
			s.err = err
			return n, err
		}
		s.more()
	}
}

// skip leaves the rest of the generation out.
func (s *splitter) skip() { io.Copy(io.Discard, s) }

// more looks at the head of the next batch.
func (s *splitter) more() {
	raw, _ := s.r.Peek(maxHead)
	h := parseHead(raw)
	switch {
	case h.length == 0:
		s.whole = true
		return
	case h.ends:
		s.end = true
	case s.gen == 0:
		s.gen = h.gen
	case h.gen != s.gen:
		s.end = true
		s.next, s.follow = bytes.Clone(raw[:h.length]), h
	}
	if s.next == nil {
		s.ready = append(s.ready[:0], raw[:h.length]...)
		s.batch = h.size
	}
	s.r.Discard(h.length)
}

// A head is what stands in front of a batch.
type head struct {
	length int // of the head, 0 if it is none
	ends   bool
	gen    uint64
	size   int64 // of what follows
}

// maxHead is a type, an experiment and four numbers.
const maxHead = 2 + 4*binary.MaxVarintLen64

func parseHead(raw []byte) head {
	if len(raw) == 0 {
		return head{}
	}
	at := 1
	switch raw[0] {
	case endOfGeneration:
		return head{length: 1, ends: true}
	case experimentalBatch:
		at = 2
	case eventBatch:
	default:
		return head{}
	}
	var numbers [4]uint64 // generation, thread, time, size
	for i := range numbers {
		v, n := binary.Uvarint(raw[min(at, len(raw)):])
		if n <= 0 {
			return head{}
		}
		numbers[i] = v
		at += n
	}
	if numbers[3] > 1<<20 { // the runtime's limit is 1<<16
		return head{}
	}
	return head{length: at, gen: numbers[0], size: int64(numbers[3])}
}
