package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// A lockedBuffer takes what workers print.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestFaults has one bad task among 1000 good ones: it alone fails, and says
// why.
func TestFaults(t *testing.T) {
	clean(t)
	limits := Config{HardLimit: 300 * time.Millisecond}
	tests := []struct {
		name, bad, body string
		conf            Config
		want            string // in the error
		as              any    // what the error is; nil: ErrDeath
		deaths          int
	}{
		{name: "error", bad: "fail", body: "no such row", want: "no such row", as: new(*TaskError)},
		{name: "unknown", bad: "nobody", want: `no handler named "nobody"`, as: new(*TaskError)},
		{name: "retry after", bad: "busy", want: "busy", as: new(interface{ RetryAfter() time.Duration })},
		{name: "panic", bad: "panic", want: "panic: no luck", as: new(*PanicError)},
		{name: "panic elsewhere", bad: "fatal", want: "panic: elsewhere", deaths: 3},
		{name: "long crash", bad: "overflow", want: "last words: fatal error: stack overflow", deaths: 3},
		{name: "exit", bad: "exit", want: "exit status 3; its last words: out of paper", deaths: 3},
		{name: "exit, one attempt", bad: "exit", conf: Config{Attempts: 1}, want: "exit status 3", deaths: 1},
		{name: "goexit", bad: "goexit", want: "runtime.Goexit", deaths: 3},
		{name: "spin", bad: "spin", conf: limits, want: "hard limit of 300ms", as: new(*LimitError)},
		{name: "sleep", bad: "sleep", body: "1h", conf: limits, want: "hard limit of 300ms", as: new(*LimitError)},
		{name: "soft limit", bad: "wait", conf: Config{SoftLimit: 20 * time.Millisecond}, want: "waited: context deadline exceeded", as: new(*TaskError)},
		{name: "long task", bad: "echo", body: strings.Repeat("x", 2<<20), conf: Config{MaxFrame: 1 << 20}, want: "MaxFrame", as: new(error)},
		{name: "long result", bad: "long", body: fmt.Sprint(2 << 20), conf: Config{MaxFrame: 1 << 20}, want: "MaxFrame", as: new(*TaskError)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var said lockedBuffer
			test.conf.Workers = 2
			test.conf.Stderr = &said
			tasks := make([]Task, 1001)
			for i := range tasks {
				tasks[i] = Task{ID: uint64(i), Func: "echo", Body: fmt.Append(nil, i)}
			}
			tasks[500].Func, tasks[500].Body = test.bad, []byte(test.body)
			p := start(t, test.conf)
			for id, o := range all(t, p, tasks) {
				if id != 500 {
					if o.Err != nil || string(o.Body) != fmt.Sprint(id) {
						t.Errorf("task %d: %q, %v", id, o.Body, o.Err)
					}
					continue
				}
				said := fmt.Sprint(o.Err)
				if o.Death != nil {
					said = o.Death.Status + "; its last words: " + o.Death.Stderr
				}
				if o.Err == nil || !strings.Contains(said, test.want) || test.as != nil && !errors.As(o.Err, test.as) {
					t.Errorf("the bad task: %T %v: %s", o.Err, o.Err, said)
				}
				if died := o.Err == ErrDeath && o.Death != nil; o.Deaths != test.deaths || died != (test.deaths > 0) {
					t.Errorf("the bad task: %d deaths, %v", o.Deaths, o.Err)
				}
			}
			p.Close()
			if p, ok := test.as.(**PanicError); ok && !bytes.Contains((*p).Stack, []byte("main_test.go")) {
				t.Errorf("stack of the panic: %s", (*p).Stack)
			}
			if p, ok := test.as.(**TaskError); ok && test.bad == "wait" && !errors.Is(*p, context.DeadlineExceeded) {
				t.Errorf("soft limit is not a deadline: %v", *p)
			}
			if p, ok := test.as.(*interface{ RetryAfter() time.Duration }); ok && (*p).RetryAfter() != 3*time.Second {
				t.Errorf("RetryAfter: %v", (*p).RetryAfter())
			}
			if test.bad == "exit" && !strings.Contains(said.String(), "] out of paper\n") {
				t.Errorf("not forwarded: %q", said.String())
			}
		})
	}
}

func TestPrint(t *testing.T) {
	var said lockedBuffer
	p := start(t, Config{Workers: 1, Stderr: &said})
	tasks := make([]Task, 300)
	for i := range tasks {
		tasks[i] = Task{ID: uint64(i), Func: "print", Body: fmt.Append(nil, i)}
	}
	for id, o := range all(t, p, tasks) {
		if o.Err != nil || string(o.Body) != fmt.Sprint(id) {
			t.Errorf("task %d: %q, %v", id, o.Body, o.Err)
		}
	}
	p.Close() // nothing that was printed is on its way after it
	for _, i := range []int{0, 150, 299} {
		if !strings.Contains(said.String(), fmt.Sprintf("printed %d\n", i)) {
			t.Errorf("print of task %d is missing", i)
		}
	}
}

