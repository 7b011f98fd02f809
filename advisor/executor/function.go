package executor

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/concurlint/concurlint/advisor/internal/process"
)

// functions are those that worker processes know.
var functions = struct {
	sync.Mutex
	byName map[string]process.Handler
}{byName: map[string]process.Handler{}}

// processStates are the PerWorker states of a worker process.
var processStates states

// Function is a function that worker processes know by its name.
type Function[T, R any] struct {
	do  func(context.Context, T) (R, error)
	far *remoteFunc[T]
}

// remoteFunc is how a function is called in a process.
type remoteFunc[T any] struct {
	name   string
	encode func() func(buf []byte, v T) ([]byte, error) // appends an input
}

// Func makes do known to worker processes by a name of its own. Call it in a
// variable declaration or an init function, so that parent and workers know the
// same functions:
//
//	var hash = executor.Func("hash", func(ctx context.Context, path string) ([]byte, error) { … })
//
//	func main() {
//		executor.ServeWorker()
//		…
//		sums, err := hash.Map(ctx, slices.Values(paths))
//	}
//
// Inputs and results cross the pipes: []byte and string as they are, other
// types by encoding/gob, or by encoding/json if they hold interfaces. Either
// way only exported fields arrive.
//
// Func panics if the name is taken.
func Func[T, R any](name string, do func(context.Context, T) (R, error)) *Function[T, R] {
	functions.Lock()
	defer functions.Unlock()
	if _, taken := functions.byName[name]; taken || name == "" {
		panic(fmt.Sprintf("executor: the function name %q is empty or taken", name))
	}
	functions.byName[name] = handler(do)
	return &Function[T, R]{do, &remoteFunc[T]{
		name:   name,
		encode: func() func([]byte, T) ([]byte, error) { return newCodec[T]().encode },
	}}
}

// Do calls the function here. It is what Map, Stage and others take for any
// executor but Process.
func (f *Function[T, R]) Do(ctx context.Context, v T) (R, error) { return f.do(ctx, v) }

// Start prepares a run of the function over the items of in, in worker processes
// unless Options.Executor says otherwise.
func (f *Function[T, R]) Start(ctx context.Context, in iter.Seq[T], o ...Options) *Run[T, R] {
	return newRun(ctx, sure(in), f.do, f.far, far(o))
}

// Map is as the function Map, in worker processes. Here, in Start and in Stream the
// input is a sequence: slices.Values makes one of a slice.
func (f *Function[T, R]) Map(ctx context.Context, in iter.Seq[T], o ...Options) ([]R, error) {
	return f.Start(ctx, in, o...).Collect()
}

// Stream is as the function Stream, in worker processes.
func (f *Function[T, R]) Stream(ctx context.Context, in iter.Seq[T], o ...Options) iter.Seq[Result[T, R]] {
	return func(yield func(Result[T, R]) bool) { f.Start(ctx, in, o...).Results()(yield) }
}

// Stage is as the function Stage, in worker processes.
func (f *Function[T, R]) Stage(o ...Options) *Pipeline[T, R] {
	return then(inputs[T](), f.far.name, f.do, f.far, far(o))
}

// ThenFunc is as Then, in worker processes.
func ThenFunc[T, A, B any](p *Pipeline[T, A], f *Function[A, B], o ...Options) *Pipeline[T, B] {
	return then(p, f.far.name, f.do, f.far, far(o))
}

// far makes Process the default.
func far(list []Options) []Options {
	if len(list) > 1 {
		return list
	}
	var o Options
	if len(list) == 1 {
		o = list[0]
	}
	if o.Executor == "" {
		o.Executor = Process
	}
	return []Options{o}
}

// handler makes a function of bytes of do. The codecs are made at the first
// call, since most processes that know a function never serve it.
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
		functions.Lock()
		defer functions.Unlock()
		h, ok := functions.byName[name]
		return h, ok
	}, func() { processStates.close() })
}
