package run

import (
	"context"
	"fmt"
	"io"
	"reflect"
)

// A stage is a registered function, seen through closures so that functions of
// all types look alike. Values between stages travel as any.
type stage struct {
	name  string
	in    reflect.Type
	out   reflect.Type                       // nil: no result
	open  func(context.Context) (any, error) // nil: no state
	whole func(Coding) (wholeFunc, error)    // alone: from bytes to bytes
	first func(Coding) (firstFunc, error)    // of several: decodes
	apply func(context.Context, any, any) (any, error)
	last  func(Coding) (func(any) ([]byte, error), error) // encodes
}

type (
	wholeFunc func(ctx context.Context, state any, raw []byte) ([]byte, error)
	firstFunc func(raw []byte) (any, error)
)

// A Coding is how inputs become values and results become bytes.
type Coding struct {
	In     string   // lines, json or csv: what the bytes of one input are
	Files  bool     // an input is a path; its content counts
	Header []string // of csv
	Out    string   // text or json
}

var stages = make(map[string]*stage)

// Stateless registers a function. It is called from init functions.
func Stateless[T, R any](name string, do func(context.Context, None, T) (R, error)) {
	register(name, nil, do)
}

// Stateful registers a function with a state for each worker. A state that is
// an io.Closer is closed when its worker ends.
func Stateful[S, T, R any](name string, do func(context.Context, S, T) (R, error), open func(context.Context) (S, error)) {
	register(name, func(ctx context.Context) (any, error) { return open(ctx) }, do)
}

func register[S, T, R any](name string, open func(context.Context) (any, error), do func(context.Context, S, T) (R, error)) {
	s := &stage{name: name, in: reflect.TypeFor[T](), out: reflect.TypeFor[R](), open: open}
	if s.out == reflect.TypeFor[None]() {
		s.out = nil
	}
	s.whole = func(c Coding) (wholeFunc, error) {
		dec, err := decoder[T](c)
		if err != nil {
			return nil, err
		}
		enc := encoder[R](c)
		return func(ctx context.Context, state any, raw []byte) ([]byte, error) {
			in, err := dec(raw)
			if err != nil {
				return nil, &DecodeError{err}
			}
			st, _ := state.(S)
			out, err := do(ctx, st, in)
			if err != nil {
				return nil, err
			}
			return enc(out)
		}, nil
	}
	s.first = func(c Coding) (firstFunc, error) {
		dec, err := decoder[T](c)
		if err != nil {
			return nil, err
		}
		return func(raw []byte) (any, error) {
			in, err := dec(raw)
			if err != nil {
				return nil, &DecodeError{err}
			}
			return in, nil
		}, nil
	}
	s.apply = func(ctx context.Context, state, in any) (any, error) {
		st, _ := state.(S)
		v, _ := in.(T) // a nil interface becomes the zero value
		return do(ctx, st, v)
	}
	s.last = func(c Coding) (func(any) ([]byte, error), error) {
		enc := encoder[R](c)
		return func(v any) ([]byte, error) {
			r, _ := v.(R)
			return enc(r)
		}, nil
	}
	stages[name] = s
}

// A DecodeError says that an input is not of the function's type. Trying again
// is no use.
type DecodeError struct{ Err error }

const decodePrefix = "does not decode: "

func (e *DecodeError) Error() string { return decodePrefix + e.Err.Error() }
func (e *DecodeError) Unwrap() error { return e.Err }

// A chain is the stages of a run as one function from bytes to bytes.
type chain struct {
	stages []*stage
	whole  wholeFunc // of a single stage
	decode firstFunc
	turn   []func(any) any // before stage i: to its type
	encode func(any) ([]byte, error)
}

// states are the per-worker states of the stages.
type states []any

func newChain(names []string, c Coding) (*chain, error) {
	ch := &chain{}
	for _, n := range names {
		s := stages[n]
		if s == nil {
			return nil, fmt.Errorf("the harness has no function %s; please report it", n)
		}
		ch.stages = append(ch.stages, s)
	}
	var err error
	if len(ch.stages) == 1 {
		ch.whole, err = ch.stages[0].whole(c)
		return ch, err
	}
	if ch.decode, err = ch.stages[0].first(c); err != nil {
		return nil, err
	}
	ch.turn = make([]func(any) any, len(ch.stages))
	for i := 1; i < len(ch.stages); i++ {
		if ch.turn[i], err = between(ch.stages[i-1], ch.stages[i]); err != nil {
			return nil, err
		}
	}
	ch.encode, err = ch.stages[len(ch.stages)-1].last(c)
	return ch, err
}

// between returns what makes b's input of a's result, nil where it is one.
func between(a, b *stage) (func(any) any, error) {
	switch {
	case a.out == nil:
		return nil, fmt.Errorf("%s has no result for %s to work on", a.name, b.name)
	case a.out.AssignableTo(b.in) && (a.out == b.in || b.in.Kind() == reflect.Interface):
		return nil, nil
	case convertible(a.out, b.in):
		return func(v any) any { return reflect.ValueOf(v).Convert(b.in).Interface() }, nil
	}
	return nil, fmt.Errorf("%s gives %v, %s takes %v", a.name, a.out, b.name, b.in)
}

// convertible tells string from number: Go converts 65 to "A".
func convertible(from, to reflect.Type) bool {
	number := func(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Complex128 }
	return from.ConvertibleTo(to) && number(from) == number(to) && from.Kind() != reflect.Interface
}

// open makes the states of a worker.
func (ch *chain) open(ctx context.Context) (states, error) {
	st := make(states, len(ch.stages))
	for i, s := range ch.stages {
		if s.open == nil {
			continue
		}
		v, err := s.open(ctx)
		if err != nil {
			st.Close()
			return nil, fmt.Errorf("the state of %s: %w", s.name, err)
		}
		st[i] = v
	}
	return st, nil
}

// Close closes the states that can be.
func (st states) Close() error {
	var first error
	for _, s := range st {
		if c, ok := s.(io.Closer); ok {
			if err := c.Close(); err != nil && first == nil {
				first = err
			}
		}
	}
	return first
}

func (ch *chain) stateful() bool {
	for _, s := range ch.stages {
		if s.open != nil {
			return true
		}
	}
	return false
}

// hasOutput reports whether results are written at all.
func (ch *chain) hasOutput() bool { return ch.stages[len(ch.stages)-1].out != nil }

// do runs one input through all stages.
func (ch *chain) do(ctx context.Context, st states, raw []byte) ([]byte, error) {
	if ch.whole != nil {
		var s any
		if len(st) > 0 {
			s = st[0]
		}
		return ch.whole(ctx, s, raw)
	}
	v, err := ch.decode(raw)
	for i := 0; i < len(ch.stages) && err == nil; i++ {
		v, err = ch.step(ctx, i, st, v)
	}
	if err != nil {
		return nil, err
	}
	return ch.encode(v)
}

// step runs stage i alone.
func (ch *chain) step(ctx context.Context, i int, st states, v any) (any, error) {
	if t := ch.turn[i]; t != nil {
		v = t(v)
	}
	var s any
	if i < len(st) {
		s = st[i]
	}
	return ch.stages[i].apply(ctx, s, v)
}
