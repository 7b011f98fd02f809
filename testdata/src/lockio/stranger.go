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
	a.done() // want "a.mu is held while a.done runs, which takes it again: deadlock"
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
		f() // want "a.mu is held while f runs, which takes it again: deadlock"
	}
}

func (a *alarm) copiedBefore() {
	f := a.done
	a.mu.Lock()
	a.n--
	f() // want "a.mu is held while f runs, which takes it again: deadlock"
	a.mu.Unlock()
}
