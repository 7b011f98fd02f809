package executor

import (
	"context"
	"errors"
)

var errPanicked = errors.New("executor: the attempt panicked")

// traced returns do inside Options.Trace.
func traced[T, R any](do func(context.Context, T) (R, error), o Options) func(context.Context, T) (R, error) {
	if o.Trace == nil {
		return do
	}
	name := o.name()
	return func(ctx context.Context, v T) (r R, err error) {
		ctx, end := o.Trace(ctx, name)
		err = errPanicked
		defer func() { end(err) }()
		return do(ctx, v)
	}
}
