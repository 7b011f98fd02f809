package profile

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"golang.org/x/sys/unix"
)

const profilePackage = "github.com/concurlint/concurlint/advisor/profile"

var standstills = []standstill{
	{"select", func(t *testing.T) {
		a, b := make(chan int), make(chan int)
		t.Cleanup(func() { close(a) })
		go bareSelect(a, b)
	}, profilePackage + ".bareSelect", wait{Chan, "select"}},
	{"receive", func(t *testing.T) { go bareReceive(open[int](t)) }, profilePackage + ".bareReceive", wait{Chan, "channel receive"}},
	{"receive two", func(t *testing.T) { go bareRange(open[int](t)) }, profilePackage + ".bareRange", wait{Chan, "channel receive"}},
	{"send", func(t *testing.T) {
		c := make(chan int)
		t.Cleanup(func() { <-c })
		go bareSend(c)
	}, profilePackage + ".bareSend", wait{Chan, "channel send"}},
	{"context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		go bareDone(ctx)
	}, profilePackage + ".bareDone", wait{Chan, "channel receive"}},
	{"for ever", func(*testing.T) { go forEver() }, profilePackage + ".forEver", wait{Idle, "for ever"}},
	{"sleep", func(*testing.T) { go time.Sleep(time.Hour) }, "time.Sleep", wait{Sleep, "Sleep"}},
	{"mutex", func(t *testing.T) {
		var mu sync.Mutex
		mu.Lock()
		t.Cleanup(mu.Unlock)
		go locked(&mu)
	}, profilePackage + ".locked", wait{Lock, "Mutex"}},
	{"read lock", func(t *testing.T) {
		var mu sync.RWMutex
		mu.Lock()
		t.Cleanup(mu.Unlock)
		go locked(mu.RLocker())
	}, profilePackage + ".locked", wait{Lock, "RWMutex"}},
	{"write lock", func(t *testing.T) {
		var mu sync.RWMutex
		mu.RLock()
		t.Cleanup(mu.RUnlock)
		go locked(&mu)
	}, profilePackage + ".locked", wait{Lock, "RWMutex"}},
	{"once", func(t *testing.T) {
		var once sync.Once
		c, begun := open[int](t), make(chan int)
		go once.Do(func() { close(begun); <-c })
		<-begun
		go onced(&once, c)
	}, profilePackage + ".onced", wait{Lock, "Mutex"}},
	{"wait group", func(t *testing.T) {
		var wg sync.WaitGroup
		wg.Add(1)
		t.Cleanup(wg.Done)
		go wg.Wait()
	}, "sync.(*WaitGroup).Wait", wait{Join, "WaitGroup"}},
	{"cond", func(t *testing.T) {
		c := sync.NewCond(&sync.Mutex{})
		t.Cleanup(c.Broadcast)
		go condition(c)
	}, "sync.(*Cond).Wait", wait{Join, "Cond"}},

	{"errgroup limit", func(t *testing.T) {
		g, c := &errgroup.Group{}, open[int](t)
		g.SetLimit(1)
		g.Go(func() error { <-c; return nil })
		go submit(g)
	}, profilePackage + ".submit", wait{Submit, "limit of an errgroup"}},
	{"errgroup", func(t *testing.T) {
		g, c := &errgroup.Group{}, open[int](t)
		g.Go(func() error { <-c; return nil })
		go g.Wait()
	}, "golang.org/x/sync/errgroup.(*Group).Wait", wait{Join, "errgroup"}},
	{"errgroup task", func(t *testing.T) {
		g, c := &errgroup.Group{}, open[int](t)
		g.Go(func() error { bareReceive(c); return nil })
	}, profilePackage + ".bareReceive", wait{Chan, "channel receive"}},
	{"semaphore", func(t *testing.T) {
		s := semaphore.NewWeighted(1)
		s.TryAcquire(1)
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		go s.Acquire(ctx, 1)
	}, "golang.org/x/sync/semaphore.(*Weighted).Acquire", wait{Submit, "semaphore"}},
	{"singleflight", func(t *testing.T) {
		g, c := &singleflight.Group{}, open[int](t)
		fly := func() { g.Do("key", func() (any, error) { <-c; return nil, nil }) }
		go fly()
		go fly()
		go fly()
	}, "sync.(*WaitGroup).Wait", wait{Lock, "singleflight"}},

	{"connection", func(t *testing.T) {
		conn, _ := dial(t)
		go io.ReadAll(conn)
	}, "net.(*conn).Read", wait{Net, "network"}},
	{"descriptor", func(t *testing.T) {
		conn, _ := dial(t)
		go io.ReadAll(conn)
		go io.ReadAll(conn)
	}, "internal/poll.(*fdMutex).rwlock", wait{Lock, "descriptor in use by another goroutine"}},
	{"accept", func(t *testing.T) {
		ln := listen(t)
		go ln.Accept()
	}, "internal/poll.(*FD).Accept", wait{Idle, "accept"}},
	{"datagram", func(t *testing.T) {
		conn := must(net.ListenPacket("udp", "127.0.0.1:0"))(t)
		t.Cleanup(func() { conn.Close() })
		go conn.ReadFrom(make([]byte, 1))
	}, "net.(*UDPConn).ReadFrom", wait{Net, "network"}},
	{"look-up", func(t *testing.T) {
		server := must(net.ListenPacket("udp", "127.0.0.1:0"))(t)
		r := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
		}}
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(func() { cancel(); server.Close() })
		go r.LookupHost(ctx, "example.com")
	}, "net.(*Resolver).goLookupIPCNAMEOrder", wait{Net, "DNS"}},
	{"net.Pipe", func(t *testing.T) {
		a, b := net.Pipe()
		t.Cleanup(func() { b.Close() })
		go io.ReadAll(a)
	}, "net.(*pipe).read", wait{Chan, "net.Pipe"}},
	{"io.Pipe", func(t *testing.T) {
		r, w := io.Pipe()
		t.Cleanup(func() { w.Close() })
		go io.ReadAll(r)
	}, "io.(*pipe).read", wait{Chan, "io.Pipe"}},

	{"HTTP response", func(t *testing.T) { go serve(t, false).Get("/") }, "net/http.(*persistConn).roundTrip", wait{Net, "HTTP/1 response"}},
	{"HTTP connection", func(t *testing.T) {
		c := serve(t, false)
		c.client.Transport.(*http.Transport).MaxConnsPerHost = 1
		go c.Get("/")
		go c.Get("/")
	}, "net/http.(*Transport).getConn", wait{Net, "HTTP connection"}},
	{"HTTP body", func(t *testing.T) { go serve(t, false).Get("/body") }, "net/http.(*bodyEOFSignal).Read", wait{Net, "network"}},
	{"HTTP read loop", func(t *testing.T) { go serve(t, false).Get("/") }, "net/http.(*persistConn).readLoop", wait{Idle, "HTTP/1 connection"}},
	{"HTTP write loop", func(t *testing.T) { go serve(t, false).Get("/") }, "net/http.(*persistConn).writeLoop", wait{Idle, "HTTP/1 connection"}},
	{"HTTP handler", func(t *testing.T) { go serve(t, false).Get("/") }, profilePackage + ".bareDone", wait{Chan, "channel receive"}},
	{"HTTP background read", func(t *testing.T) { go serve(t, false).Get("/") }, "net/http.(*connReader).backgroundRead", wait{Idle, "next request"}},
	{"HTTP keep-alive", func(t *testing.T) { go serve(t, false).Get("/quick") }, "net/http.(*conn).serve", wait{Idle, "next request"}},
	{"HTTP proxy", func(t *testing.T) {
		front := httptest.NewUnstartedServer(nil)
		t.Cleanup(front.Close) // after the server behind it, which holds the request
		back := serve(t, false)
		front.Config.Handler = httputil.NewSingleHostReverseProxy(must(url.Parse(back.url))(t))
		front.Start()
		go (&client{http.DefaultClient, front.URL}).Get("/")
	}, "net/http/httputil.(*ReverseProxy).ServeHTTP", wait{Net, "HTTP/1 response"}},
	{"HTTP/2 response", func(t *testing.T) { go serve(t, true).Get("/") }, "net/http.(*http2ClientConn).roundTrip", wait{Net, "HTTP/2 response"}},
	{"HTTP/2 body", func(t *testing.T) { go serve(t, true).Get("/body") }, "net/http.(*http2pipe).Read", wait{Net, "HTTP/2 body"}},
	{"HTTP/2 client", func(t *testing.T) { go serve(t, true).Get("/") }, "net/http.(*http2ClientConn).readLoop", wait{Idle, "HTTP/2 connection"}},
	{"HTTP/2 stream", func(t *testing.T) { go serve(t, true).Get("/") }, "net/http.(*http2clientStream).doRequest", wait{Idle, "HTTP/2 connection"}},
	{"HTTP/2 server", func(t *testing.T) { go serve(t, true).Get("/") }, "net/http.(*http2serverConn).serve", wait{Idle, "next request"}},
	{"HTTP/2 frames", func(t *testing.T) { go serve(t, true).Get("/") }, "net/http.(*http2serverConn).readFrames", wait{Idle, "next request"}},
	{"HTTP/2 handler", func(t *testing.T) { go serve(t, true).Get("/") }, profilePackage + ".bareDone", wait{Chan, "channel receive"}},
	{"HTTP/2 flow control", func(t *testing.T) { go serve(t, true).Get("/flood") }, "net/http.(*http2serverConn).writeDataFromHandler", wait{Net, "HTTP/2 flow control"}},
	{"RPC call", func(t *testing.T) { go call(t) }, "net/rpc.(*Client).Call", wait{Net, "RPC response"}},
	{"RPC connection", func(t *testing.T) { go call(t) }, "net/rpc.(*Client).input", wait{Idle, "RPC connection"}},
	{"RPC server", func(t *testing.T) { go call(t) }, "net/rpc.(*Server).readRequestHeader", wait{Idle, "next request"}},

	{"pipe", func(t *testing.T) {
		r, w := must2(os.Pipe())(t)
		t.Cleanup(func() { w.Close() })
		go io.ReadAll(r)
	}, "os.(*File).Read", wait{Proc, "pipe"}},
	{"fifo", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "fifo")
		check(t, syscall.Mkfifo(name, 0o600))
		t.Cleanup(func() { f := must(os.OpenFile(name, os.O_RDWR, 0))(t); f.Close() })
		go os.ReadFile(name)
	}, "os.OpenFile", wait{File, "file"}},
	{"blocking file", func(t *testing.T) {
		var p [2]int
		check(t, syscall.Pipe(p[:]))
		t.Cleanup(func() { syscall.Close(p[1]) })
		go io.ReadAll(os.NewFile(uintptr(p[0]), "blocking"))
	}, "os.(*File).Read", wait{File, "file"}},
	{"system call", func(t *testing.T) {
		var p [2]int
		check(t, syscall.Pipe(p[:]))
		t.Cleanup(func() { syscall.Close(p[1]) })
		go syscall.Read(p[0], make([]byte, 1))
	}, "syscall.Read", wait{Syscall, "system call"}},
	{"x/sys call", func(t *testing.T) {
		var p [2]int
		check(t, unix.Pipe(p[:]))
		t.Cleanup(func() { unix.Close(p[1]) })
		go unix.Read(p[0], make([]byte, 1))
	}, "golang.org/x/sys/unix.Read", wait{Syscall, "system call"}},
	{"file lock", func(t *testing.T) {
		fd := flocked(t)
		go again(func() error { return syscall.Flock(fd, syscall.LOCK_EX) })
	}, "syscall.Flock", wait{Lock, "file lock"}},
	{"x/sys file lock", func(t *testing.T) { fd := flocked(t); go again(func() error { return unix.Flock(fd, unix.LOCK_EX) }) }, "golang.org/x/sys/unix.Flock", wait{Lock, "file lock"}},
	{"nanosleep", func(*testing.T) {
		go again(func() error { return syscall.Nanosleep(&syscall.Timespec{Sec: 3600}, nil) })
	}, "syscall.Nanosleep", wait{Sleep, "Nanosleep"}},
	{"x/sys nanosleep", func(*testing.T) { go again(func() error { return unix.Nanosleep(&unix.Timespec{Sec: 3600}, nil) }) }, "golang.org/x/sys/unix.Nanosleep", wait{Sleep, "Nanosleep"}},
	{"epoll", func(t *testing.T) {
		fd := must(syscall.EpollCreate1(0))(t)
		go again(func() error { _, err := syscall.EpollWait(fd, make([]syscall.EpollEvent, 1), -1); return err })
	}, "syscall.EpollWait", wait{Idle, "event loop"}},
	{"x/sys epoll", func(t *testing.T) {
		fd := must(unix.EpollCreate1(0))(t)
		go again(func() error { _, err := unix.EpollWait(fd, make([]unix.EpollEvent, 1), -1); return err })
	}, "golang.org/x/sys/unix.EpollWait", wait{Idle, "event loop"}},

	{"command", func(t *testing.T) { go subprocess(t).Wait() }, "os/exec.(*Cmd).Wait", wait{Proc, "subprocess"}},
	{"command output", func(t *testing.T) {
		cmd := subprocess(t)
		go cmd.Wait()
	}, "os/exec.(*Cmd).writerDescriptor", wait{Proc, "subprocess"}},
	{"process", func(t *testing.T) { go subprocess(t).Process.Wait() }, "os.(*Process).Wait", wait{Proc, "subprocess"}},
	{"wait4", func(t *testing.T) { go syscall.Wait4(subprocess(t).Process.Pid, nil, 0, nil) }, "syscall.Wait4", wait{Proc, "subprocess"}},
	{"x/sys wait4", func(t *testing.T) { go unix.Wait4(subprocess(t).Process.Pid, nil, 0, nil) }, "golang.org/x/sys/unix.Wait4", wait{Proc, "subprocess"}},
	{"x/sys waitid", func(t *testing.T) {
		pid := subprocess(t).Process.Pid
		go unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	}, "golang.org/x/sys/unix.Waitid", wait{Proc, "subprocess"}},

	{"database pool", func(t *testing.T) {
		db := database(t)
		conn := must(db.Conn(context.Background()))(t)
		t.Cleanup(func() { conn.Close() })
		go db.Ping()
	}, "database/sql.(*DB).conn", wait{Submit, "connection of the database pool"}},
	{"database opener", func(t *testing.T) { database(t) }, "database/sql.(*DB).connectionOpener", wait{Idle, "database pool"}},
	{"database cleaner", func(t *testing.T) {
		db := database(t)
		db.SetConnMaxLifetime(time.Hour)
		check(t, db.Ping())
	}, "database/sql.(*DB).connectionCleaner", wait{Idle, "database pool"}},
	{"transaction", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		must(database(t).BeginTx(ctx, nil))(t)
	}, "database/sql.(*Tx).awaitDone", wait{Idle, "end of a transaction"}},
	{"query", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		must(database(t).QueryContext(ctx, "x"))(t)
	}, "database/sql.(*Rows).awaitDone", wait{Idle, "end of a query"}},

	{"derived context", func(t *testing.T) {
		parent, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		_, end := context.WithCancel(foreignContext{parent})
		t.Cleanup(end)
	}, "context.(*cancelCtx).propagateCancel", wait{Idle, "end of a context"}},
	{"signals", func(t *testing.T) {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR2)
		t.Cleanup(func() { signal.Stop(c) })
		go bareSignal(c)
	}, profilePackage + ".bareSignal", wait{Chan, "channel receive"}},
	{"profiler", func(t *testing.T) {
		check(t, pprof.StartCPUProfile(io.Discard))
		t.Cleanup(pprof.StopCPUProfile)
	}, "runtime/pprof.profileWriter", wait{Idle, "profiler"}},
	{"tracer", func(t *testing.T) {
		check(t, trace.Start(io.Discard))
		t.Cleanup(trace.Stop)
	}, "runtime/trace.(*traceMultiplexer).startLocked", wait{Idle, "reader of the trace"}},
	{"subtest", func(t *testing.T) {
		c := open[int](t)
		go t.Run("child", func(*testing.T) { <-c })
	}, "testing.(*T).Run", wait{Join, "test or benchmark"}},
}
