// Package keyed has locks by key alone, none of which a function may forget: no other mutex of
// it is held at a return.
package keyed

import "sync"

type rooms struct{ locks sync.Map }

// Who takes one is given what gives it back.
func (r *rooms) enter(name string) func() {
	value, _ := r.locks.LoadOrStore(name, &sync.Mutex{})
	door := value.(*sync.Mutex)
	door.Lock()
	return func() { door.Unlock() }
}

func (r *rooms) leave(name string) {
	value, ok := r.locks.Load(name)
	if !ok {
		return
	}
	door := value.(*sync.Mutex)
	door.Unlock()
}

func visit(r *rooms, name string) {
	leave := r.enter(name)
	defer leave()
	println(name)
}
