package lockio

import (
	"errors"
	"sync"
)

var errDaybookGone = errors.New("gone")

// The lock is given back on some ways, and forgotten on another.
type daybook struct {
	mu    sync.Mutex
	gone  bool
	lines map[string]string
}

func (l *daybook) enter(key, line string) error {
	l.mu.Lock()
	if _, ok := l.lines[key]; ok {
		l.mu.Unlock()
		return nil
	}
	if l.gone {
		return errDaybookGone // want "warning: .*l.mu is still held when this returns, so all who want the lock wait for ever"
	}
	l.lines[key] = line
	l.mu.Unlock()
	return nil
}

func (l *daybook) get(key string) (string, error) {
	l.mu.Lock()
	if l.gone {
		return "", errDaybookGone // want "warning: .*l.mu is still held when this returns, so all who want the lock wait for ever"
	}
	defer l.mu.Unlock()
	return l.lines[key], nil
}

func (l *daybook) strike(keys ...string) {
	l.mu.Lock()
	for _, key := range keys {
		if key == "" {
			return // want "warning: .*l.mu is still held when this returns, so all who want the lock wait for ever"
		}
		delete(l.lines, key)
	}
	l.mu.Unlock()
}

// All ways give it back.
func (l *daybook) clear() (err error) {
	l.mu.Lock()
	defer func() {
		if err == nil {
			l.gone = true
		}
		l.mu.Unlock()
	}()
	if l.gone {
		return errDaybookGone
	}
	l.lines = nil
	return nil
}

func (l *daybook) size() int {
	l.mu.Lock()
	switch {
	case l.gone:
		l.mu.Unlock()
		return 0
	case l.lines == nil:
		panic("no lines")
	default:
		defer l.mu.Unlock()
	}
	return len(l.lines)
}

// Who calls gives it back.
type ticketing struct {
	mu   sync.Mutex
	open bool
}

func (c *ticketing) begin() bool {
	c.mu.Lock()
	if !c.open {
		c.mu.Unlock()
		return false
	}
	return true
}

func (c *ticketing) use() {
	if c.begin() {
		c.mu.Unlock()
	}
}

// A goroutine gives it back when it is done, or who is handed the function.
type mangle struct {
	mu   sync.Mutex
	busy bool
}

func (p *mangle) start(work func()) {
	p.mu.Lock()
	if p.busy {
		p.mu.Unlock()
		return
	}
	go func() {
		work()
		p.mu.Unlock()
	}()
}

type strongbox struct {
	mu   sync.Mutex
	shut bool
}

func (v *strongbox) open() (func(), error) {
	v.mu.Lock()
	if v.shut {
		v.mu.Unlock()
		return nil, errDaybookGone
	}
	return v.mu.Unlock, nil
}

// A literal that runs at once gives it back.
type till struct {
	mu   sync.Mutex
	gone bool
}

func (t *till) close() error {
	t.mu.Lock()
	if t.gone {
		t.mu.Unlock()
		return errDaybookGone
	}
	func() {
		defer t.mu.Unlock()
		t.gone = true
	}()
	return nil
}

// The name of the field says nothing where nobody else sees the type.
type gallery struct {
	L     sync.RWMutex
	shown []string
}

func (g *gallery) show(what string) error {
	g.L.Lock()
	if what == "" {
		return errDaybookGone // want "warning: .*g.L is still held when this returns, so all who want the lock wait for ever"
	}
	g.shown = append(g.shown, what)
	g.L.Unlock()
	return nil
}

// Others may give it back.
type Gallery struct {
	L     sync.RWMutex
	shown []string
}

func (g *Gallery) Show(what string) bool {
	g.L.Lock()
	if what == "" {
		return false
	}
	g.shown = append(g.shown, what)
	g.L.Unlock()
	return true
}

// What has been deferred once gives back whatever is held at the end, in a literal as well.
func (l *daybook) rounds() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mu.Unlock()
	l.mu.Lock()
	if l.gone {
		return errDaybookGone
	}
	l.mu.Unlock()
	l.mu.Lock()
	return nil
}

func (l *daybook) later(async bool) {
	l.mu.Lock()
	if async {
		go func() {
			defer l.mu.Unlock()
			l.gone = true
		}()
		return
	}
	l.mu.Unlock()
}

// Who has the lock may give it back.
type minutes struct {
	mu   sync.Mutex
	gone bool
	cond *sync.Cond
}

func newMinutes() *minutes {
	m := &minutes{}
	m.cond = sync.NewCond(&m.mu)
	return m
}

func (m *minutes) begin() bool {
	m.mu.Lock()
	if m.gone {
		return true
	}
	m.mu.Unlock()
	return false
}

func (m *minutes) end() { m.cond.L.Unlock() }
