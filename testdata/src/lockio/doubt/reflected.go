package doubt

import (
	"reflect"
	"sync"
)

// Functions that are called by reflection are not known here.
type emitter struct {
	mu   sync.Mutex
	told []any
}

func (e *emitter) listen(f any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, f)
}

func (e *emitter) tell(args []reflect.Value) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range e.told {
		reflect.ValueOf(f).Call(args) // want `note: .*e.mu is held while reflect.ValueOf\(f\).Call runs, which may wait, or want the lock`
	}
}

// A literal calls them.
func (e *emitter) tellBelow(args []reflect.Value) {
	tell := func(f any) { reflect.ValueOf(f).Call(args) }
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range e.told {
		tell(f) // want `note: .*e.mu is held while tell runs reflect.ValueOf\(f\).Call, which may wait, or want the lock`
	}
}

// Who asks for the type runs nothing.
func (e *emitter) types() (list []reflect.Type) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range e.told {
		list = append(list, reflect.ValueOf(f).Type())
	}
	return list
}
