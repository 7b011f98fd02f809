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

// A type of the package's own that holds what it writes to: every constructor in sight
// is given a connection.
type framed struct {
	w io.Writer
	n int
}

func newFramed(w io.Writer) *framed { return &framed{w: bufio.NewWriter(w)} }

func accepted(c net.Conn) *framed { return newFramed(c) }

func (f *framed) Frame(b []byte) { // want Frame:"^net\\(always\\)$"
	f.n++
	_, _ = f.w.Write(b)
}

// The ends of a pipe have the type of connections, and are in this program.
type piped struct{ r io.Reader }

func newPiped() (*piped, net.Conn) {
	r, w := net.Pipe()
	return &piped{r}, w
}

func (p *piped) Next(b []byte) { // want Next:"^chan\\(always\\)$"
	_, _ = p.r.Read(b)
}

// An exported constructor: others may give it something else.
type Framed struct{ r io.Reader }

func NewFramed(r io.Reader) *Framed { return &Framed{r} }

func Accepted(c net.Conn) *Framed { return NewFramed(c) }

func (f *Framed) Next(b []byte) { // want Next:"^net\\(usually\\)$"
	_, _ = f.r.Read(b)
}

// What is in memory as often is not told.
type either struct{ w io.Writer }

func newEither(w io.Writer) *either { return &either{w} }

func eithers(c net.Conn, b *bytes.Buffer) []*either {
	return []*either{newEither(c), newEither(b)}
}

func (e *either) Frame(b []byte) {
	_, _ = e.w.Write(b)
}

// What is constant and short stays in the buffer of the response.
func Answer(w http.ResponseWriter) {
	io.WriteString(w, "ready\n")
	w.Write([]byte("ready\n"))
}

func AnswerOften(w http.ResponseWriter, names []string) { // want AnswerOften:"net"
	for range names {
		io.WriteString(w, "ready\n")
	}
}

func AnswerWith(w http.ResponseWriter, text string) { // want AnswerWith:"net\\(always\\)"
	io.WriteString(w, text)
}
