package profile

// A row says what a function waits for. A function is named by its package and
// its declared name; "pkg.(*T).*" stands for all methods of a type and "pkg.*"
// for the package. Literals count as the function they are declared in.
type row struct {
	fn string
	on operation // for which it holds
	wait
}

// operations are the functions in which goroutines stand still. What they wait
// for is what can be said without knowing who called.
var operations = []row{
	{"runtime.selectgo", opSelect, wait{Chan, "select"}},
	{"runtime.chanrecv", opChan, wait{Chan, "channel receive"}},
	{"runtime.chanrecv1", opChan, wait{Chan, "channel receive"}},
	{"runtime.chanrecv2", opChan, wait{Chan, "channel receive"}},
	{"runtime.chansend", opChan, wait{Chan, "channel send"}},
	{"runtime.chansend1", opChan, wait{Chan, "channel send"}},
	{"runtime.block", opSelect, wait{Idle, "for ever"}},
	{"sync.(*Mutex).*", opLock, wait{Lock, "Mutex"}},
	{"internal/sync.(*Mutex).*", opLock, wait{Lock, "Mutex"}},
	{"sync.(*RWMutex).*", opLock, wait{Lock, "RWMutex"}},
	{"sync.(*WaitGroup).Wait", opJoin, wait{Join, "WaitGroup"}},
	{"sync.(*Cond).Wait", opJoin, wait{Join, "Cond"}},
	{"internal/poll.(*fdMutex).*", opLock, wait{Lock, "descriptor in use by another goroutine"}},
	{"internal/poll.runtime_pollWait", opPoll, wait{Net, "netpoller"}},
	{"internal/poll.(*pollDesc).*", opPoll, wait{Net, "netpoller"}},
	{"runtime.netpollblock", opPoll, wait{Net, "netpoller"}},
	{"time.Sleep", opSleep, wait{Sleep, "Sleep"}},
	{"runtime.timeSleep", opSleep, wait{Sleep, "Sleep"}},
	{"runtime.cgocall", opCgo, wait{Cgo, "C call"}},
	{"syscall.*", opSyscall, wait{Syscall, "system call"}},
	{"internal/syscall/unix.*", opSyscall, wait{Syscall, "system call"}},
	{"internal/runtime/syscall.*", opSyscall, wait{Syscall, "system call"}},
	{"internal/runtime/syscall/linux.*", opSyscall, wait{Syscall, "system call"}},
	{"runtime/internal/syscall.*", opSyscall, wait{Syscall, "system call"}},
	{"golang.org/x/sys/unix.*", opSyscall, wait{Syscall, "system call"}},

	{"runtime.gcAssistAlloc", opMemory, wait{Memory, "assisting the collector"}},
	{"runtime.gcAssistAlloc1", opMemory, wait{Memory, "assisting the collector"}},
	{"runtime.gcParkAssist", opMemory, wait{Memory, "assisting the collector"}},
	{"runtime.gcStart", opMemory, wait{Memory, "start of a collection"}},
	{"runtime.GC", opMemory, wait{Memory, "runtime.GC"}},
	{"runtime.gcWaitOnMark", opMemory, wait{Memory, "runtime.GC"}},
	{"runtime.stopTheWorld", opMemory, wait{Memory, "stopping the world"}},
	{"runtime.ReadMemStats", opMemory, wait{Memory, "stopping the world"}},

	{"runtime.gcBgMarkWorker", opHop, wait{Idle, "collector's worker"}},
	{"runtime.bgsweep", opHop, wait{Idle, "sweeper"}},
	{"runtime.bgscavenge", opHop, wait{Idle, "scavenger"}},
	{"runtime.forcegchelper", opHop, wait{Idle, "periodic collection"}},
	{"runtime.updateMaxProcsGoroutine", opHop, wait{Idle, "updates of GOMAXPROCS"}},
	{"runtime.runfinq", opHop, wait{Idle, "finalizers"}},
	{"runtime.runFinalizers", opHop, wait{Idle, "finalizers"}},
	{"runtime.runCleanups", opHop, wait{Idle, "cleanups"}},
	{"runtime.(*cleanupQueue).dequeue", opHop, wait{Idle, "cleanups"}},
	{"runtime.timerproc", opHop, wait{Idle, "timers"}},
	{"runtime.ReadTrace", opHop, wait{Idle, "reader of the trace"}},
	{"os/signal.signal_recv", opSyscall, wait{Idle, "signals"}},
}

