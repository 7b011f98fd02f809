package lockio

import (
	"encoding/json"
	"fmt"
	"log"
	"sync"
)

// Encoders and formatters call methods of what they are given, and these want the lock as
// anybody does.

type tallies struct {
	mu    sync.RWMutex
	lines map[string]int
}

func (l *tallies) MarshalJSON() ([]byte, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return json.Marshal(l.lines)
}

func (l *tallies) String() string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return fmt.Sprint(len(l.lines), " lines")
}

func (l *tallies) set(name string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines[name] = n
	log.Printf("%s is %d in %v", name, n, l) // want "warning: lockio: l.mu is held while log.Printf runs code of this package, which takes it again: deadlock"
}

func (l *tallies) dump() string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	text, _ := json.Marshal(l) // want "warning: lockio: l.mu is held while json.Marshal runs code of this package, which takes it again: deadlock if somebody waits to write in between"
	return string(text)
}

func (l *tallies) sum() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("%d: %s", len(l.lines), l) // want "warning: lockio: l.mu is held while fmt.Sprintf runs code of this package, which takes it again: deadlock"
}

// Go syntax asks nobody for a text, and a method of other parameters is not asked.
func (l *tallies) debug() {
	l.mu.Lock()
	defer l.mu.Unlock()
	log.Printf("%#v", l)
}

type ordinal struct {
	mu sync.Mutex
	n  int
}

func (n *ordinal) String(base int) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return fmt.Sprint(n.n, base)
}

func (n *ordinal) next() {
	n.mu.Lock()
	n.n++
	log.Println(n)
	n.mu.Unlock()
}

func (n *ordinal) base() string { return n.String(10) }

// Printed as a pointer, as one of other things, or behind the lock, it is not asked.
func (l *tallies) drop(name string, others []*tallies) {
	l.mu.Lock()
	delete(l.lines, name)
	log.Printf("%p lost a line, %d others", l, len(others))
	log.Println(len(l.lines))
	l.mu.Unlock()
	log.Println(l)
}

// Nor is another one.
func (l *tallies) merge(other *tallies) {
	l.mu.Lock()
	defer l.mu.Unlock()
	log.Println(other)
}
