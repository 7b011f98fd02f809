package run

import (
	"fmt"
	"io"
	"os"
)

// argsReader gives the inputs of the command line.
type argsReader struct {
	args []string
	next int
}

func (a *argsReader) read(items []item) (int, error) {
	n := 0
	for n < len(items) && a.next < len(a.args) {
		items[n] = item{index: uint64(a.next), line: int64(a.next + 1), end: int64(a.next + 1), raw: []byte(a.args[a.next])}
		a.next++
		n++
	}
	return n, nil
}

// openSource returns the inputs and how much there is, 0 where unknown.
func openSource(c *Config, stdin *os.File) (reader, int64, error) {
	if c.Args != nil {
		return &argsReader{args: c.Args}, int64(len(c.Args)), nil
	}
	format := c.Coding.In
	if c.Coding.Files {
		format = Files
	}
	s := newSplitter(stdin, format, c.Null, c.MaxInput)
	total := int64(0)
	if info, err := stdin.Stat(); err == nil && info.Mode().IsRegular() {
		at, _ := stdin.Seek(0, io.SeekCurrent)
		total = max(0, info.Size()-at)
	}
	if format != CSV {
		return s, total, nil
	}
	var head [1]item
	n, err := s.read(head[:])
	if err != nil {
		return nil, 0, err
	}
	if n == 1 {
		if c.Coding.Header, err = csvFields(head[0].raw); err != nil {
			return nil, 0, fmt.Errorf("the header of the inputs: %w", err)
		}
	}
	s.next.index = 0
	return s, total, nil
}
