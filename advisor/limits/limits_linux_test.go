package limits

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// What is said of this process by looking at it from outside is what it knows itself.
func TestOf(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	args := strings.Join(os.Args, "\x00")
	pid, ok := Serving(port, args)
	if !ok || pid != os.Getpid() {
		t.Fatalf("process %d, %t; want %d", pid, ok, os.Getpid())
	}
	if pid, ok := Serving(port, args+"\x00-other"); ok {
		t.Errorf("process %d has other arguments", pid)
	}
	of, ok := Of(pid)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if !ok || of.Files.Max != int64(limit.Cur) || of.Files.Max != Own().Files.Max || of.Memory.Max != Own().Memory.Max {
		t.Errorf("%+v, %t; this process: %+v", of, ok, Own())
	}
	before := of.Files.Held
	for range 20 {
		f, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
	}
	if of, _ = Of(pid); of.Files.Held != before+20 || of.Memory.Held < 1<<20 || of.Memory.Max < of.Memory.Held {
		t.Errorf("%d open files before 20 more; then %+v", before, of)
	}
	l.Close()
	if pid, ok := Serving(port, args); ok {
		t.Errorf("process %d listens, but closed", pid)
	}
	if of, ok := Of(1 << 30); ok {
		t.Errorf("no such process: %+v", of)
	}
}
