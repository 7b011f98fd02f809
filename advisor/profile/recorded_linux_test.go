package profile

import (
	"os"
	"strings"
	"testing"
)

// unrun are the rows that no program of these tests decides, each with the reason. A row
// ends in ... for all that begin so.
var unrun = []struct{ rows, why string }{
	{"golang.org/x/net/http2.(*clientStream).*", "its goroutine is that of doRequest, whose row says more, in all that the library does"},
	{"google.golang.org/grpc.(*atomicSemaphore).acquire", "only a client that ignores the server's limit of streams meets it"},
	{"google.golang.org/grpc/internal/transport/readyreader.*", "the goroutines in it are readers of connections, whose rows say more"},
	{"golang.org/x/net/http2...", library},
	{"google.golang.org/grpc...", library},
	{"github.com/panjf2000/ants...", library},
	{"github.com/alitto/pond...", library},
	{"github.com/Jeffail/tunny...", "no proxy has a version of it any more: its stacks below are from its source"},
	{"github.com/gammazero/workerpool...", library},
	{"github.com/sourcegraph/conc/pool...", library},
	{"net/http/internal/http2...", "later releases of Go have the package, this one has it as http2 in net/http"},
	{"net/http.(*http2clientStream).*", "its goroutine is that of doRequest, whose row says more, in all that this release does"},
	{"golang.org/x/sys/unix.Kevent", "BSD and macOS have the call"},
	{"runtime.cgocall", "tests cannot use cgo: testdata/advisor/truth/cases/cgo.go computes and sleeps in C"},
	{"runtime.netpollblock", "whoever waits there does so in net or os, whose rows say more: block profiles may be cut there"},
	{"internal/poll.runtime_pollWait", "as runtime.netpollblock"},
	{"internal/poll.(*pollDesc).*", "as runtime.netpollblock"},
	{"runtime.timeSleep", "recordings of this release call it time.Sleep"},
	{"internal/syscall/unix.*", "only the standard library may call it, and the rows of its callers say more"},
	{"internal/runtime/syscall...", "as internal/syscall/unix"},
	{"runtime/internal/syscall.*", "earlier releases of Go have the package"},
	{"internal/singleflight.*", "this release waits for a look-up of another goroutine in a select of package net"},
	{"runtime.gcAssistAlloc1", "it runs on the system's stack, which recordings of this release leave out"},
	{"runtime.runfinq", "earlier releases of Go call runFinalizers so"},
	{"runtime.timerproc", "earlier releases of Go have such a goroutine"},
}

// library is the reason for what this module does not use. The programs are those of a
// module of their own, in the file that must have the row.
const library = "the programs are in testdata/advisor/kinds"

// programs is that file.
func programs(t *testing.T) string {
	return string(must(os.ReadFile("../../testdata/advisor/kinds/kinds_test.go"))(t))
}

// unrunBecause is why no program decides the row of a function, "" if one has to.
func unrunBecause(fn string) string {
	for _, u := range unrun {
		prefix, all := strings.CutSuffix(u.rows, "...")
		if fn == u.rows || all && strings.HasPrefix(fn, prefix) {
			return u.why
		}
	}
	return ""
}

