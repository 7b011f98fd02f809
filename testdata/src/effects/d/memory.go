// Package d has what looks like waiting and is none, beside what is.
package d

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

// A parser that is given its source reads no file.
func Source(text string) (*ast.File, error) { // want Source:"^cpu\\(loop\\)$"
	return parser.ParseFile(token.NewFileSet(), "a.go", text, 0)
}

func Bytes(b []byte) (*ast.File, error) { // want Bytes:"^cpu\\(loop\\)$"
	return parser.ParseFile(token.NewFileSet(), "a.go", bytes.NewReader(b), 0)
}

func FromFile(name string) (*ast.File, error) { // want FromFile:"^cpu\\(loop\\) file\\(always\\)$"
	return parser.ParseFile(token.NewFileSet(), name, nil, 0)
}

func FromStream(f *os.File) (*ast.File, error) { // want FromStream:"^cpu\\(loop\\) file\\(always\\)$"
	return parser.ParseFile(token.NewFileSet(), "a.go", f, 0)
}

func Text(s string) (v any, err error) { // want Text:"^cpu\\(loop\\)$"
	err = json.NewDecoder(strings.NewReader(s)).Decode(&v)
	return v, err
}

// A transport that answers from memory: the body is the caller's.
type recorder struct{ seen [][]byte }

func (t *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	t.seen = append(t.seen, b)
	return &http.Response{StatusCode: 200}, nil
}

func Recorded(t *recorder, r *http.Request) {
	_, _ = t.RoundTrip(r)
}

// A request made here and read again.
func Signed(url string, b []byte) ([]byte, error) {
	r, err := http.NewRequest("POST", url, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r.Body)
}

// A handler reads what comes in.
func Handle(w http.ResponseWriter, r *http.Request) { // want Handle:"^net\\(always\\)$"
	_, _ = io.ReadAll(r.Body)
}

// A datagram socket connects without a word on the wire.
func Datagrams(addr string) (net.Conn, error) {
	return net.Dial("udp", addr)
}

func Streams(addr string) (net.Conn, error) { // want Streams:"^net\\(always\\)$"
	return net.Dial("tcp", addr)
}

// The address to listen on is this machine's.
func Listens(addr string) (*net.UDPConn, error) {
	local, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		return nil, err
	}
	return net.ListenUDP("udp", local)
}

// The address of a socket, and of a host that has been looked up, is in numbers.
func Again(conn net.Conn) (*net.UDPAddr, error) { // want Again:"^calls 0.LocalAddr$"
	return net.ResolveUDPAddr("udp", conn.LocalAddr().String())
}

func Twice(conn net.PacketConn) (*net.UDPAddr, error) { // want Twice:"^calls 0.LocalAddr$"
	local := conn.LocalAddr()
	return net.ResolveUDPAddr(local.Network(), local.String())
}

func Host(conn net.Conn) (*net.IPAddr, error) { // want Host:"^calls 0.RemoteAddr$"
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	if err != nil {
		return nil, err
	}
	return net.ResolveIPAddr("ip", host)
}

func Chosen(conn net.Conn, name string) (*net.IPAddr, error) { // want Chosen:"^dns\\(usually\\) calls 0.RemoteAddr$"
	host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
	if name != "" {
		host = name
	}
	return net.ResolveIPAddr("ip", host)
}

// What is set to itself and more was a name before.
func Completed(addr string) (*net.UDPAddr, error) { // want Completed:"^dns\\(usually\\)$"
	var full string
	full = addr
	full = net.JoinHostPort(full, "53")
	again := full
	again = net.JoinHostPort(again, "53")
	if len(again) > 100 {
		return net.ResolveUDPAddr("udp", again)
	}
	return net.ResolveUDPAddr("udp", full)
}

func Named(conn net.Conn) (addr string, err error) { // want Named:"^dns\\(usually\\) calls 0.RemoteAddr$"
	addr = net.JoinHostPort(addr, "53")
	_, err = net.ResolveUDPAddr("udp", addr)
	_ = conn.RemoteAddr()
	return addr, err
}

