//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// waiting is a module with a benchmark that starts a child, and says so, and
// never ends. The child holds the pipe "child" open as long as it lives.
var waiting = map[string]string{
	"go.mod": "module example.com/app\n\ngo 1.26\n",
	"work.go": `package app

import "time"

func Fetch(id int) int {
	time.Sleep(10 * time.Millisecond)
	return id
}

func All(ids []int) []int {
	out := make([]int, len(ids))
	for i, id := range ids {
		out[i] = Fetch(id)
	}
	return out
}
`,
	"work_test.go": `package app

import (
	"os"
	"os/exec"
	"testing"
)

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		All(make([]int, 50))
	}
}

func BenchmarkWait(b *testing.B) {
	b.TempDir()
	All(nil)
	cmd := exec.Command("sh", "-c", "echo started > child; exec sleep 1000 > child")
	cmd.Stderr = os.Stderr
	b.Fatal(cmd.Run())
}
`}

// TestInterruptAdvise ends advise wherever it may be for long: it says nothing,
// and neither a process nor a file is left.
func TestInterruptAdvise(t *testing.T) {
	asked := make(chan bool)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/trace") {
			asked <- true
			<-r.Context().Done()
		}
		http.NotFound(w, r)
	}))
	defer slow.Close()
	dir := writeModule(t, waiting)
	rec := filepath.Join(dir, "rec")
	record := exec.Command("concurlint", "advise", "-bench", "All", "-benchtime", "1s", "-keep", rec)
	record.Dir = dir
	if out, err := record.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	profile := filepath.Join(rec, "example.com_app.trace")
	serve := []string{"-profile", profile, "-http", ":0"}
	look := func(stderr *bufio.Reader) { lookAt(t, stderr) }
	for _, c := range []struct {
		name   string
		signal syscall.Signal
		status int
		args   []string
		ready  func(stderr *bufio.Reader)
	}{
		{"collect", syscall.SIGINT, exitInterrupted, []string{"-collect", "30s", slow.URL}, func(*bufio.Reader) { <-asked }},
		{"collect", syscall.SIGTERM, exitTerminated, []string{"-collect", "30s", slow.URL}, func(*bufio.Reader) { <-asked }},
		{"bench", syscall.SIGINT, exitInterrupted, []string{"-bench", "Wait"}, nil},
		{"bench", syscall.SIGTERM, exitTerminated, []string{"-bench", "Wait"}, nil},
		{"verify", syscall.SIGINT, exitInterrupted, []string{"-profile", profile, "-verify", "Wait"}, nil},
		{"verify", syscall.SIGTERM, exitTerminated, []string{"-profile", profile, "-verify", "Wait"}, nil},
		{"http", syscall.SIGINT, exitInterrupted, serve, look},
		{"http", syscall.SIGTERM, exitTerminated, serve, look},
	} {
		t.Run(c.name+" "+c.signal.String(), func(t *testing.T) { interruptAdvise(t, dir, c.signal, c.status, c.args, c.ready) })
	}
}

// lookAt fetches the page and the report from where the command says they are, and
// asks under a name that another machine may have.
func lookAt(t *testing.T, stderr *bufio.Reader) {
	said, err := stderr.ReadString(';')
	_, url, found := strings.Cut(strings.TrimSuffix(said, ";"), "the page is at ")
	if err != nil || !found {
		t.Fatalf("%q, %v: want the address of the page", said, err)
	}
	for _, c := range []struct {
		path, host string
		status     int
		holds      string
	}{
		{"/", "", http.StatusOK, "<title>concurlint advice</title>"},
		{"/report.json", "", http.StatusOK, `"file": "work.go"`},
		{"/none", "", http.StatusNotFound, ""},
		{"/", "example.com", http.StatusMisdirectedRequest, "open it as localhost"},
	} {
		req, err := http.NewRequest("GET", url+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = c.host
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || !strings.Contains(string(body), c.holds) {
			t.Errorf("%s as %q: %s, %v, want %d with %q", c.path, c.host, resp.Status, err, c.status, c.holds)
		}
	}
}

func interruptAdvise(t *testing.T, dir string, signal syscall.Signal, status int, args []string, ready func(*bufio.Reader)) {
	tmp := t.TempDir()
	fifo := filepath.Join(dir, "child")
	os.Remove(fifo)
	if err := syscall.Mkfifo(fifo, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("concurlint", append([]string{"advise"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	pipe, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, end
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end.Close()
	stderr := bufio.NewReader(pipe)
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		if f, err := os.OpenFile(fifo, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			f.Close() // nobody waits for a child that did not start
		}
	}()
	var child *os.File
	if ready != nil {
		ready(stderr)
	} else {
		if child, err = os.Open(fifo); err != nil { // once the child writes to it
			t.Fatal(err)
		}
		defer child.Close()
		bufio.NewReader(child).ReadString('\n')
	}
	if err := cmd.Process.Signal(signal); err != nil {
		said, _ := io.ReadAll(stderr)
		t.Fatalf("%v: %s\n%s", err, said, stdout.Bytes())
	}
	said, _ := io.ReadAll(stderr)
	var exit *exec.ExitError
	if err := <-ended; !errors.As(err, &exit) || exit.ExitCode() != status {
		t.Errorf("got %v, want exit status %d", err, status)
	}
	if strings.Contains(string(said), "context") || strings.Contains(string(said), "stopped") {
		t.Errorf("unexpected message %q", said)
	}
	if child != nil {
		io.Copy(io.Discard, child) // ends with the last process that may write
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