// recordedStacks are of what the test does not do by itself: the runtime's own
// goroutines, which snapshots hide, C code, and libraries that this module does
// not use. Those of libraries were recorded from programs that use them
// (grpc 1.85, ants 2, pond 1 and 2, workerpool 1, conc 0.3, x/net 0.62); tunny's
// and net/http/internal/http2's are from their sources.
var recordedStacks = []struct {
	stack  string
	reason string
	want   Kind
}{
	{"runtime.gopark < runtime.gcBgMarkWorker", "", Idle},
	{"runtime.gcBgMarkWorker", "GC worker (idle)", Idle},
	{"runtime.gopark < runtime.goparkunlock < runtime.bgsweep", "", Idle},
	{"runtime.bgsweep", "GC background sweeper wait", Idle},
	{"runtime.gopark < runtime.goparkunlock < runtime.(*scavengerState).park < runtime.bgscavenge", "", Idle},
	{"runtime.gopark < runtime.goparkunlock < runtime.forcegchelper", "", Idle},
	{"runtime.gopark < runtime.updateMaxProcsGoroutine", "", Idle},
	{"runtime.gopark < runtime.runFinalizers", "", Idle},
	{"runtime.gopark < runtime.runfinq", "", Idle},
	{"runtime.gopark < runtime.(*cleanupQueue).dequeue < runtime.runCleanups", "", Idle},
	{"runtime.gopark < runtime.runCleanups", "", Idle},
	{"runtime.gopark < runtime.timerproc", "", Idle},
	{"runtime.ensureSigM.func1", "select", Idle},
	{"runtime.notetsleepg < os/signal.signal_recv < os/signal.loop", "", Idle},
	{"runtime.gopark < runtime.ReadTrace", "", Idle},
	{"", "system goroutine wait", Idle},

	{"runtime.gopark < runtime.goparkunlock < runtime.gcParkAssist < runtime.gcAssistAlloc < runtime.mallocgc < net.(*conn).Read", "", Memory},
	{"runtime.gcAssistAlloc1 < runtime.gcAssistAlloc < runtime.mallocgc < main.main", "", Memory},
	{"runtime.gcAssistAlloc < runtime.mallocgc < main.main", "", Memory},
	{"main.main", "GC mark assist wait for work", Memory},
	{"runtime.gopark < runtime.semacquire1 < runtime.gcStart < runtime.mallocgc < main.main", "", Memory},
	{"runtime.gopark < runtime.gcWaitOnMark < runtime.GC < main.main", "", Memory},
	{"runtime.GC < main.main", "wait for GC cycle", Memory},
	{"runtime.gopark < runtime.semacquire < runtime.stopTheWorld < runtime.ReadMemStats < main.main", "", Memory},
	{"runtime.gopark < runtime.semacquire < runtime.ReadMemStats < main.main", "", Memory},

	// Leaves of block profiles and traces, which leave out what is below.
	{"runtime.chanrecv < main.main", "", Chan},
	{"runtime.chansend < main.main", "", Chan},
	{"internal/poll.(*pollDesc).wait < main.main", "", Net},
	{"runtime.netpollblock < main.main", "", Net},
	{"internal/poll.runtime_pollWait < main.main", "", Net},
	{"internal/sync.(*Mutex).lockSlow < main.main", "", Lock},
	{"runtime.timeSleep < main.main", "", Sleep},
	{"internal/poll.(*FD).Fsync < os.(*File).Sync < main.main", "syscall", File},
	{"syscall.Fsync < main.main", "syscall", File},
	{"internal/runtime/syscall.Syscall6 < syscall.RawSyscall6 < syscall.Pread < main.main", "", File},
	{"internal/runtime/syscall/linux.Syscall6 < main.main", "", Syscall},
	{"internal/runtime/syscall.Syscall6 < main.main", "", Syscall},
	{"runtime/internal/syscall.Syscall6 < main.main", "", Syscall},
	{"internal/syscall/unix.Fcntl < main.main", "", Syscall},
	{"golang.org/x/sys/unix.Kevent < main.loop", "syscall", Idle},
	{"internal/syscall/unix.Waitid < main.main", "syscall", Proc},
	{"syscall.readlen < syscall.forkExec < syscall.StartProcess < main.main", "", Proc},
	{"sync.(*RWMutex).Lock < syscall.forkExec < syscall.StartProcess < os.StartProcess < main.main", "", Lock},
	{"syscall.StartProcess < os.StartProcess < main.main", "syscall", Proc},
	{"runtime.cgocall < main._Cfunc_sleep < main.main", "", Cgo},
	{"main._Cfunc_sleep < main.main", "syscall", Cgo},
	{"runtime.cgocall < net._C2func_getaddrinfo < net.cgoLookupHostIP < net.resolverGetAddrInfo.func1", "", Net},
	{"runtime.gopark < runtime.semacquire1 < sync.(*WaitGroup).Wait < internal/singleflight.(*Group).Do", "", Net},
	{"internal/poll.(*FD).RawRead < net.(*rawConn).Read < google.golang.org/grpc/internal/transport/readyreader.(*nonBlockingReader).ReadOnReady < main.read", "", Net},
	{"internal/poll.(*FD).RawRead < google.golang.org/grpc/internal/transport/readyreader.(*nonBlockingReader).ReadOnReady < main.read", "network", Net},
	{"", "network", Net},
	{"", "sync", Lock},
	{"", "", Chan},
	{"main.handler < net/http.HandlerFunc.ServeHTTP < net/http.serverHandler.ServeHTTP < net/http.(*conn).serve", "select", Chan},
	{"myapp/net.(*conn).Read < main.main", "chan receive", Chan},

	{"runtime.selectgo < google.golang.org/grpc/internal/transport.(*ClientStream).waitOnHeader < google.golang.org/grpc/internal/transport.(*ClientStream).RecvCompress < google.golang.org/grpc.(*csAttempt).recvMsg < main.grpcUnary", "", Net},
	{"runtime.selectgo < google.golang.org/grpc/internal/transport.(*recvBufferReader).readMessageHeader < google.golang.org/grpc.(*parser).recvMsg < main.stream", "", Net},
	{"runtime.selectgo < google.golang.org/grpc.(*pickerWrapper).pick < google.golang.org/grpc.(*csAttempt).getTransport < google.golang.org/grpc.newClientStreamWithParams.func2 < google.golang.org/grpc.(*clientStream).withRetry < google.golang.org/grpc.newClientStreamWithParams < main.dead", "", Net},
	{"runtime.selectgo < google.golang.org/grpc.newClientStreamWithParams.func4", "", Idle},
	{"runtime.selectgo < google.golang.org/grpc.(*ClientConn).WaitForStateChange < main.state", "", Net},
	{"runtime.selectgo < google.golang.org/grpc.(*addrConn).resetTransportAndUnlock < google.golang.org/grpc.(*addrConn).connect", "", Idle},
	{"runtime.selectgo < google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run", "", Idle},
	{"runtime.selectgo < google.golang.org/grpc/internal/transport.(*controlBuffer).get < google.golang.org/grpc/internal/transport.(*loopyWriter).run < google.golang.org/grpc/internal/transport.NewHTTP2Client.func6", "", Idle},
	{"runtime.selectgo < google.golang.org/grpc/internal/transport.(*http2Server).keepalive", "", Idle},
	{"runtime.selectgo < google.golang.org/grpc/internal/transport.(*http2Client).keepalive", "", Idle},
	{"internal/poll.(*FD).RawRead < net.(*rawConn).Read < io.ReadFull < golang.org/x/net/http2.(*Framer).ReadFrame < google.golang.org/grpc/internal/transport.(*framer).readFrame < google.golang.org/grpc/internal/transport.(*http2Client).reader", "network", Idle},
	{"internal/poll.(*FD).RawRead < net.(*rawConn).Read < golang.org/x/net/http2.(*Framer).ReadFrame < google.golang.org/grpc/internal/transport.(*http2Server).HandleStreams < google.golang.org/grpc.(*Server).serveStreams", "network", Idle},
	{"runtime.chanrecv1 < google.golang.org/grpc.(*atomicSemaphore).acquire < google.golang.org/grpc.(*Server).serveStreams.func2 < google.golang.org/grpc/internal/transport.(*http2Server).operateHeaders", "", Submit},
	{"runtime.chanrecv2 < google.golang.org/grpc.(*Server).serverWorker", "", Idle},
	{"main.srv.EmptyCall < google.golang.org/grpc.(*Server).processRPC < google.golang.org/grpc.(*Server).serverWorker", "chan receive", Chan},

	{"runtime.selectgo < golang.org/x/net/http2.(*ClientConn).internalRoundTrip < golang.org/x/net/http2.(*Transport).RoundTrip < net/http.send < main.get", "", Net},
	{"runtime.selectgo < golang.org/x/net/http2.(*clientStream).writeRequest < golang.org/x/net/http2.(*clientStream).doRequest", "", Idle},
	{"runtime.selectgo < golang.org/x/net/http2.(*clientStream).awaitFlowControl < main.get", "", Net},
	{"sync.(*Cond).Wait < golang.org/x/net/http2.(*pipe).Read < golang.org/x/net/http2.transportResponseBody.Read < io.ReadAll < main.body", "", Net},
	{"internal/poll.(*FD).Read < net.(*conn).Read < crypto/tls.(*Conn).Read < golang.org/x/net/http2.(*Framer).ReadFrame < golang.org/x/net/http2.(*serverConn).readFrames", "network", Idle},
	{"internal/poll.(*FD).Read < net.(*conn).Read < golang.org/x/net/http2.(*Framer).ReadFrame < golang.org/x/net/http2.(*clientConnReadLoop).run < golang.org/x/net/http2.(*ClientConn).readLoop", "network", Idle},
	{"runtime.selectgo < golang.org/x/net/http2.(*serverConn).serve < golang.org/x/net/http2.(*Server).ServeConn", "", Idle},
	{"runtime.selectgo < golang.org/x/net/http2.(*serverConn).writeDataFromHandler < main.handler", "", Net},
	{"runtime.selectgo < net/http/internal/http2.(*ClientConn).roundTrip < main.get", "", Net},
	{"runtime.selectgo < net/http/internal/http2.(*clientStream).awaitFlowControl < main.get", "", Net},
	{"runtime.selectgo < net/http/internal/http2.(*clientStream).doRequest", "", Idle},
	{"sync.(*Cond).Wait < net/http/internal/http2.(*pipe).Read < main.body", "", Net},
	{"net.(*conn).Read < net/http/internal/http2.(*serverConn).readFrames", "network", Idle},
	{"net.(*conn).Read < net/http/internal/http2.(*ClientConn).readLoop", "network", Idle},
	{"runtime.selectgo < net/http/internal/http2.(*serverConn).serve", "", Idle},
	{"runtime.selectgo < net/http/internal/http2.(*serverConn).writeDataFromHandler < main.handler", "", Net},
	{"runtime.selectgo < net/http.(*http2clientStream).awaitFlowControl < main.get", "", Net},

	{"sync.(*Cond).Wait < github.com/panjf2000/ants/v2.(*poolCommon).retrieveWorker < github.com/panjf2000/ants/v2.(*Pool).Submit < main.submit", "", Submit},
	{"runtime.chanrecv2 < github.com/panjf2000/ants/v2.(*goWorker).run.func1", "", Idle},
	{"runtime.chanrecv2 < github.com/panjf2000/ants/v2.(*goWorkerWithFunc).run.func1", "", Idle},
	{"runtime.selectgo < github.com/panjf2000/ants/v2.(*poolCommon).purgeStaleWorkers", "", Idle},
	{"runtime.selectgo < github.com/panjf2000/ants/v2.(*poolCommon).ticktock", "", Idle},
	{"runtime.chansend1 < github.com/alitto/pond.(*WorkerPool).submit < github.com/alitto/pond.(*WorkerPool).Submit < main.submit", "", Submit},
	{"runtime.selectgo < github.com/alitto/pond.worker", "", Idle},
	{"runtime.selectgo < github.com/alitto/pond.(*WorkerPool).purge", "", Idle},
	{"runtime.selectgo < github.com/alitto/pond/v2.(*pool).blockingTrySubmit < github.com/alitto/pond/v2.(*pool).submit < main.submit", "", Submit},
	{"runtime.chanrecv1 < github.com/alitto/pond/v2/internal/future.(*Future).Err < github.com/alitto/pond/v2/internal/future.(*Future).Wait < main.wait", "", Join},
	{"runtime.chanrecv2 < github.com/Jeffail/tunny.(*Pool).Process < main.process", "", Join},
	{"runtime.selectgo < github.com/Jeffail/tunny.(*workerWrapper).run", "", Idle},
	{"runtime.chanrecv1 < github.com/gammazero/workerpool.(*WorkerPool).DoWait < github.com/gammazero/workerpool.(*WorkerPool).SubmitWait < main.submit", "", Join},
	{"runtime.chanrecv1 < github.com/gammazero/workerpool.worker", "", Idle},
	{"runtime.selectgo < github.com/gammazero/workerpool.(*WorkerPool).processWaitingQueue < github.com/gammazero/workerpool.(*WorkerPool).dispatch", "", Idle},
	{"runtime.selectgo < github.com/sourcegraph/conc/pool.(*Pool).Go < main.submit", "", Submit},
	{"runtime.chanrecv2 < github.com/sourcegraph/conc/pool.(*Pool).worker < github.com/sourcegraph/conc/panics.(*Catcher).Try < github.com/sourcegraph/conc.(*WaitGroup).Go.func1", "", Idle},
	{"sync.(*WaitGroup).Wait < github.com/sourcegraph/conc.(*WaitGroup).Wait < github.com/sourcegraph/conc/pool.(*Pool).Wait < main.wait", "", Join},
	{"internal/poll.(*FD).Read < os.(*File).Read < github.com/fsnotify/fsnotify.(*inotify).readEvents", "network", Idle},
}
