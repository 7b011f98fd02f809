package run

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A scanner reads the frames of a journal in order. A run that was killed leaves
// a torn frame at the end and nothing behind it. So a frame that is not whole
// and has whole ones behind it was damaged later, by a disk or an editor: the
// scanner says so and goes on behind it, since each frame has its own check.
type scanner struct {
	f       io.ReaderAt
	size    int64
	frame   func(at int64, payload []byte) error
	damaged func(from, to int64)
}

// scan returns where the last whole frame ends, 0 if the file is no journal.
func (s *scanner) scan() (whole int64, err error) {
	head := make([]byte, len(magic))
	if _, err := s.f.ReadAt(head, 0); err != nil || string(head) != magic {
		return 0, ignoreEOF(err)
	}
	at := int64(len(magic))
	for {
		if at, err = s.run(at); err != nil || at == s.size {
			return at, err
		}
		next, ok, err := s.resync(at + 1)
		if err != nil || !ok {
			return at, err
		}
		s.damaged(at, next)
		at = next
	}
}

// run reads frames from at on, and returns where the first that is not whole
// begins.
func (s *scanner) run(at int64) (int64, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(s.f, at, s.size-at), blockSize)
	var head [frameHead]byte
	var payload []byte
	for {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return at, ignoreEOF(err)
		}
		n := int64(binary.LittleEndian.Uint32(head[:4]))
		if n == 0 || n > s.size-at-frameHead {
			return at, nil
		}
		if int64(cap(payload)) < n {
			payload = make([]byte, n)
		}
		payload = payload[:n]
		if _, err := io.ReadFull(r, payload); err != nil {
			return at, ignoreEOF(err)
		}
		if crc32.Checksum(payload, crcTable()) != binary.LittleEndian.Uint32(head[4:]) {
			return at, nil
		}
		if err := s.frame(at, payload); err != nil {
			return at, err
		}
		at += frameHead + n
	}
}

// mostHead is how far into a frame plausible looks.
const mostHead = frameHead + 1 + 3*binary.MaxVarintLen64 + 16 + 1

// resync finds the first whole frame from an offset on.
func (s *scanner) resync(from int64) (at int64, ok bool, err error) {
	buf := make([]byte, blockSize+mostHead)
	for base := from; base < s.size; base += blockSize {
		block := buf[:min(int64(len(buf)), s.size-base)]
		if _, err := s.f.ReadAt(block, base); err != nil {
			return 0, false, err
		}
		for i := range min(blockSize, len(block)) {
			if at := base + int64(i); plausible(block[i:], s.size-at) && s.whole(at) {
				return at, true, nil
			}
		}
	}
	return 0, false, nil
}

// plausible reports whether b may be the beginning of a frame, with room bytes
// up to the end of the file. It spares the sum over what a random length says.
func plausible(b []byte, room int64) bool {
	if len(b) < frameHead+2 {
		return false
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n < 2 || n > room-frameHead {
		return false
	}
	switch b[frameHead] {
	case 'h':
		return b[frameHead+1] == '{'
	case 'r':
		_, err := parseRecord(b[frameHead+1 : min(int64(len(b)), frameHead+n)])
		return err == nil
	}
	return false
}

// whole reports whether the frame at an offset has its own sum.
func (s *scanner) whole(at int64) bool {
	var head [frameHead]byte
	if _, err := s.f.ReadAt(head[:], at); err != nil {
		return false
	}
	sum := crc32.New(crcTable())
	n := int64(binary.LittleEndian.Uint32(head[:4]))
	_, err := io.Copy(sum, io.NewSectionReader(s.f, at+frameHead, n))
	return err == nil && sum.Sum32() == binary.LittleEndian.Uint32(head[4:])
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
