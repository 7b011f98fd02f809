package places

import (
	"bufio"
	"io"
	"net"
)

// What a buffer is on is known to who has made it.

func Framed(c net.Conn) *bufio.Writer { return sized(c) }

func sized(w io.Writer) *bufio.Writer {
	b := bufio.NewWriterSize(w, 1<<16)
	return b
}

// On says what it is on, as far as the caller does.
func On(w io.Writer) *bufio.Writer { return sized(w) }

func Open(addr string) (*bufio.Writer, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return Framed(c), nil
}

// A Link has its buffer from its constructor.
type Link struct {
	Out  *bufio.Writer
	Name string
}

func NewLink(c net.Conn, name string) *Link { return &Link{Out: Framed(c), Name: name} }
