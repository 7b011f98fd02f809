package collect

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/pprof"
	"os"
	"path/filepath"
	"runtime"
	"runtime/trace"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/limits"
	"github.com/concurlint/concurlint/advisor/profile"
)

// mux serves net/http/pprof as most programs do, and metrics.
func mux() *http.ServeMux {
	m := http.NewServeMux()
	m.HandleFunc("/debug/pprof/", pprof.Index)
	m.HandleFunc("/debug/pprof/profile", pprof.Profile)
	m.HandleFunc("/debug/pprof/trace", pprof.Trace)
	m.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total %g\n", time.Since(begin).Seconds())
	})
	return m
}

var begin = time.Now()

// sleeper is what the recordings shall find.
//
//go:noinline
func sleeper(quit chan bool) {
	for {
		select {
		case <-quit:
			return
		default:
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func TestCollect(t *testing.T) {
	var methods []string
	m := mux()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			methods = append(methods, r.Method)
		}
		m.ServeHTTP(w, r)
	}))
	defer s.Close()
	quit := make(chan bool)
	defer close(quit)
	go sleeper(quit)
	received := map[string]int64{}
	r, err := Collect(t.Context(), s.Listener.Addr().String(), time.Millisecond, Options{
		Block: true, Mutex: true,
		Progress: func(name string, n int64) { received[name] = n },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Notes) != 0 || len(methods) != 0 || r.Rusage < time.Second/2 {
		t.Errorf("notes %q, methods %q, rusage %v", r.Notes, methods, r.Rusage)
	}
	ev, err := profile.Read(t.Context(), r.Inputs, profile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, in := range r.Inputs {
		names = append(names, in.Name[strings.LastIndex(in.Name, "/")+1:])
	}
	want := "trace profile block mutex goroutine-1 goroutine-2 goroutine-3 goroutine-4 goroutine-5 heap"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if first, second := ev.Sources[0].Format, ev.Sources[1].Format; first != profile.Trace || second != profile.CPUProfile {
		t.Errorf("%s and %s first", first, second)
	}
	for _, name := range []string{"trace", "profile", "block", "mutex", "goroutine", "heap"} {
		if received[name] == 0 {
			t.Errorf("no progress of %s", name)
		}
	}
	src := ev.Sources[0]
	if !slices.ContainsFunc(src.Stacks, func(s profile.Stack) bool {
		return s.Waits[profile.Sleep].Count > 0 && slices.ContainsFunc(s.Frames, func(id profile.FrameID) bool {
			return strings.HasSuffix(ev.Frames[id].Func, "collect.sleeper")
		})
	}) {
		t.Error("the trace has no sleeper")
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(r.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there", r.Dir)
	}
}

// A program that records already gives what is left, and a note.
func TestCollectPart(t *testing.T) {
	if err := trace.Start(discard{}); err != nil {
		t.Skip(err)
	}
	defer trace.Stop()
	s := httptest.NewServer(mux())
	defer s.Close()
	keep := t.TempDir()
	r, err := Collect(t.Context(), s.URL, time.Second, Options{Keep: keep})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "Could not enable tracing: ") || !strings.Contains(r.Notes[0], ": end the other recording") {
		t.Errorf("notes %q", r.Notes)
	}
	if !strings.HasSuffix(r.Inputs[0].Name, "/debug/pprof/profile") || len(r.Inputs) != 1+snapshots+1 {
		t.Errorf("%d inputs, first %s", len(r.Inputs), r.Inputs[0].Name)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	kept, _ := filepath.Glob(filepath.Join(keep, "*", "*"))
	if len(kept) != len(r.Inputs) {
		t.Errorf("kept %q", kept)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func TestCollectErrors(t *testing.T) {
	page := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html><title>shop</title>") }
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for _, c := range []struct {
		name string
		h    http.HandlerFunc
		want string
	}{
		{"no pprof", http.NotFound, "not found: name the address at which"},
		{"a page", page, "a page and no recording"},
		{"password", status(401), "access is refused (401 Unauthorized): put user and password"},
		{"timeout", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Go-Pprof", "1")
			w.WriteHeader(400)
			fmt.Fprintln(w, "profile duration exceeds server's WriteTimeout")
		}, "/trace: profile duration exceeds server's WriteTimeout: record for a shorter time"},
		{"broken", status(502), "502 Bad Gateway: name the address at which"},
		{"guarded", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "tracing is off: start with -debug", 500)
		}, "500 Internal Server Error: tracing is off: start with -debug: name the address at which"},
		{"guarded without a word", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "", 500) }, "500 Internal Server Error: name the address at which"},
		{"empty", status(200), "the answer is empty: name the address at which"},
		{"closed", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "closed without an answer"},
		{"elsewhere", http.RedirectHandler("http://other.example/x?token=secret", 302).ServeHTTP, "redirected to other.example/x: name that address"},
		{"to where nobody is", func(w http.ResponseWriter, r *http.Request) {
			host, _, _ := strings.Cut(r.Host, ":")
			http.Redirect(w, r, "http://"+host+":1/", 302)
		}, ":1: nothing listens there"},
		{"endless redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, 302) }, "/trace: name that address if it is the program's"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(c.h)
			s.Config.ErrorLog = nil
			s.Start()
			defer s.Close()
			wantError(t, s.URL, c.want)
		})
	}
	t.Run("TLS", func(t *testing.T) {
		s := httptest.NewServer(http.NotFoundHandler())
		defer s.Close()
		wantError(t, strings.Replace(s.URL, "http", "https", 1), "it does not speak TLS: name it with http://")
	})
	t.Run("another protocol", func(t *testing.T) {
		l, err := net.Listen("tcp", "localhost:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				fmt.Fprint(c, "SSH-2.0-x\r\n")
				c.Close()
			}
		}()
		wantError(t, l.Addr().String(), "malformed HTTP response \"SSH-2.0-x\": name the address at which")
	})
	wantError(t, "localhost:99999", "invalid port: name the address at which")
	t.Run("nothing there", func(t *testing.T) {
		l, err := net.Listen("tcp", "localhost:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		wantError(t, l.Addr().String(), "nothing listens there: is the program running")
	})
	t.Run("no socket", func(t *testing.T) {
		wantError(t, "unix:"+filepath.Join(t.TempDir(), "none"), "/none: localhost: nothing listens there")
	})
}

