package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// TestMain makes the test binary its own worker, and for TestOrphans a parent
// to be killed.
func TestMain(m *testing.M) {
	Main(func(name string) (Handler, bool) {
		if name == "upper" {
			return Upper, true
		}
		h, ok := handlers[name]
		return h, ok
	}, nil)
	if os.Getenv("PROCESS_TEST_PARENT") != "" {
		parent()
	}
	os.Exit(m.Run())
}

var kept [][]byte // by "keep"

type busyError struct{}

func (busyError) Error() string             { return "busy" }
func (busyError) RetryAfter() time.Duration { return 3 * time.Second }

// Upper is Example's, which is in another package.
var Upper Handler

var handlers = map[string]Handler{
	"echo": func(_ context.Context, body []byte) ([]byte, error) { return body, nil },
	"pid":  func(context.Context, []byte) ([]byte, error) { return fmt.Append(nil, os.Getpid()), nil },
	"fail": func(_ context.Context, body []byte) ([]byte, error) { return nil, errors.New(string(body)) },
	"busy": func(context.Context, []byte) ([]byte, error) { return nil, busyError{} },
	"sleep": func(_ context.Context, body []byte) ([]byte, error) {
		d, err := time.ParseDuration(string(body))
		time.Sleep(d)
		return fmt.Append(nil, os.Getpid()), err
	},
	"wait": func(ctx context.Context, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, fmt.Errorf("waited: %w", ctx.Err())
	},
	"spin": func(context.Context, []byte) ([]byte, error) {
		for {
		}
	},
	"panic": func(context.Context, []byte) ([]byte, error) { panic("no luck") },
	"fatal": func(context.Context, []byte) ([]byte, error) {
		go panic("elsewhere")
		select {}
	},
	"overflow": func(context.Context, []byte) ([]byte, error) {
		debug.SetMaxStack(1 << 20)
		return nil, fmt.Errorf("deep enough: %d", deeper(0))
	},
	"goexit": func(context.Context, []byte) ([]byte, error) { runtime.Goexit(); return nil, nil },
	"exit": func(context.Context, []byte) ([]byte, error) {
		fmt.Fprintln(os.Stderr, "out of paper")
		os.Exit(3)
		return nil, nil
	},
	"print": func(_ context.Context, body []byte) ([]byte, error) {
		fmt.Printf("printed %s\n", body)
		os.Stdout.WriteString("\x05\x00\x00\x00o")
		return body, nil
	},
	"long": func(_ context.Context, body []byte) ([]byte, error) {
		n, err := parse(body)
		return make([]byte, n), err
	},
	"keep": func(_ context.Context, body []byte) ([]byte, error) {
		n, err := parse(body)
		b := make([]byte, n)
		for i := range b {
			b[i] = 1 // resident
		}
		kept = append(kept, b)
		return fmt.Append(nil, os.Getpid()), err
	},
	// leave starts a program that outlives the task, with its output streams.
	"leave": func(context.Context, []byte) ([]byte, error) {
		cmd := exec.Command("sleep", "1000")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		return fmt.Append(nil, cmd.Process.Pid), nil
	},
}

func deeper(n int) int { return deeper(n+1) + 1 }

func parse(body []byte) (n int, err error) {
	_, err = fmt.Sscan(strings.TrimSpace(string(body)), &n)
	return n, err
}
