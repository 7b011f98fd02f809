package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Frames is a channel of messages, each behind a header that has its length. It takes
// memory for what has come, not for what is said to come.
type frames struct {
	in  *bufio.Reader
	out io.WriteCloser // takes a message at once
}

// longestMessage is far above any: that of an open file holds its text.
const longestMessage = 64 << 20

// Send implements channel.Channel.
func (f frames) Send(text []byte) error {
	_, err := f.out.Write(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n%s", len(text), text))
	return err
}

// Recv implements channel.Channel.
func (f frames) Recv() ([]byte, error) {
	length, err := f.header()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, f.in, length); err != nil {
		return nil, fmt.Errorf("a message of %d bytes ends after %d", length, text.Len())
	}
	return text.Bytes(), nil
}

// Close implements channel.Channel.
func (f frames) Close() error { return f.out.Close() }

// header reads down to the empty line. Between two messages the input may end.
func (f frames) header() (length int64, err error) {
	length = -1
	for begun := false; ; begun = true {
		line, err := f.in.ReadSlice('\n')
		switch {
		case err == io.EOF && len(line) == 0 && !begun:
			return 0, io.EOF
		case err == io.EOF:
			return 0, fmt.Errorf("a header that ends after %.40q", line)
		case err != nil: // longer than any header
			return 0, fmt.Errorf("a header that begins %.40q", line)
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break
		}
		key, value, ok := strings.Cut(text, ":")
		if !ok {
			return 0, fmt.Errorf("a header that is none: %.40q", text)
		}
		if !strings.EqualFold(strings.TrimSpace(key), "Content-Length") {
			continue
		}
		value = strings.TrimSpace(value)
		length, err = strconv.ParseInt(value, 10, 64)
		if err != nil || length < 0 || length > longestMessage {
			return 0, fmt.Errorf("a message of %.40s bytes; want at most %d", value, longestMessage)
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("a message without Content-Length")
	}
	return length, nil
}
