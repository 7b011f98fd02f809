package process

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// A Handler does one task in the worker. The body is its own; what it returns
// is copied before the next call.
type Handler = func(ctx context.Context, body []byte) ([]byte, error)

// A Lookup finds the handler of a name.
type Lookup = func(name string) (Handler, bool)

// IsWorker reports whether this process was started as a worker and has not
// called Main yet.
func IsWorker() bool { return os.Getenv(EnvWorker) != "" }

// Main returns at once, unless this process was started as a worker: then it
// serves tasks until the parent has no more, and exits. Call it first thing in
// main, before flags are parsed or anything is printed or opened.
//
// ended, if not nil, runs before the exit: for closing what handlers keep.
func Main(handlers Lookup, ended func()) {
	if !IsWorker() {
		return
	}
	var box *mailbox
	if os.Getenv(EnvWorker) == modeMailbox {
		box = workerMailbox()
	}
	os.Unsetenv(EnvWorker) // a handler may start programs, and pools, of its own
	tasks, outcomes, lifeline := workerFiles()
	if lifeline != nil {
		go func() {
			// A thread of its own waits here, whatever handlers do.
			lifeline.Read(make([]byte, 1))
			endOrphan()
		}()
	}
	err := serve(tasks, outcomes, box, handlers)
	if ended != nil {
		ended()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "process worker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

const (
	flushBytes = 256 << 10             // outcomes of a batch are sent when they exceed this
	usageEvery = 10 * time.Millisecond // so often a worker looks at its memory
)

// server is a worker at work. One goroutine reads a batch, runs it and writes
// the outcomes: with one thread of control a lonely task has no switch to wait
// for. Only a batch that lasts too long wakes a second goroutine, see relieve.
type server struct {
	settings
	in       *frameReader
	out      io.Writer
	mailbox  *mailbox
	handlers Lookup
	start    time.Time
	statm    *os.File

	// The handler found last, for a run of equal names.
	name    string
	handler Handler

	mu      sync.Mutex
	frame   []byte        // outcomes not yet written
	count   int           // outcomes in frame
	calls   []call        // the batch
	next    int           // first of calls that has not begun
	lone    bool          // nothing else is in flight, and the next batch may follow soon
	silent  bool          // nothing has been written since the batch began
	running bool          // calls[next-1] is in its handler
	begun   time.Duration // when the running call began; times count from start
	opened  time.Duration // when the batch began
	used    usage
	usedAt  time.Duration
	failed  error // of writing

	armed   bool         // the relief timer runs
	relief  *time.Timer  // calls relieve
	reading bool         // relieve reads the next frame, and passes it on
	passed  chan inbound // from relieve to run
}

type inbound struct {
	kind    byte
	payload []byte
	err     error
}

// Serve runs the worker's side of the protocol over r and w until r ends
// between frames, which is the parent's way to say that there is no more. Main
// calls it; a program with its own way to connect may as well.
func Serve(r io.Reader, w io.Writer, handlers func(name string) (func(ctx context.Context, body []byte) ([]byte, error), bool)) error {
	return serve(r, w, nil, handlers)
}

func serve(r io.Reader, w io.Writer, box *mailbox, handlers Lookup) error {
	s := &server{in: newFrameReader(r, 1<<10), out: w, mailbox: box, handlers: handlers, start: time.Now(), passed: make(chan inbound, 1)}
	kind, payload, err := s.in.next()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	if kind != kindSettings {
		return fmt.Errorf("first frame is of kind %q", kind)
	}
	if s.settings, err = decodeSettings(payload); err != nil {
		return err
	}
	s.in.max = s.MaxFrame + frameSlack
	if _, err := w.Write(endFrame(beginFrame(nil, kindHello), 0)); err != nil {
		return err
	}
	s.mailbox.piped()
	s.statm = openUsage()
	if s.statm != nil {
		defer s.statm.Close()
	}
	s.frame = beginOutcomes(nil)
	if s.Relief > 0 {
		s.relief = time.AfterFunc(time.Hour, s.relieve)
		s.relief.Stop()
		defer s.relief.Stop()
	}
	return s.serve()
}

func (s *server) serve() error {
	for {
		f := s.receive()
		if f.err == io.EOF {
			return nil
		}
		if f.err != nil {
			return f.err
		}
		if f.kind != kindTasks && f.kind != kindLone {
			return fmt.Errorf("unexpected frame of kind %q", f.kind)
		}
		calls, err := decodeTasks(s.calls[:0], f.payload, s.name)
		if err != nil {
			return err
		}
		s.lone = f.kind == kindLone
		if err := s.batch(calls); err != nil {
			return err
		}
	}
}

// receive returns the next frame, from the pipe or from relieve.
func (s *server) receive() inbound {
	s.mu.Lock()
	reading := s.reading
	s.mu.Unlock()
	if reading {
		f := <-s.passed
		s.mu.Lock()
		s.reading = false
		s.mu.Unlock()
		return f
	}
	if s.lone {
		s.mailbox.await(s.in)
	}
	kind, payload, err := s.in.next()
	return inbound{kind, payload, err}
}

// batch runs calls in order and writes their outcomes.
func (s *server) batch(calls []call) error {
	s.mu.Lock()
	s.calls, s.next, s.silent = calls, 0, true
	s.opened = time.Since(s.start)
	s.begun = s.opened
	s.arm(s.Relief)
	for s.next < len(s.calls) && s.failed == nil {
		c := s.calls[s.next]
		s.next++
		s.running = true
		s.mu.Unlock()

		body, err := s.call(c)

		s.mu.Lock()
		s.running = false
		now := time.Since(s.start)
		s.add(now-s.begun, body, err)
		s.begun = now
	}
	if now := s.begun; s.usedAt == 0 || now-s.usedAt > usageEvery {
		s.used, s.usedAt = readUsage(s.statm), now
	}
	s.write(kindOutcomes, 0)
	err := s.failed
	clear(s.calls)
	s.mu.Unlock()
	return err
}

// add appends an outcome to the frame.
func (s *server) add(elapsed time.Duration, body []byte, err error) {
	if err == nil && len(body) > s.MaxFrame {
		err = fmt.Errorf("the result has %d bytes, more than the %d of MaxFrame", len(body), s.MaxFrame)
	}
	if s.count > 0 && (len(s.frame) > flushBytes || len(s.frame)+len(body) > s.MaxFrame) {
		s.write(kindPartial, 0)
	}
	if err != nil {
		s.frame = appendError(s.frame, elapsed, err)
	} else {
		s.frame = appendValue(s.frame, elapsed, body)
	}
	s.count++
}

// write sends the outcomes so far.
func (s *server) write(kind byte, running time.Duration) {
	if s.failed != nil {
		return
	}
	frame := endOutcomes(s.frame, kind, s.count, s.used, running)
	if !(s.lone && s.silent && kind == kindOutcomes && s.mailbox.put(frame)) {
		_, s.failed = s.out.Write(frame)
		s.mailbox.piped()
	}
	s.silent = false
	if cap(s.frame) > 4*flushBytes {
		s.frame = nil
	}
	s.frame, s.count = beginOutcomes(s.frame), 0
}

// call runs one handler, with the soft limit on its context.
func (s *server) call(c call) (body []byte, err error) {
	if s.handler == nil || c.name != s.name {
		h, ok := s.handlers(c.name)
		if !ok {
			return nil, fmt.Errorf("the worker has no handler named %q", c.name)
		}
		s.name, s.handler = c.name, h
	}
	ctx := context.Background()
	if s.SoftLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.SoftLimit)
		defer cancel()
	}
	returned := false
	defer func() {
		if returned {
			return
		}
		v := recover()
		if v == nil {
			// The goroutine is about to end, and with it the worker: say why.
			fmt.Fprintln(os.Stderr, "process worker: a handler called runtime.Goexit")
			os.Exit(1)
		}
		err = &PanicError{Value: fmt.Sprint(v), Stack: debug.Stack()}
	}()
	if body, err = s.handler(ctx, c.body); err != nil {
		err = portable(err)
	}
	returned = true
	return body, err
}
