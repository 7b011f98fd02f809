package profile

import (
	"context"
	"errors"
	"io"
)

// readTrace reads an execution trace.
func readTrace(ctx context.Context, r io.Reader, name string, b *Builder, opts Options) (*Source, error) {
	return nil, errors.New("traces are not read yet")
}
