package profile

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sync/errgroup"
)

func bareSelect(a, b chan int) {
	select {
	case <-a:
	case <-b:
	}
}
func bareReceive(c chan int)            { <-c }
func bareSend(c chan int)               { c <- 1 }
func bareDone(ctx context.Context)      { <-ctx.Done() }
func bareSignal(c chan os.Signal)       { <-c }
func forEver()                          { select {} }
func locked(mu sync.Locker)             { mu.Lock(); defer mu.Unlock() }
func submit(g *errgroup.Group)          { g.Go(func() error { return nil }) }
func condition(c *sync.Cond)            { c.L.Lock(); c.Wait(); c.L.Unlock() }
func onced(once *sync.Once, c chan int) { once.Do(func() { <-c }) }
func bareRange(c chan int) {
	for range c {
	}
}

// again makes a system call that the runtime's signals may interrupt.
func again(call func() error) {
	for call() == syscall.EINTR {
	}
}

type foreignContext struct{ context.Context }

func (c foreignContext) Done() <-chan struct{} {
	d := make(chan struct{})
	go func() { <-c.Context.Done(); close(d) }()
	return d
}
func (foreignContext) Value(any) any { return nil }

func open[T any](t *testing.T) chan T {
	c := make(chan T)
	t.Cleanup(func() { close(c) })
	return c
}

func check(t *testing.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T { check(t, err); return v }
}

func must2[T, U any](v T, u U, err error) func(*testing.T) (T, U) {
	return func(t *testing.T) (T, U) { check(t, err); return v, u }
}

func listen(t *testing.T) net.Listener {
	ln := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { ln.Close() })
	return ln
}

func dial(t *testing.T) (client, server net.Conn) {
	ln := listen(t)
	client = must(net.Dial("tcp", ln.Addr().String()))(t)
	server = must(ln.Accept())(t)
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

type client struct {
	client *http.Client
	url    string
}

// Get reads a whole response; the server ends it with the test.
func (c *client) Get(path string) {
	resp, err := c.client.Get(c.url + path)
	if err != nil {
		return
	}
	if path == "/flood" { // not read, so that the server has to wait
		return
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

// serve begins a server that answers /quick at once, /body with a part of a
// response, /flood with more than a window holds, and all else never.
func serve(t *testing.T, http2 bool) *client {
	end := make(chan struct{})
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		context.AfterFunc(ctx, cancel)
		go func() { <-end; cancel() }()
		switch r.URL.Path {
		case "/quick":
		case "/flood":
			w.Write(make([]byte, 16<<20))
		case "/body":
			io.WriteString(w, "begin")
			w.(http.Flusher).Flush()
			bareDone(ctx)
		default:
			bareDone(ctx)
		}
	}))
	s.EnableHTTP2 = http2
	if http2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(func() { close(end); s.CloseClientConnections(); s.Close() })
	return &client{s.Client(), s.URL}
}

type Waiter struct{ end chan struct{} }

func (w *Waiter) Wait(struct{}, *struct{}) error { <-w.end; return nil }

func call(t *testing.T) {
	c, s := dial(t)
	w := &Waiter{make(chan struct{})}
	t.Cleanup(func() { close(w.end) })
	server := rpc.NewServer()
	server.Register(w)
	go server.ServeConn(s)
	rpc.NewClient(c).Call("Waiter.Wait", struct{}{}, &struct{}{})
}

func flocked(t *testing.T) (fd int) {
	name := filepath.Join(t.TempDir(), "lock")
	held := must(syscall.Open(name, syscall.O_CREAT|syscall.O_RDWR, 0o600))(t)
	check(t, syscall.Flock(held, syscall.LOCK_EX))
	t.Cleanup(func() { syscall.Close(held) })
	return must(syscall.Open(name, syscall.O_RDWR, 0))(t)
}

// subprocess is a process that lives until the test ends.
func subprocess(t *testing.T) *exec.Cmd {
	cmd := exec.Command(must(os.Executable())(t))
	cmd.Env = append(os.Environ(), "CONCURLINT_SUBPROCESS=1")
	cmd.Stdout = io.MultiWriter(io.Discard) // no file, so that a goroutine copies
	in := must(cmd.StdinPipe())(t)
	check(t, cmd.Start())
	t.Cleanup(func() { in.Close() })
	return cmd
}

// database has one connection and does nothing.
func database(t *testing.T) *sql.DB {
	db := sql.OpenDB(connector{})
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

type (
	connector struct{}
	dbConn    struct{}
	dbRows    struct{}
)

func (connector) Connect(context.Context) (driver.Conn, error) { return dbConn{}, nil }
func (connector) Driver() driver.Driver                        { return nil }
func (dbConn) Prepare(string) (driver.Stmt, error)             { return nil, errors.New("not here") }
func (dbConn) Close() error                                    { return nil }
func (dbConn) Begin() (driver.Tx, error)                       { return dbConn{}, nil }
func (dbConn) Commit() error                                   { return nil }
func (dbConn) Rollback() error                                 { return nil }
func (dbConn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return dbRows{}, nil
}
func (dbRows) Columns() []string         { return nil }
func (dbRows) Close() error              { return nil }
func (dbRows) Next([]driver.Value) error { return nil }