// inner rows say what a call does.
var innerRows = []row{
	{"runtime.gcBgMarkStartWorkers", opHop, wait{Memory, "start of a collection"}},
	{"net.*", opIO | opHop&^opJoin, wait{Net, "network"}},
	{"net.(*Resolver).*", opIO | opHop, wait{Net, "DNS"}},
	{"internal/singleflight.*", opJoin, wait{Net, "DNS"}}, // its only users are look-ups
	{"net.(*pipe).*", opHop, wait{Chan, "net.Pipe"}},
	{"internal/poll.(*FD).Accept", opIO, wait{Idle, "accept"}},

	{"net/http.(*persistConn).roundTrip", opHop, wait{Net, "HTTP/1 response"}},
	{"net/http.(*Transport).getConn", opHop, wait{Net, "HTTP connection"}},
	{"net/http.(*http2ClientConn).*", opHop, wait{Net, "HTTP/2 response"}},
	{"net/http.(*http2clientStream).*", opHop, wait{Net, "HTTP/2 response"}},
	{"net/http.(*http2serverConn).*", opHop, wait{Net, "HTTP/2 flow control"}},
	{"net/http.(*http2pipe).Read", opHop, wait{Net, "HTTP/2 body"}},
	{"net/http/internal/http2.(*ClientConn).*", opHop, wait{Net, "HTTP/2 response"}},
	{"net/http/internal/http2.(*clientStream).*", opHop, wait{Net, "HTTP/2 response"}},
	{"net/http/internal/http2.(*serverConn).*", opHop, wait{Net, "HTTP/2 flow control"}},
	{"net/http/internal/http2.(*pipe).Read", opHop, wait{Net, "HTTP/2 body"}},
	{"golang.org/x/net/http2.(*ClientConn).*", opHop, wait{Net, "HTTP/2 response"}},
	{"golang.org/x/net/http2.(*clientStream).*", opHop, wait{Net, "HTTP/2 response"}},
	{"golang.org/x/net/http2.(*serverConn).*", opHop, wait{Net, "HTTP/2 flow control"}},
	{"golang.org/x/net/http2.(*pipe).Read", opHop, wait{Net, "HTTP/2 body"}},
	{"net/rpc.(*Client).Call", opHop, wait{Net, "RPC response"}},
	{"google.golang.org/grpc/internal/transport.*", opHop, wait{Net, "gRPC"}},
	{"google.golang.org/grpc/internal/transport/readyreader.*", opIO, wait{Net, "gRPC"}},
	{"google.golang.org/grpc.(*pickerWrapper).*", opHop, wait{Net, "gRPC connection"}},
	{"google.golang.org/grpc.newClientStreamWithParams", opSelect, wait{Idle, "end of a gRPC stream"}},
	{"google.golang.org/grpc.(*ClientConn).WaitForStateChange", opHop, wait{Net, "gRPC connection"}},

	// A pollable file is a pipe, a terminal or a device, never a regular file:
	// whoever is at its other end is another process.
	{"os.(*File).*", opPoll, wait{Proc, "pipe"}},
	{"os.*", opIO, wait{File, "file"}},
	{"os.(*Process).*", opIO | opHop, wait{Proc, "subprocess"}},
	{"os.StartProcess", opOwn, wait{Proc, "start of a subprocess"}},
	{"syscall.forkExec", opOwn, wait{Proc, "start of a subprocess"}},
	{"io.(*pipe).*", opHop, wait{Chan, "io.Pipe"}},

	{"database/sql.(*DB).conn", opSelect, wait{Submit, "connection of the database pool"}},
	{"golang.org/x/sync/semaphore.(*Weighted).Acquire", opSelect, wait{Submit, "semaphore"}},
	{"golang.org/x/sync/errgroup.(*Group).Go", opChan, wait{Submit, "limit of an errgroup"}},
	{"golang.org/x/sync/errgroup.(*Group).Wait", opJoin, wait{Join, "errgroup"}},
	{"golang.org/x/sync/singleflight.(*Group).Do", opJoin, wait{Lock, "singleflight"}},
	{"google.golang.org/grpc.(*atomicSemaphore).acquire", opChan, wait{Submit, "limit of streams"}},
	{"github.com/panjf2000/ants.(*poolCommon).retrieveWorker", opHop, wait{Submit, "worker of ants"}},
	{"github.com/alitto/pond.(*WorkerPool).submit", opHop, wait{Submit, "worker of pond"}},
	{"github.com/alitto/pond.(*pool).blockingTrySubmit", opHop, wait{Submit, "worker of pond"}},
	{"github.com/alitto/pond/internal/future.*", opHop, wait{Join, "task of pond"}},
	// These wait for a worker and for its result at one place.
	{"github.com/Jeffail/tunny.(*Pool).*", opHop, wait{Join, "task of tunny"}},
	{"github.com/gammazero/workerpool.(*WorkerPool).*", opHop, wait{Join, "task of workerpool"}},
	{"github.com/sourcegraph/conc/pool.*", opSelect | opChan, wait{Submit, "worker of conc"}},

	{"syscall.Wait4", opSyscall, wait{Proc, "subprocess"}},
	{"golang.org/x/sys/unix.Wait4", opSyscall, wait{Proc, "subprocess"}},
	{"golang.org/x/sys/unix.Waitid", opSyscall, wait{Proc, "subprocess"}},
	{"internal/syscall/unix.Waitid", opSyscall, wait{Proc, "subprocess"}},
	{"syscall.Flock", opSyscall, wait{Lock, "file lock"}},
	{"golang.org/x/sys/unix.Flock", opSyscall, wait{Lock, "file lock"}},
	{"syscall.Nanosleep", opSyscall, wait{Sleep, "Nanosleep"}},
	{"golang.org/x/sys/unix.Nanosleep", opSyscall, wait{Sleep, "Nanosleep"}},
	{"syscall.EpollWait", opSyscall, wait{Idle, "event loop"}},
	{"golang.org/x/sys/unix.EpollWait", opSyscall, wait{Idle, "event loop"}},
	{"golang.org/x/sys/unix.Kevent", opSyscall, wait{Idle, "event loop"}},
}

