package a

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"strings"
)

// Reading from memory is no I/O.
func Memory(b []byte) (v any, err error) { // want Memory:"^cpu\\((loop|heavy)\\)$"
	err = json.NewDecoder(bytes.NewReader(b)).Decode(&v)
	return v, err
}

func Discard(s string) {
	_, _ = io.Copy(io.Discard, strings.NewReader(s))
}

// A buffered reader over a connection is the connection.
func Line(c net.Conn) (string, error) { // want Line:"net\\(always\\)"
	return bufio.NewReader(c).ReadString('\n')
}

// So is the body of a response.
func Body(r *http.Response) (v any, err error) { // want Body:"net\\(always\\)"
	err = json.NewDecoder(r.Body).Decode(&v)
	return v, err
}

// Of an argument, the caller knows.
func Print(w io.Writer) { // want Print:"^calls 0.Write$"
	fmt.Fprintln(w, "a")
}

func PrintHere() { // want PrintHere:"^net\\(always\\)$"
	c, _ := dialed()
	Print(c)
}

func dialed() (c *net.TCPConn, err error) { return nil, nil }

// Hash gets Write from io.Writer, but computes.
func Sum(h hash.Hash, c net.Conn) { // want Sum:"^cpu\\(heavy\\) net\\(always\\)"
	_, _ = io.Copy(h, c)
}
