package doubt

import (
	"context"
	"fmt"
	"sync"
)

// Who may call a method of a type that is not exported: here this package alone, which
// always gives it the end of a context.
type inner struct {
	mu   sync.Mutex
	ends map[int]func()
}

func (t *inner) Join(n int, end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *inner) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end()
	}
}

func ServeInner(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	t := &inner{ends: make(map[int]func())}
	t.Join(n, cancel)
	<-ctx.Done()
}

// An exported function gives a value away.
type given struct {
	mu   sync.Mutex
	ends map[int]func()
}

func NewGiven() *given { return &given{ends: make(map[int]func())} }

func (t *given) Join(n int, end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *given) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end() // want "warning: .*t.mu is held while end runs, which may wait, or want the lock"
	}
}

// Others have it as an interface with the method.
type joiner interface{ Join(n int, end func()) }

type behind struct {
	mu   sync.Mutex
	ends map[int]func()
}

func Behind(use func(joiner)) { use(&behind{ends: make(map[int]func())}) }

func (t *behind) Join(n int, end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *behind) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end() // want "warning: .*t.mu is held while end runs, which may wait, or want the lock"
	}
}

// Or as one that tells nothing: what is called by its name then is not seen.
type printed struct {
	mu   sync.Mutex
	ends map[int]func()
}

func Printed() { fmt.Println(&printed{ends: make(map[int]func())}) }

func (t *printed) Join(n int, end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *printed) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end() // want "warning: .*t.mu is held while end runs, which may wait, or want the lock"
	}
}

// A type that embeds it becomes an interface.
type outer struct{ *embedded }

type embedded struct {
	mu   sync.Mutex
	ends map[int]func()
}

func Outer(use func(joiner)) { use(outer{&embedded{ends: make(map[int]func())}}) }

func (t *embedded) Join(n int, end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *embedded) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end() // want "warning: .*t.mu is held while end runs, which may wait, or want the lock"
	}
}

// Or it is what generic code asks for.
func callJoin[T joiner](t T, n int) { t.Join(n, nil) }

type argument struct {
	mu   sync.Mutex
	ends map[int]func()
}

func Argument() { callJoin(&argument{ends: make(map[int]func())}, 1) }

func (t *argument) Join(n int, end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *argument) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end() // want "warning: .*t.mu is held while end runs, which may wait, or want the lock"
	}
}

// What holds it becomes an interface that tells nothing.
type held struct {
	mu   sync.Mutex
	ends map[int]func()
}

type Settings struct{ Service any }

func NewSettings() *Settings { return &Settings{Service: &held{ends: make(map[int]func())}} }

func (t *held) Join(n int, end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *held) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end() // want "warning: .*t.mu is held while end runs, which may wait, or want the lock"
	}
}

// No other package can write down the type of the method.
type ending func()

type unspelled struct {
	mu   sync.Mutex
	ends map[int]ending
}

func Unspelled() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	t := &unspelled{ends: make(map[int]ending)}
	fmt.Println(t)
	t.Join(1, ending(cancel))
	<-ctx.Done()
}

func (t *unspelled) Join(n int, end ending) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[n] = end
}

func (t *unspelled) EndAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, end := range t.ends {
		end()
	}
}
