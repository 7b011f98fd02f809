package doubt

import (
	"net"
	"os"
	"strings"
	"sync"
)

// Most calls note something down, and one now and then writes it all to the disk: the
// others wait for that one, although each of these functions may write.
type ledger struct {
	mu    sync.Mutex
	file  *os.File
	lines []string
	names map[string]bool
}

func (l *ledger) full() bool { return len(l.lines) > 100 }

func (l *ledger) note(line string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	if l.full() {
		return l.write() // want "note: .*waits on the file system"
	}
	return nil
}

func (l *ledger) known(name string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names == nil || l.full() {
		if err := l.write(); err != nil { // want "note: .*waits on the file system"
			return false, err
		}
	}
	return l.names[name], nil
}

func (l *ledger) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

func (l *ledger) write() error {
	if _, err := l.file.WriteString(strings.Join(l.lines, "\n")); err != nil {
		return err
	}
	l.lines = l.lines[:0]
	return l.file.Sync()
}

// Here each call writes: the lock lets one do so at a time.
type chronicle struct {
	mu    sync.Mutex
	file  *os.File
	lines int
}

func (c *chronicle) add(line string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines++
	_, err := c.file.WriteString(line)
	return firstOf(err, c.file.Sync())
}

func (c *chronicle) addAll(lines []string) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range lines {
		_, err = c.file.WriteString(line)
	}
	return firstOf(err, c.file.Sync())
}

func (c *chronicle) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// That there is some text does not make it too much, and records are no text: the last to
// come sends them.
type sheaf struct {
	mu      sync.Mutex
	buf     []byte
	records []int
	conn    net.Conn
}

func (b *sheaf) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.buf) > 0 {
		b.conn.Write(b.buf) // want `note: .*b.mu is held while net.Conn.Write waits on the network`
	}
}

func (b *sheaf) add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.records = append(b.records, n)
	if len(b.records) >= 100 {
		b.conn.Write(b.buf) // want `note: .*b.mu is held while net.Conn.Write waits on the network`
	}
}
