package silent

import (
	"bufio"
	"bytes"
	"net"
	"os"
	"strings"
	"sync"
)

type settings struct {
	mu   sync.Mutex
	path string
	raw  []byte
}

func (s *settings) get() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw
}

// Read first, then swap.
func (s *settings) swap() error {
	raw, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.raw = raw
	s.mu.Unlock()
	return nil
}

// One name, one block: the kernel has it, as a rule.
func (s *settings) changed(f *os.File, buf []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := os.Stat(s.path)
	_, _ = f.ReadAt(buf, 0)
	return err == nil
}

// A log: all who take the lock write, and wait for the disk anyway.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

func (j *journal) append(line string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.WriteString(line); err != nil {
		return err
	}
	return j.file.Sync() // want "silent: .*j.mu is held while os..*Sync waits on the file system"
}

func (j *journal) cut() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Truncate(0)
}

func (j *journal) all(name string) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return os.ReadFile(name) // want "silent: .*j.mu is held while os.ReadFile waits on the file system"
}

// A client of a meter writes what has come together once it is too much, as a bufio.Writer
// does: hardly a call waits for that.
type meter struct {
	mu   sync.Mutex
	buf  []byte
	most int
	conn net.Conn
}

func (m *meter) add(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.buf = append(m.buf, name...)
	if len(m.buf) > m.most {
		m.flush() // want `silent: .*m.mu is held while \(\*meter\).flush waits on the network`
	}
}

func (m *meter) flush() {
	m.conn.Write(m.buf)
	m.buf = m.buf[:0]
}

// The same in other words.
type meters struct {
	mu    sync.Mutex
	buf   []byte
	text  bytes.Buffer
	line  strings.Builder
	out   *bufio.Writer
	ready bool
	conn  net.Conn
}

func (m *meters) early() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.buf) <= 1400 {
		return
	}
	m.conn.Write(m.buf) // want `silent: .*waits on the network`
}

func (m *meters) other() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if 1400 < len(m.buf)+10 {
		m.conn.Write(m.buf) // want `silent: .*waits on the network`
	} else {
		return
	}
}

func (m *meters) both() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ready && m.text.Len() >= 1400 {
		m.conn.Write(m.text.Bytes()) // want `silent: .*waits on the network`
	}
}

func (m *meters) either() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.line.Len() > 1400 || m.out.Buffered() > 1400 {
		m.conn.Write(m.buf) // want `silent: .*waits on the network`
	}
}

// A channel that nothing makes but a test.
type tracked struct {
	mu   sync.Mutex
	n    int
	seen chan int
}

func (t *tracked) note(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n = n
	if t.seen != nil {
		t.seen <- n
	}
}

func (t *tracked) early(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n = n
	if t.seen == nil {
		return
	}
	t.seen <- n
}

type register struct {
	mu    sync.Mutex
	sold  int
	meter *meter
}

func (r *register) sell() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sold++
	r.meter.add("sold") // want `silent: .*r.mu is held while \(\*meter\).add waits on the network`
}

func (r *register) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sold
}
