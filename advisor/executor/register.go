package executor

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"unsafe"

	"github.com/concurlint/concurlint/advisor/executor/process"
)

// registry holds the functions that worker processes know.
var registry = struct {
	sync.Mutex
	byName   map[string]process.Handler
	byValue  map[unsafe.Pointer]string
	byPC     map[uintptr]int // registrations of the same code, closures of one literal
	retained []any           // keeps the keys of byValue alive
}{byName: map[string]process.Handler{}, byValue: map[unsafe.Pointer]string{}, byPC: map[uintptr]int{}}

// processStates are the PerWorker states of a worker process.
var processStates states

// Register makes do known to worker processes and returns it. Call it for
// every function that runs on the Process executor, in a variable declaration
// or an init function, so that parent and workers register the same functions
// in the same order:
//
//	var hash = executor.Register(func(ctx context.Context, path string) ([]byte, error) { … })
//
//	func main() {
//		executor.ServeWorker()
//		…
//		executor.Map(ctx, paths, hash, executor.Options{Executor: executor.Process})
//	}
//
// Inputs and results cross the pipes: []byte and string as they are, other
// types by encoding/gob, or by encoding/json if they hold interfaces. Either
// way only exported fields arrive.
func Register[T, R any](do func(context.Context, T) (R, error)) func(context.Context, T) (R, error) {
	pc := reflect.ValueOf(do).Pointer()
	registry.Lock()
	defer registry.Unlock()
	if _, ok := registry.byValue[identity(&do)]; ok {
		return do
	}
	name := "?"
	if f := runtime.FuncForPC(pc); f != nil {
		name = f.Name()
	}
	if n := registry.byPC[pc]; n > 0 {
		name = fmt.Sprintf("%s#%d", name, n)
	}
	registry.byPC[pc]++
	registry.byName[name] = handler(do)
	registry.byValue[identity(&do)] = name
	registry.retained = append(registry.retained, do)
	return do
}

// identity tells apart closures of one literal, which reflect does not: a func
// value is a pointer to its captured variables, or to a constant if it has none.
func identity[F any](f *F) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(f)) }

// registered returns the name of do and the encoder of its inputs; the name is
// empty if do was not registered.
func registered[T, R any](do func(context.Context, T) (R, error)) (string, func([]byte, T) ([]byte, error)) {
	registry.Lock()
	defer registry.Unlock()
	name := registry.byValue[identity(&do)]
	if name == "" {
		return "", nil
	}
	return name, newCodec[T]().encode
}

// handler makes a function of bytes of do. The codecs are made at the first
// call, since most processes that register a function never serve it.
func handler[T, R any](do func(context.Context, T) (R, error)) process.Handler {
	in := sync.OnceValue(newCodec[T])
	out := sync.OnceValue(newCodec[R])
	var buf []byte // a worker runs one task at a time
	return func(ctx context.Context, body []byte) ([]byte, error) {
		v, err := in().decode(body)
		if err != nil {
			return nil, err
		}
		r, err := do(&workerContext{ctx, &processStates}, v)
		if err != nil {
			return nil, err
		}
		buf, err = out().encode(buf[:0], r)
		return buf, err
	}
}

// ServeWorker runs the tasks of the parent and exits, if this process was
// started as a worker; else it returns at once. Call it first thing in main.
func ServeWorker() {
	process.Main(func(name string) (process.Handler, bool) {
		registry.Lock()
		defer registry.Unlock()
		h, ok := registry.byName[name]
		return h, ok
	}, func() { processStates.close() })
}
