// Package kinds lets goroutines wait in libraries that concurlint itself does not use,
// and asks its reader of profiles what for. It is a module of its own, so that these are
// no dependencies of concurlint's:
//
//	go -C testdata/advisor/kinds test
package kinds

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"regexp"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/alitto/pond"
	pond2 "github.com/alitto/pond/v2"
	"github.com/concurlint/concurlint/advisor/profile"
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/protobuf/types/known/emptypb"
)

// A standstill is a program whose goroutines wait, and what the rows of the table of
// kinds (advisor/profile/kindtable.go) have to say about them.
type standstill struct {
	name  string
	begin func(t *testing.T, end chan struct{})
	rows  map[string]profile.Kind // by function, as the table names it
}

var standstills = []standstill{
	{"ants", func(t *testing.T, end chan struct{}) {
		p, err := ants.NewPool(1)
		check(t, err)
		f, err := ants.NewPoolWithFunc(1, func(any) {})
		check(t, err)
		f.Invoke(1)
		idle, err := ants.NewPool(1)
		check(t, err)
		idle.Submit(func() {})
		p.Submit(func() { <-end })
		go p.Submit(func() {})
	}, map[string]profile.Kind{
		"github.com/panjf2000/ants.(*poolCommon).retrieveWorker":    profile.Submit,
		"github.com/panjf2000/ants.(*goWorker).run":                 profile.Idle,
		"github.com/panjf2000/ants.(*goWorkerWithFunc).run":         profile.Idle,
		"github.com/panjf2000/ants.(*poolCommon).purgeStaleWorkers": profile.Idle,
		"github.com/panjf2000/ants.(*poolCommon).ticktock":          profile.Idle,
	}},
	{"pond", func(t *testing.T, end chan struct{}) {
		p := pond.New(1, 0)
		go p.Submit(func() { <-end })
		time.Sleep(time.Millisecond)
		go p.Submit(func() {})
		idle := pond.New(1, 1, pond.MinWorkers(1))
		idle.Submit(func() {})
	}, map[string]profile.Kind{
		"github.com/alitto/pond.(*WorkerPool).submit": profile.Submit,
		"github.com/alitto/pond.worker":               profile.Idle,
		"github.com/alitto/pond.(*WorkerPool).purge":  profile.Idle,
	}},
	{"pond 2", func(t *testing.T, end chan struct{}) {
		p := pond2.NewPool(1, pond2.WithQueueSize(1))
		task := p.Submit(func() { <-end })
		go task.Wait()
		go func() {
			for range 3 {
				p.Submit(func() {})
			}
		}()
	}, map[string]profile.Kind{
		"github.com/alitto/pond.(*pool).blockingTrySubmit": profile.Submit,
		"github.com/alitto/pond/internal/future.*":         profile.Join,
	}},
	{"workerpool", func(t *testing.T, end chan struct{}) {
		p, c := workerpool.New(2), make(chan int)
		p.Submit(func() { <-c })
		go p.SubmitWait(func() { close(c); <-end })
	}, map[string]profile.Kind{
		"github.com/gammazero/workerpool.(*WorkerPool).*":        profile.Join,
		"github.com/gammazero/workerpool.(*WorkerPool).dispatch": profile.Idle,
		"github.com/gammazero/workerpool.worker":                 profile.Idle,
	}},
	{"conc", func(t *testing.T, end chan struct{}) {
		p := pool.New().WithMaxGoroutines(1)
		p.Go(func() { <-end })
		go p.Go(func() {})
		idle := pool.New().WithMaxGoroutines(2)
		idle.Go(func() {})
	}, map[string]profile.Kind{
		"github.com/sourcegraph/conc/pool.*":              profile.Submit,
		"github.com/sourcegraph/conc/pool.(*Pool).worker": profile.Idle,
	}},
	{"HTTP/2", func(t *testing.T, end chan struct{}) {
		get := http2Client(t, end)
		for _, path := range []string{"/", "/body", "/flood"} {
			go get(path)
		}
	}, map[string]profile.Kind{
		"golang.org/x/net/http2.(*ClientConn).*":           profile.Net,
		"golang.org/x/net/http2.(*serverConn).*":           profile.Net,
		"golang.org/x/net/http2.(*pipe).Read":              profile.Net,
		"golang.org/x/net/http2.(*serverConn).serve":       profile.Idle,
		"golang.org/x/net/http2.(*serverConn).readFrames":  profile.Idle,
		"golang.org/x/net/http2.(*ClientConn).readLoop":    profile.Idle,
		"golang.org/x/net/http2.(*clientStream).doRequest": profile.Idle,
	}},
	{"gRPC", grpcCalls, map[string]profile.Kind{
		"google.golang.org/grpc/internal/transport.*":                            profile.Net,
		"google.golang.org/grpc.(*pickerWrapper).*":                              profile.Net,
		"google.golang.org/grpc.newClientStreamWithParams":                       profile.Idle,
		"google.golang.org/grpc.(*ClientConn).WaitForStateChange":                profile.Net,
		"google.golang.org/grpc/internal/transport.(*http2Client).reader":        profile.Idle,
		"google.golang.org/grpc/internal/transport.(*http2Client).keepalive":     profile.Idle,
		"google.golang.org/grpc/internal/transport.(*http2Server).keepalive":     profile.Idle,
		"google.golang.org/grpc/internal/transport.(*http2Server).HandleStreams": profile.Idle,
		"google.golang.org/grpc/internal/transport.(*loopyWriter).run":           profile.Idle,
		"google.golang.org/grpc/internal/grpcsync.*":                             profile.Idle,
		"google.golang.org/grpc.(*addrConn).*":                                   profile.Idle,
		"google.golang.org/grpc.(*Server).serverWorker":                          profile.Idle,
	}},
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func listen(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { l.Close() })
	return l
}