// Another address may be a name.
func ByAddress(a net.Addr) (*net.UDPAddr, error) { // want ByAddress:"^dns\\(usually\\) calls 0.String$"
	return net.ResolveUDPAddr("udp", a.String())
}

func ByNumber(ip net.IP, port string) (*net.TCPAddr, error) {
	return net.ResolveTCPAddr("tcp", net.JoinHostPort(ip.String(), port))
}

func ByName(host, port string) (*net.TCPAddr, error) { // want ByName:"^dns\\(usually\\)$"
	return net.ResolveTCPAddr("tcp", net.JoinHostPort(host, port))
}

func AnyPort() (*net.UDPAddr, error) { return net.ResolveUDPAddr("udp", ":0") }

func LooksUp(host string) (*net.UDPAddr, error) { // want LooksUp:"^dns\\(usually\\)$"
	return net.ResolveUDPAddr("udp", host)
}

// Names resolves addresses, for others with other networks.
type Names interface {
	Resolve(addr string) (*net.UDPAddr, error) // want Resolve:"^dns\\(usually\\)$"
}

type system struct{}

func (system) Resolve(addr string) (*net.UDPAddr, error) { // want Resolve:"^dns\\(usually\\)$"
	return net.ResolveUDPAddr("udp", addr)
}

// Group is an address that needs no look-up, and Peer one that does.
const (
	Group = "224.0.0.251:5353"
	Peer  = "peer.example.com:5353"
)

// Through a function that is given its address, whoever gives it decides.
func Multicast(n Names) (*net.UDPAddr, error) { // want Multicast:"^calls 0.Resolve$"
	return n.Resolve(Group)
}

func Wildcard() (*net.UDPAddr, error) { return LooksUp("[::]:0") }

func Reaches(n Names) (*net.UDPAddr, error) { // want Reaches:"^dns\\(usually\\) calls 0.Resolve$"
	return n.Resolve(Peer)
}

// Likewise where the caller gives the network, too.
func MulticastHere() (*net.UDPAddr, error) { return Multicast(system{}) }

func ReachesHere() (*net.UDPAddr, error) { // want ReachesHere:"^dns\\(usually\\)$"
	return Reaches(system{})
}

// One address of the two has a host in it.
func Both(n Names) (*net.UDPAddr, *net.UDPAddr) { // want Both:"^dns\\(usually\\) calls 0.Resolve$"
	group, _ := n.Resolve(Group)
	peer, _ := n.Resolve(Peer)
	return group, peer
}

func BothHere() { // want BothHere:"^dns\\(usually\\)$"
	Both(system{})
}

// An exported interface with one implementation here does what that does.
type Store interface {
	Save(ctx context.Context, name string) error // want Save:"^file\\(usually\\)$"
}

type folder struct{ path string }

func (f *folder) Save(ctx context.Context, name string) error { // want Save:"^file\\(always\\)$"
	return os.WriteFile(name, nil, 0o600)
}

type user struct{ to Store }

func (u *user) Keep(ctx context.Context) error { return u.to.Save(ctx, "a") } // want Keep:"^file\\(usually\\)$"

func Keeps(ctx context.Context, u *user) error { // want Keeps:"^file\\(usually\\)$"
	return u.Keep(ctx)
}

// A queue without a bound: its goroutine does nothing but take.
type queue struct{ in, out chan int }

func (q *queue) Run() { // want Run:"^chan\\(always\\) endless$"
	var list []int
	for {
		var out chan int
		next := 0
		if len(list) > 0 {
			out, next = q.out, list[0]
		}
		select {
		case v := <-q.in:
			list = append(list, v)
		case out <- next:
			list = list[1:]
		}
	}
}

func (q *queue) Put(v int) { // hardly waits
	q.in <- v
}

// Mask puts something around a connection that is there: it makes none.
type Mask interface {
	Wrap(c net.Conn) (net.Conn, error)
}

func Masked(m Mask, c net.Conn) (net.Conn, error) { // want Masked:"^calls 0.Wrap$"
	return m.Wrap(c)
}
