package lockio

import "sync"

// What a field holds takes the lock that it runs under.
type alarm struct {
	mu   sync.Mutex
	n    int
	done func()
}

func newAlarm() *alarm {
	a := &alarm{}
	a.done = a.count
	return a
}

func (a *alarm) count() {
	a.mu.Lock()
	a.n++
	a.mu.Unlock()
}

func (a *alarm) off() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done() // want "warning: .*a.mu is held while a.done runs, which takes it again: deadlock"
}

// Set in a goroutine's stead, and run after the lock.
func (a *alarm) later() {
	a.mu.Lock()
	f := a.done
	a.mu.Unlock()
	f()
}

// A copy of the field in a local variable is the same function, made under the lock or
// before it.
func (a *alarm) copied() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f := a.done; f != nil {
		f() // want "warning: .*a.mu is held while f runs, which takes it again: deadlock"
	}
}

func (a *alarm) copiedBefore() {
	f := a.done
	a.mu.Lock()
	a.n--
	f() // want "warning: .*a.mu is held while f runs, which takes it again: deadlock"
	a.mu.Unlock()
}

// What runs takes the lock of what it makes, which is another one.
type rackOf struct {
	mu    sync.Mutex
	names []string
	build func(name string) (*rackOf, error)
	again func(name string) (*rackOf, error)
	parts map[string]*rackOf
}

func newRackOf() *rackOf {
	s := &rackOf{build: makeRack, parts: make(map[string]*rackOf)}
	s.again = s.more
	return s
}

func (s *rackOf) more(name string) (*rackOf, error) {
	s.put(name)
	return makeRack(name)
}

func makeRack(name string) (*rackOf, error) {
	s := &rackOf{build: makeRack}
	s.put(name)
	return s, nil
}

func (s *rackOf) put(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = append(s.names, name)
}

func (s *rackOf) part(name string) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts[name], err = s.build(name)
	return err
}

func (s *rackOf) partAgain(name string) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts[name], err = s.again(name) // want "warning: .*s.mu is held while s.again runs, which takes it again: deadlock"
	return err
}

func (s *rackOf) Close() error { return nil }