// fileCalls and netCalls are system calls whose name tells the kind, for
// programs that make them by themselves. Read and Write are not among them.
var (
	fileCalls = []string{"Open", "Openat", "Pread", "Pwrite", "Preadv", "Pwritev", "Fsync", "Fdatasync", "SyncFileRange", "Fallocate", "Ftruncate", "Stat", "Fstat", "Lstat", "Fstatat", "Getdents", "Msync", "Unlink", "Rename", "Mkdir"}
	netCalls  = []string{"Connect", "Recvfrom", "Recvmsg", "Sendto", "Sendmsg"}
)

// outer rows say what a whole goroutine is there for.
var outerRows = []row{
	{"runtime.ensureSigM", opHop, wait{Idle, "signals"}},
	{"runtime.(*wakeableSleep).*", opHop, wait{Idle, "reader of the trace"}},
	{"os/exec.*", opOwn, wait{Proc, "subprocess"}},
	{"os/signal.*", opOwn, wait{Idle, "signals"}},
	{"runtime/pprof.*", opOwn, wait{Idle, "profiler"}},
	{"runtime/trace.*", opOwn, wait{Idle, "reader of the trace"}},

	// What the connection's own goroutines wait for is the next request, or
	// counted where the request waits.
	{"net/http.(*conn).serve", opOwn, wait{Idle, "next request"}},
	{"net/http.(*connReader).backgroundRead", opOwn, wait{Idle, "next request"}},
	{"net/http.(*persistConn).readLoop", opOwn, wait{Idle, "HTTP/1 connection"}},
	{"net/http.(*persistConn).writeLoop", opOwn, wait{Idle, "HTTP/1 connection"}},
	{"net/http.(*http2serverConn).serve", opOwn, wait{Idle, "next request"}},
	{"net/http.(*http2serverConn).readFrames", opOwn, wait{Idle, "next request"}},
	{"net/http.(*http2ClientConn).readLoop", opOwn, wait{Idle, "HTTP/2 connection"}},
	{"net/http.(*http2clientStream).doRequest", opOwn, wait{Idle, "HTTP/2 connection"}},
	{"net/http/internal/http2.(*serverConn).serve", opOwn, wait{Idle, "next request"}},
	{"net/http/internal/http2.(*serverConn).readFrames", opOwn, wait{Idle, "next request"}},
	{"net/http/internal/http2.(*ClientConn).readLoop", opOwn, wait{Idle, "HTTP/2 connection"}},
	{"net/http/internal/http2.(*clientStream).doRequest", opOwn, wait{Idle, "HTTP/2 connection"}},
	{"golang.org/x/net/http2.(*serverConn).serve", opOwn, wait{Idle, "next request"}},
	{"golang.org/x/net/http2.(*serverConn).readFrames", opOwn, wait{Idle, "next request"}},
	{"golang.org/x/net/http2.(*ClientConn).readLoop", opOwn, wait{Idle, "HTTP/2 connection"}},
	{"golang.org/x/net/http2.(*clientStream).doRequest", opOwn, wait{Idle, "HTTP/2 connection"}},
	{"net/rpc.(*Client).input", opOwn, wait{Idle, "RPC connection"}},
	{"net/rpc.(*Server).readRequestHeader", opOwn, wait{Idle, "next request"}},
	{"google.golang.org/grpc/internal/transport.(*http2Client).reader", opOwn, wait{Idle, "gRPC connection"}},
	{"google.golang.org/grpc/internal/transport.(*http2Server).keepalive", opOwn, wait{Idle, "gRPC connection"}},
	{"google.golang.org/grpc/internal/transport.(*http2Server).HandleStreams", opOwn, wait{Idle, "next request"}},
	{"google.golang.org/grpc/internal/transport.(*loopyWriter).run", opOwn, wait{Idle, "gRPC connection"}},
	{"google.golang.org/grpc/internal/transport.(*http2Client).keepalive", opOwn, wait{Idle, "gRPC connection"}},
	{"google.golang.org/grpc/internal/grpcsync.*", opHop, wait{Idle, "gRPC connection"}},
	{"google.golang.org/grpc.(*addrConn).*", opHop, wait{Idle, "gRPC connection"}},
	{"google.golang.org/grpc.(*Server).serverWorker", opHop, wait{Idle, "gRPC worker"}},

	{"context.(*cancelCtx).propagateCancel", opSelect, wait{Idle, "end of a context"}},
	{"database/sql.(*DB).connectionOpener", opSelect, wait{Idle, "database pool"}},
	{"database/sql.(*DB).connectionCleaner", opSelect, wait{Idle, "database pool"}},
	{"database/sql.(*Tx).awaitDone", opHop, wait{Idle, "end of a transaction"}},
	{"database/sql.(*Rows).awaitDone", opHop, wait{Idle, "end of a query"}},
	{"testing.*", opHop, wait{Join, "test or benchmark"}},

	{"github.com/panjf2000/ants.(*goWorker).run", opHop, wait{Idle, "worker of ants"}},
	{"github.com/panjf2000/ants.(*goWorkerWithFunc).run", opHop, wait{Idle, "worker of ants"}},
	{"github.com/panjf2000/ants.(*poolCommon).purgeStaleWorkers", opHop, wait{Idle, "timer of ants"}},
	{"github.com/panjf2000/ants.(*poolCommon).ticktock", opHop, wait{Idle, "timer of ants"}},
	{"github.com/alitto/pond.worker", opHop, wait{Idle, "worker of pond"}},
	{"github.com/alitto/pond.(*WorkerPool).purge", opHop, wait{Idle, "timer of pond"}},
	{"github.com/Jeffail/tunny.(*workerWrapper).run", opHop, wait{Idle, "worker of tunny"}},
	{"github.com/gammazero/workerpool.(*WorkerPool).dispatch", opHop, wait{Idle, "worker of workerpool"}},
	{"github.com/gammazero/workerpool.worker", opHop, wait{Idle, "worker of workerpool"}},
	{"github.com/sourcegraph/conc/pool.(*Pool).worker", opHop, wait{Idle, "worker of conc"}},
	{"github.com/fsnotify/fsnotify.*", opIO | opHop, wait{Idle, "changes of files"}},
}

// callbacks call what the user registered: what happens there is not the
// library's own waiting, even if the user's code is the standard library's too,
// such as a reverse proxy.
var callbacks = map[string]bool{
	"net/http.(serverHandler).ServeHTTP":                   true,
	"net/http.(HandlerFunc).ServeHTTP":                     true,
	"net/http.(*http2serverConn).runHandler":               true,
	"net/http/internal/http2.(*serverConn).runHandler":     true,
	"golang.org/x/net/http2.(*serverConn).runHandler":      true,
	"golang.org/x/sync/errgroup.(*Group).Go":               true,
	"golang.org/x/sync/singleflight.(*Group).doCall":       true,
	"google.golang.org/grpc.(*Server).processUnaryRPC":     true,
	"google.golang.org/grpc.(*Server).processStreamingRPC": true,
	"testing.tRunner":      true,
	"testing.(*B).runN":    true,
	"sync.(*WaitGroup).Go": true,
}