// http2Client is of a server that answers /body with a part of a response, /flood with
// more than a window holds, and all else never.
func http2Client(t *testing.T, end chan struct{}) (get func(path string)) {
	l := listen(t)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/flood":
			w.Write(make([]byte, 16<<20))
		case "/body":
			io.WriteString(w, "begin")
			w.(http.Flusher).Flush()
		}
		<-end
	})
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go new(http2.Server).ServeConn(conn, &http2.ServeConnOpts{Handler: handler})
		}
	}()
	client := &http.Client{Transport: &http2.Transport{AllowHTTP: true, DialTLSContext: func(_ context.Context, network, addr string, _ *tls.Config) (net.Conn, error) {
		return net.Dial(network, addr)
	}}}
	return func(path string) {
		resp, err := client.Get("http://" + l.Addr().String() + path)
		if err == nil && path == "/body" {
			io.ReadAll(resp.Body)
		}
	}
}

// grpcCalls calls a server that never answers, and one that is not there.
func grpcCalls(t *testing.T, end chan struct{}) {
	l := listen(t)
	s := grpc.NewServer(grpc.NumStreamWorkers(4), grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { <-end; return nil }))
	go s.Serve(l)
	dial := func(addr string) *grpc.ClientConn {
		c, err := grpc.NewClient("passthrough:///"+addr, grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: time.Hour}))
		check(t, err)
		return c
	}
	c, dead := dial(l.Addr().String()), dial("127.0.0.1:1")
	invoke := func(c *grpc.ClientConn, opts ...grpc.CallOption) {
		c.Invoke(context.Background(), "/kinds/Wait", &emptypb.Empty{}, &emptypb.Empty{}, opts...)
	}
	go invoke(c)
	go invoke(dead, grpc.WaitForReady(true))
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	_, err := c.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, "/kinds/Stream")
	check(t, err)
	go c.WaitForStateChange(ctx, connectivity.Ready)
}

var major = regexp.MustCompile(`/v\d+([./])`)

// kindsOf are the kinds of wait of the stacks of a snapshot, by functions as the table
// names them.
func kindsOf(t *testing.T) map[string][]profile.Kind {
	var b bytes.Buffer
	check(t, pprof.Lookup("goroutine").WriteTo(&b, 0))
	ev, err := profile.Read(t.Context(), []profile.Input{{Name: "goroutine", Open: func() (io.ReadCloser, error) { return io.NopCloser(&b), nil }}}, profile.Options{})
	check(t, err)
	kinds := map[string][]profile.Kind{}
	for _, s := range ev.Sources[0].Stacks {
		for k := range profile.NumKinds {
			if s.Waits[k].Count == 0 {
				continue
			}
			for _, id := range s.Frames {
				name := major.ReplaceAllString(ev.Frames[id].Func, "$1")
				kinds[name] = append(kinds[name], k)
			}
		}
	}
	return kinds
}

// has reports whether a goroutine waits for kind k in what a row is about.
func has(kinds map[string][]profile.Kind, row string, k profile.Kind) bool {
	prefix := strings.TrimSuffix(row, "*")
	for name, list := range kinds {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok || prefix == row && rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		for _, have := range list {
			if have == k {
				return true
			}
		}
	}
	return false
}

func TestKinds(t *testing.T) {
	for _, s := range standstills {
		t.Run(s.name, func(t *testing.T) {
			end := make(chan struct{})
			defer close(end)
			s.begin(t, end)
			for row, want := range s.rows {
				for until := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
					kinds := kindsOf(t)
					if has(kinds, row, want) {
						break
					}
					if time.Now().After(until) {
						t.Errorf("no goroutine waits for %v in %s: %v", want, row, kinds[row])
						break
					}
				}
			}
		})
	}
}
