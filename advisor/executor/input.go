package executor

import (
	"iter"
	"reflect"
)

// Input is what runs take items from: a slice, an iter.Seq, or an iter.Seq2 with
// an error for each item, as readers have it. An item that comes with an error
// does not run and fails with an *InputError.
type Input[T any] interface {
	~[]T | ~func(yield func(T) bool) | ~func(yield func(T, error) bool)
}

// inputOf returns any input as one with errors.
func inputOf[T any, In Input[T]](in In) iter.Seq2[T, error] {
	v := reflect.ValueOf(in)
	switch t := v.Type(); {
	case t.Kind() == reflect.Slice:
		list := v.Convert(reflect.TypeFor[[]T]()).Interface().([]T)
		return func(yield func(T, error) bool) {
			for _, item := range list {
				if !yield(item, nil) {
					return
				}
			}
		}
	case t.ConvertibleTo(reflect.TypeFor[iter.Seq2[T, error]]()):
		return v.Convert(reflect.TypeFor[iter.Seq2[T, error]]()).Interface().(iter.Seq2[T, error])
	}
	return sure(v.Convert(reflect.TypeFor[iter.Seq[T]]()).Interface().(iter.Seq[T]))
}

// sure returns an input whose items have no errors.
func sure[T any](in iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		in(func(item T) bool { return yield(item, nil) })
	}
}
