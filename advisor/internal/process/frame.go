package process

import (
	"encoding/binary"
	"fmt"
	"io"
)

// A frame is a length of 4 bytes, little endian, then as many bytes: one for
// the kind, the rest the payload.
const (
	kindSettings = 's' // to the worker, first: how to behave
	kindHello    = 'h' // from the worker, first: it is one, and speaks this version
	kindTasks    = 't' // to the worker: a batch
	kindLone     = 'l' // to the worker: a batch of one task; its outcome and the next task may go through the mailbox
	kindPartial  = 'q' // from the worker: outcomes of the first batch, more follow
	kindOutcomes = 'o' // from the worker: the remaining outcomes of the first batch
	kindProgress = 'p' // from the worker: as kindPartial, and all but the running task comes back unstarted
	kindReturned = 'b' // from the worker: the second batch comes back unstarted
)

const (
	headerSize = 4
	readAhead  = 16 << 10
	// Room is made for so much of a frame on the word of its header alone;
	// beyond that, only as the bytes arrive.
	trusted = 1 << 20
)

// A frameReader reads frames with one system call for each small frame.
type frameReader struct {
	r      io.Reader
	max    int // longest frame that is believed, bytes
	buf    []byte
	lo, hi int    // buf[lo:hi] is read and not yet used
	piped  uint32 // frames that came through r
}

func newFrameReader(r io.Reader, longest int) *frameReader {
	return &frameReader{r: r, max: longest, buf: make([]byte, readAhead)}
}

// drained reports whether the next frame is still to come.
func (f *frameReader) drained() bool { return f.lo == f.hi }

// hand has next return a frame that did not come through r.
func (f *frameReader) hand(frame []byte) {
	f.lo, f.hi = 0, copy(f.buf, frame)
	f.piped--
}

// next returns the next frame. The payload is freshly allocated and never
// reused. The error is io.EOF only between frames.
func (f *frameReader) next() (kind byte, payload []byte, err error) {
	if err := f.need(headerSize); err != nil {
		return 0, nil, err
	}
	n := int64(binary.LittleEndian.Uint32(f.buf[f.lo:]))
	if n < 1 || n > int64(f.max) {
		return 0, nil, fmt.Errorf("malformed frame: length %d is not in 1..%d", n, f.max)
	}
	f.lo += headerSize
	body, err := f.take(int(n))
	if err != nil {
		return 0, nil, err
	}
	f.piped++
	return body[0], body[1:], nil
}

// need makes sure of n unread bytes in the buffer.
func (f *frameReader) need(n int) error {
	if f.hi-f.lo >= n {
		return nil
	}
	if f.lo > 0 {
		f.hi = copy(f.buf, f.buf[f.lo:f.hi])
		f.lo = 0
	}
	for f.hi < n {
		got, err := f.r.Read(f.buf[f.hi:])
		f.hi += got
		if f.hi >= n {
			return nil
		}
		if err == io.EOF && f.hi > 0 {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// take returns n bytes, those in the buffer first.
func (f *frameReader) take(n int) ([]byte, error) {
	body := make([]byte, min(n, trusted))
	got := copy(body, f.buf[f.lo:f.hi])
	f.lo += got
	for {
		if _, err := io.ReadFull(f.r, body[got:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if len(body) == n {
			return body, nil
		}
		got = len(body)
		longer := make([]byte, min(n, 2*got))
		copy(longer, body)
		body = longer
	}
}

// beginFrame starts a frame in buf's memory; endFrame fills in its length.
func beginFrame(buf []byte, kind byte) []byte {
	return append(buf[:0], 0, 0, 0, 0, kind)
}

// endFrame writes the length of the frame in buf, of which more bytes follow
// outside of it.
func endFrame(buf []byte, more int) []byte {
	binary.LittleEndian.PutUint32(buf, uint32(len(buf)-headerSize+more))
	return buf
}

// A cursor reads the parts of a payload. Reading beyond the end gives zero
// values and sets bad.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.rest)
	if n <= 0 {
		c.bad, c.rest = true, nil
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

func (c *cursor) byte() byte {
	if len(c.rest) == 0 {
		c.bad = true
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b
}

// bytes returns the next n bytes, capped so that appending to them copies.
func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(len(c.rest)) {
		c.bad, c.rest = true, nil
		return nil
	}
	b := c.rest[:n:n]
	c.rest = c.rest[n:]
	return b
}
