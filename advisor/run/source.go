package run

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// An item is one input.
type item struct {
	index uint64 // from 0
	line  int64  // where it starts, from 1; with Args the number of the argument
	end   int64  // bytes read up to its end
	raw   []byte // without terminator; shared with other items, not to be changed
	err   error  // why it can be no input
}

// A splitter cuts a stream into items. It reads no more than it is asked for,
// up to one block: what a pipe holds is handed on at once, so that a slow
// stream's inputs run as they come.
type splitter struct {
	r      io.Reader
	end    byte // ends an item
	quotes bool // an end inside double quotes is none
	trim   func([]byte) []byte
	skip   func([]byte) bool // nil or: it is not an input
	limit  int               // longest item in bytes

	block    []byte // being cut; items are parts of it, so it is never overwritten
	start    int    // of what is not cut yet
	searched int    // bytes from start on that hold no end
	open     bool   // they end inside quotes
	eof      bool
	err      error // of the reader, told after the last item
	next     item  // index, line and end of the item to come
}

const blockSize = 64 << 10

// newSplitter returns a splitter for a format. Null: items end with a zero byte.
func newSplitter(r io.Reader, format string, null bool, limit int) *splitter {
	s := &splitter{r: r, limit: limit, end: '\n', trim: trimLine, quotes: format == CSV}
	s.next.line = 1
	if null {
		s.end = 0
		s.trim = func(b []byte) []byte { return bytes.TrimSuffix(b, []byte{0}) }
	}
	if format != Lines {
		s.skip = blank
	}
	return s
}

// byteOrderMark is what some programs write before the first line of a text.
var byteOrderMark = []byte("\ufeff")

func blank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// trimLine drops the end of a line, \n or \r\n.
func trimLine(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
		if n > 1 && b[n-2] == '\r' {
			b = b[:n-2]
		}
	}
	return b
}

// find returns the length of the first item with its end. Quotes inside a
// quoted field are written twice, so that counting them is enough.
func (s *splitter) find() (size int, ok bool) {
	rest := s.block[s.start:]
	for {
		i := bytes.IndexByte(rest[s.searched:], s.end)
		if i < 0 {
			s.open = s.open != s.odd(rest[s.searched:])
			s.searched = len(rest)
			return len(rest), false
		}
		s.open = s.open != s.odd(rest[s.searched:s.searched+i])
		s.searched += i + 1
		if !s.open {
			size, s.searched = s.searched, 0
			return size, true
		}
	}
}

func (s *splitter) odd(b []byte) bool {
	return s.quotes && bytes.Count(b, []byte{'"'})%2 == 1
}

// take moves on by size bytes and counts their lines.
func (s *splitter) take(size int) []byte {
	text := s.block[s.start : s.start+size : s.start+size]
	s.start += size
	s.next.end += int64(size)
	if s.quotes || s.end != '\n' {
		s.next.line += int64(bytes.Count(text, []byte{'\n'}))
	} else {
		s.next.line++
	}
	return text
}

// read fills items with what comes next, at least one; 0 is the end. The
// error is the reader's and comes after its last items.
func (s *splitter) read(items []item) (int, error) {
	for {
		n := s.cut(items)
		if n > 0 {
			return n, nil
		}
		if s.eof && s.start == len(s.block) {
			return 0, s.err
		}
		if err := s.fill(); err != nil {
			return s.tooLong(items)
		}
	}
}

// cut takes whole items from the block.
func (s *splitter) cut(items []item) int {
	n := 0
	for n < len(items) && s.start < len(s.block) {
		size, ok := s.find()
		if !ok && !s.eof {
			break
		}
		it := s.next
		it.raw = s.trim(s.take(size))
		if it.end == 0 && s.end == '\n' {
			it.raw = bytes.TrimPrefix(it.raw, byteOrderMark)
		}
		it.end = s.next.end
		if s.skip != nil && s.skip(it.raw) {
			continue
		}
		if len(it.raw) > s.limit {
			it.err = errTooLong(s.limit)
			it.raw = it.raw[:min(excerpt, len(it.raw))]
		}
		s.next.index++
		items[n] = it
		n++
	}
	return n
}

// excerpt is how much is kept of an item that is too long.
const excerpt = 100

var errBlock = errors.New("item longer than the limit")

func errTooLong(limit int) error {
	return fmt.Errorf("is longer than %s (-max-input)", bytesText(int64(limit)))
}

// fill reads once. A block that holds the start of a long item doubles.
func (s *splitter) fill() error {
	rest := s.block[s.start:]
	if len(rest) > s.limit+2 {
		return errBlock
	}
	if cap(s.block)-len(s.block) < blockSize/4 {
		b := make([]byte, len(rest), max(blockSize, 2*len(rest)))
		copy(b, rest)
		s.block, s.start = b, 0
	}
	n, err := s.r.Read(s.block[len(s.block):cap(s.block)])
	s.block = s.block[:len(s.block)+n]
	if err != nil {
		s.eof = true
		if err != io.EOF {
			s.err = fmt.Errorf("reading the inputs: %w", plainPath(err))
		}
	}
	return nil
}

// tooLong makes an item that failed of the one in the block, and reads on to
// its end without keeping it.
func (s *splitter) tooLong(items []item) (int, error) {
	it := s.next
	it.raw = append([]byte{}, s.block[s.start:min(s.start+excerpt, len(s.block))]...)
	it.err = errTooLong(s.limit)
	for ok := false; !ok; {
		var size int
		if size, ok = s.find(); ok || s.eof {
			s.take(size)
			break
		}
		// Lines inside are counted as they go by, but not as ends.
		s.next.line += int64(bytes.Count(s.block[s.start:], []byte{'\n'}))
		s.next.end += int64(size)
		s.block, s.start, s.searched = make([]byte, 0, blockSize), 0, 0
		s.fill()
	}
	it.end = s.next.end
	s.next.index++
	items[0] = it
	return 1, nil
}

// Count writes a number of things as people do: 1 input, 2 inputs.
func Count[N int | int64 | uint64](n N, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// bytesText writes a size as people do.
func bytesText(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	x, u := float64(n), 0
	for x >= 1024 && u < len(units)-1 {
		x, u = x/1024, u+1
	}
	if x == float64(int64(x)) {
		return fmt.Sprintf("%d %s", int64(x), units[u])
	}
	return fmt.Sprintf("%.1f %s", x, units[u])
}