// TestRelief has one long task in a batch: the others do not wait for it.
func TestRelief(t *testing.T) {
	p := start(t, Config{Workers: 2})
	warm := make([]Task, 4000)
	for i := range warm {
		warm[i].Func = "echo"
	}
	receive := func(n int) (outcomes []Outcome) {
		buf := make([]Outcome, 256)
		for len(outcomes) < n {
			k, err := p.Receive(buf)
			if err != nil {
				t.Fatal(err)
			}
			outcomes = append(outcomes, buf[:k]...)
		}
		return outcomes
	}
	p.Submit(warm)
	receive(len(warm))
	if batch := p.Stats().Batch; batch < 100 {
		t.Fatalf("batches have grown to %d only", batch)
	}
	tasks := make([]Task, 1000)
	for i := range tasks {
		tasks[i] = Task{ID: uint64(i), Func: "echo"}
	}
	tasks[300] = Task{ID: 300, Func: "sleep", Body: []byte("700ms")}
	p.Submit(tasks)
	outcomes := receive(len(tasks))
	if last := outcomes[len(tasks)-1]; last.ID != 300 {
		t.Errorf("last is %d, not the long task", last.ID)
	}
}

func TestRecycling(t *testing.T) {
	clean(t)
	const per = 50
	tests := []struct {
		name string
		conf Config
		task string
		body string
		pids int // at least
	}{
		{"tasks", Config{MaxTasks: per}, "pid", "", 40},
		{"one task", Config{MaxTasks: 1}, "pid", "", 400},
		{"memory", Config{MaxRSS: 40 << 20}, "keep", "4000000", 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.conf.Workers = 2
			tasks := make([]Task, test.pids*max(1, test.conf.MaxTasks)+min(1, int(test.conf.MaxRSS))*390)
			for i := range tasks {
				tasks[i] = Task{ID: uint64(i), Func: test.task, Body: []byte(test.body)}
			}
			p := start(t, test.conf)
			did := map[string]int{}
			for id, o := range all(t, p, tasks) {
				if o.Err != nil {
					t.Fatalf("task %d: %v", id, o.Err)
				}
				did[string(o.Body)]++
			}
			if len(did) < test.pids {
				t.Errorf("%d workers for %d tasks", len(did), len(tasks))
			}
			for pid, n := range did {
				if m := test.conf.MaxTasks; m > 0 && n > m {
					t.Errorf("worker %s did %d tasks", pid, n)
				}
			}
			if s := p.Stats(); s.Died > 0 || s.Retried > 0 {
				t.Errorf("recycling is not a death: %+v", s)
			}
		})
	}
}

func TestStartFails(t *testing.T) {
	clean(t)
	tests := []struct {
		conf Config
		want string
	}{
		{Config{Command: []string{"no-such-program"}}, "not found"},
		{Config{Command: []string{"sh", "-c", "echo no thanks; exit 7"}}, "exit status 7; does the program call process.Main first thing in main? no thanks"},
		{Config{Command: []string{"sleep", "100"}, StartLimit: 50 * time.Millisecond}, "no report within 50ms"},
		{Config{Command: []string{"sh", "-c", "yes >&4"}}, "of kind 'y'"},
		{Config{Command: []string{"sh", "-c", "printf aaaaaaaa >&4; sleep 9"}}, "malformed frame"},
		{Config{Env: []string{EnvWorker + "="}, Command: []string{"sh", "-c", "exit 0"}}, "process.Main"},
	}
	for _, test := range tests {
		test.conf.Stderr = io.Discard
		if _, err := Start(context.Background(), test.conf); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v", test.conf.Command, err)
		}
	}
	t.Setenv(EnvWorker, "1")
	if _, err := Start(context.Background(), Config{}); err == nil {
		t.Error("a worker starts workers")
	}
}

// TestCancel stops a pool with tasks queued, running, and hung.
func TestCancel(t *testing.T) {
	clean(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	p, err := Start(ctx, Config{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	why := errors.New("enough")
	tasks := make([]Task, 100)
	for i := range tasks {
		tasks[i] = Task{ID: uint64(i), Func: "spin"}
	}
	p.Submit(tasks)
	time.AfterFunc(30*time.Millisecond, func() { cancel(why) })
	seen := 0
	buf := make([]Outcome, 7)
	for {
		n, err := p.Receive(buf)
		if err == io.EOF {
			break
		}
		for _, o := range buf[:n] {
			if !errors.Is(o.Err, why) {
				t.Errorf("task %d: %v", o.ID, o.Err)
			}
		}
		seen += n
	}
	if seen != len(tasks) {
		t.Errorf("%d outcomes", seen)
	}
	if _, err := p.Submit(tasks); err != why {
		t.Errorf("Submit: %v", err)
	}
	if err := p.Close(); err != why {
		t.Errorf("Close: %v", err)
	}
}
