package process

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"time"
)

// A child is a worker process and the parent's ends of its pipes.
type child struct {
	cmd      *exec.Cmd
	tasks    *os.File // written
	outcomes *os.File // read
	lifeline *os.File // held
	mailbox  *mailbox
	ahead    int // bytes that tasks takes without waiting
	voice    *voice
	exited   chan struct{} // closed when the process is gone
	waitErr  error         // valid after exited
}

// spawn starts a worker process. It has not said hello yet.
func spawn(conf *Config, forward *forwarder) (*child, error) {
	command, err := commandOf(conf)
	if err != nil {
		return nil, err
	}
	var open []*os.File // closed unless they end up in the child
	defer func() {
		for _, f := range open {
			f.Close()
		}
	}()
	pipe := func(make func() (*os.File, *os.File, error)) (r, w *os.File) {
		if err != nil {
			return nil, nil
		}
		if r, w, err = make(); err == nil {
			open = append(open, r, w)
		}
		return r, w
	}
	tasksR, tasksW := pipe(blockingPipe)
	outcomesR, outcomesW := pipe(blockingPipe)
	lifelineR, lifelineW := pipe(blockingPipe)
	voiceR, voiceW := pipe(os.Pipe) // under the poller, for its deadline
	if err != nil {
		return nil, err
	}
	mode := modePipes
	mailbox, shared := newMailbox()
	if shared != nil {
		open = append(open, shared)
		mode = modeMailbox
	}
	cmd := &exec.Cmd{
		Path:   command[0],
		Args:   command,
		Env:    append(append(os.Environ(), "GOMAXPROCS=1", EnvWorker+"="+mode), conf.Env...),
		Stdout: voiceW,
		Stderr: voiceW,
	}
	attach(cmd, tasksR, outcomesW, lifelineR)
	if shared != nil {
		cmd.ExtraFiles = append(cmd.ExtraFiles, shared)
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, tasks: tasksW, outcomes: outcomesR, lifeline: lifelineW, mailbox: mailbox}
	c.ahead = widen(tasksW)
	widen(outcomesR)
	c.voice = listen(voiceR, forward, cmd.Process.Pid)
	c.exited = make(chan struct{})
	open = []*os.File{tasksR, outcomesW, lifelineR, voiceW}
	if shared != nil {
		open = append(open, shared)
	}
	return c, nil
}

func commandOf(conf *Config) ([]string, error) {
	if len(conf.Command) == 0 {
		self, err := ownProgram()
		return []string{self}, err
	}
	path, err := exec.LookPath(conf.Command[0])
	if err != nil {
		return nil, err
	}
	return append([]string{path}, conf.Command[1:]...), nil
}

// wait returns when the process is gone, and with it what it started and left
// behind: a descendant could hold the pipes open.
func (c *child) wait() {
	c.waitErr = c.cmd.Wait()
	killGroup(c.cmd)
	close(c.exited)
}

// kill ends the process and its descendants. Any blocked read or write of the
// pipes returns.
func (c *child) kill() {
	select {
	case <-c.exited: // its number may be another's by now
	default:
		c.cmd.Process.Kill()
		killGroup(c.cmd)
	}
}

// end tells the worker that there is no more, waits for its end, by force
// after grace, and returns its exit status.
func (c *child) end(grace time.Duration) string {
	c.tasks.Close()
	timer := time.AfterFunc(grace, c.kill)
	<-c.exited
	timer.Stop()
	c.outcomes.Close()
	c.lifeline.Close()
	c.voice.finish()
	if c.cmd.ProcessState == nil {
		return c.waitErr.Error()
	}
	return c.cmd.ProcessState.String()
}

const (
	tailBytes = 4 << 10
	lastWords = 200 * time.Millisecond // for a descendant that keeps the stream open
)

// A voice is what a worker prints: forwarded line by line, and its last words
// kept.
type voice struct {
	r    *os.File
	done chan struct{}
	mu   sync.Mutex
	tail []byte
}

func listen(r *os.File, forward *forwarder, pid int) *voice {
	v := &voice{r: r, done: make(chan struct{})}
	go v.listen(forward, fmt.Sprintf("[worker %d] ", pid))
	return v
}

func (v *voice) listen(forward *forwarder, prefix string) {
	defer close(v.done)
	buf := make([]byte, 4<<10)
	var line []byte // begun and not ended
	for {
		n, err := v.r.Read(buf)
		v.keep(buf[:n])
		line = forward.lines(prefix, append(line, buf[:n]...), err != nil)
		if err != nil {
			return
		}
	}
}

// crash is how Go begins to tell of the end of a process.
var crash = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(panic|fatal error|SIGSEGV|SIGABRT): `)
})

// keep keeps the end of what is printed, but of a crash the beginning: there
// Go says why, and the stacks of all goroutines follow.
func (v *voice) keep(text []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tail = append(v.tail, text...)
	from := max(0, len(v.tail)-tailBytes)
	if at := crash().FindIndex(v.tail); at != nil {
		from = at[0]
	}
	v.tail = v.tail[from:min(len(v.tail), from+tailBytes)]
}

// finish waits until everything that the ended worker printed is read.
func (v *voice) finish() {
	v.r.SetReadDeadline(time.Now().Add(lastWords))
	<-v.done
	v.r.Close()
}

func (v *voice) last() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return string(bytes.TrimSpace(v.tail))
}

// A forwarder writes whole lines of many workers to one writer.
type forwarder struct {
	mu sync.Mutex
	w  io.Writer
}

// lines writes the whole lines of text behind a prefix and returns the rest,
// of which nothing remains if last.
func (f *forwarder) lines(prefix string, text []byte, last bool) []byte {
	end := bytes.LastIndexByte(text, '\n') + 1
	if last || len(text)-end > tailBytes {
		end = len(text)
	}
	if end == 0 {
		return text
	}
	var out []byte
	for line := range bytes.Lines(text[:end]) {
		out = append(append(out, prefix...), line...)
	}
	if out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.w.Write(out) // nobody to tell
	return append(text[:0], text[end:]...)
}