func wantError(t *testing.T, address, want string) {
	t.Helper()
	r, err := Collect(t.Context(), address, 100*time.Second, Options{})
	if err == nil {
		r.Close()
		t.Fatal("no error")
	}
	if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %q, want %q", err, want)
	}
}

// A trace that a server cuts is used as far as it came.
func TestCollectCut(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/trace") {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte("go 1.26 trace\x00\x00\x00"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer s.Close()
	r, err := Collect(t.Context(), s.URL, time.Second, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if len(r.Inputs) != 1 || !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "cut short after 0.0 MB") }) {
		t.Errorf("%d inputs, notes %q", len(r.Inputs), r.Notes)
	}
}

func TestCollectCancelled(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer s.Close()
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { cancel(why) })
	if _, err := Collect(ctx, s.URL, time.Hour, Options{}); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

func TestCollectSocket(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", file)
	if err != nil {
		t.Skip(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: mux()}}
	s.Start()
	defer s.Close()
	r, err := Collect(t.Context(), "unix:"+file, time.Second, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if len(r.Notes) > 0 {
		t.Errorf("notes %q", r.Notes)
	}
}

// Goroutines that never end are asked for, behind all else.
func TestCollectLeaks(t *testing.T) {
	m := mux()
	m.HandleFunc("/debug/pprof/goroutineleak", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join("..", "..", "testdata", "advisor", "recorded", "leak.goroutines"))
	})
	s := httptest.NewServer(m)
	defer s.Close()
	r, err := Collect(t.Context(), s.URL, time.Second, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ev, err := profile.Read(t.Context(), r.Inputs, profile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if last := ev.Sources[len(ev.Sources)-1]; last.Format != profile.LeakProfile || last.Samples != 40 || len(r.Notes) != 0 {
		t.Errorf("last %s of %d; notes %q", last.Format, last.Samples, r.Notes)
	}
}

// The limits of a process that is here are known without metrics, and not those of
// another one whose port is here.
func TestCollectLocal(t *testing.T) {
	if limits.Own().Files.Max == 0 || runtime.GOOS != "linux" {
		t.Skip("only Linux tells what other processes may open")
	}
	for name, args := range map[string]string{"itself": strings.Join(os.Args, "\x00"), "a forwarded one": "app\x00-v"} {
		m := http.NewServeMux()
		m.HandleFunc("/debug/pprof/profile", pprof.Profile)
		m.HandleFunc("/debug/pprof/cmdline", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, args) })
		s := httptest.NewServer(m)
		defer s.Close()
		r, err := Collect(t.Context(), s.Listener.Addr().String(), time.Second, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		own, l := limits.Own(), r.Limits
		if known := l.Files.Max == own.Files.Max && l.Files.Held > 2 && l.Memory.Max == own.Memory.Max && l.Memory.Held > 1<<20; known != (name == "itself") {
			t.Errorf("%s: %+v; this process has %+v", name, l, own)
		}
	}
}
