package classify

import (
	"bytes"
	"errors"
	"expvar"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// io.Copy from memory to memory.
// class: light none
func clone(s string) (string, error) {
	var buf bytes.Buffer
	if _, err := io.Copy(&buf, strings.NewReader(s)); err != nil {
		return "", err
	}
	return buf.String(), nil
}

// class: light none
func readAllMem(b []byte) ([]byte, error) {
	return io.ReadAll(bytes.NewReader(b))
}

// class: light none
func banner(name string, port int) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s on port %d", name, port)
	b.WriteByte('\n')
	return b.String()
}

// class: light none
func (u user) String() string { return fmt.Sprintf("%s (%d)", u.Name, u.ID) }

type document struct {
	bytes.Buffer
	title string
}

// WriteString is promoted from the embedded bytes.Buffer.
// class: light none
func (d *document) heading() {
	d.WriteString("# ")
	d.WriteString(d.title)
}

// class: light none
func parsePort(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fmt.Errorf("port %q: %w", s, err)
	}
	if n < 1 || n > 65535 {
		return 0, errors.New("port out of range")
	}
	return n, nil
}

// class: light none
func expired(t time.Time, ttl time.Duration) bool {
	return time.Since(t) > ttl
}

type session struct {
	hits  atomic.Int64
	conf  atomic.Pointer[config]
	attrs map[string]string
}

var requests = expvar.NewInt("requests")

// Metrics do not count.
// class: light none
func (s *session) hit() int64 {
	requests.Add(1)
	return s.hits.Add(1)
}

// class: light none
func (s *session) config() *config { return s.conf.Load() }

// class: light none
func (s *session) set(k, v string) {
	if s.attrs == nil {
		s.attrs = make(map[string]string)
	}
	s.attrs[k] = v
}

// Builds a closure with an effect and returns it.
// class: light none
func (c *client) loader(path string) func() error {
	return func() error {
		_, err := c.fetch(path)
		return err
	}
}

// Registers work for later.
// class: light none
func (c *client) refreshIn(d time.Duration) *time.Timer {
	return time.AfterFunc(d, func() { c.fetch("/refresh") })
}

type plugin struct {
	hook     func(string) error
	commands map[string]func()
}

// A function kept in a field.
// class: unknown none
func (p *plugin) run(arg string) error {
	return p.hook(arg)
}

// A function kept in a map.
// class: unknown none
func (p *plugin) dispatch(name string) {
	p.commands[name]()
}

// Notifier is implemented elsewhere.
type Notifier interface {
	Notify(text string)
}

type alerter struct{ to Notifier }

// An exported interface without an implementation here.
// class: unknown none
func (a *alerter) fire(n int) {
	a.to.Notify("level " + strconv.Itoa(n))
}

// class: unknown none
func callByReflection(f reflect.Value) []reflect.Value {
	return f.Call(nil)
}

// An io.Writer kept in a field.
// class: unknown none
func (s *sink) put(p []byte) error {
	n, err := s.w.Write(p)
	s.written += n
	return err
}

type sink struct {
	w       io.Writer
	written int
}

// The same writer, now known.
// class: light none
func inMemory(p []byte) int {
	var b bytes.Buffer
	n, _ := b.Write(p)
	return n
}
