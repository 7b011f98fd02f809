package run

import "context"

// None is the result of a function that has none.
type None struct{}

// The functions below bring each supported signature into one form. Their names
// say what the function takes and gives: C a context, S a per-worker state, T an
// input; R a result, E an error. The compiler infers the types, so that the
// generated code needs no name for them, exported or not.

func T_[T any](f func(T)) func(context.Context, None, T) (None, error) {
	return func(_ context.Context, _ None, in T) (None, error) { f(in); return None{}, nil }
}

func T_R[T, R any](f func(T) R) func(context.Context, None, T) (R, error) {
	return func(_ context.Context, _ None, in T) (R, error) { return f(in), nil }
}

func T_E[T any](f func(T) error) func(context.Context, None, T) (None, error) {
	return func(_ context.Context, _ None, in T) (None, error) { return None{}, f(in) }
}

func T_RE[T, R any](f func(T) (R, error)) func(context.Context, None, T) (R, error) {
	return func(_ context.Context, _ None, in T) (R, error) { return f(in) }
}

func CT_[T any](f func(context.Context, T)) func(context.Context, None, T) (None, error) {
	return func(ctx context.Context, _ None, in T) (None, error) { f(ctx, in); return None{}, nil }
}

func CT_R[T, R any](f func(context.Context, T) R) func(context.Context, None, T) (R, error) {
	return func(ctx context.Context, _ None, in T) (R, error) { return f(ctx, in), nil }
}

func CT_E[T any](f func(context.Context, T) error) func(context.Context, None, T) (None, error) {
	return func(ctx context.Context, _ None, in T) (None, error) { return None{}, f(ctx, in) }
}

func CT_RE[T, R any](f func(context.Context, T) (R, error)) func(context.Context, None, T) (R, error) {
	return func(ctx context.Context, _ None, in T) (R, error) { return f(ctx, in) }
}

func ST_[S, T any](f func(S, T)) func(context.Context, S, T) (None, error) {
	return func(_ context.Context, s S, in T) (None, error) { f(s, in); return None{}, nil }
}

func ST_R[S, T, R any](f func(S, T) R) func(context.Context, S, T) (R, error) {
	return func(_ context.Context, s S, in T) (R, error) { return f(s, in), nil }
}

func ST_E[S, T any](f func(S, T) error) func(context.Context, S, T) (None, error) {
	return func(_ context.Context, s S, in T) (None, error) { return None{}, f(s, in) }
}

func ST_RE[S, T, R any](f func(S, T) (R, error)) func(context.Context, S, T) (R, error) {
	return func(_ context.Context, s S, in T) (R, error) { return f(s, in) }
}

func CST_[S, T any](f func(context.Context, S, T)) func(context.Context, S, T) (None, error) {
	return func(ctx context.Context, s S, in T) (None, error) { f(ctx, s, in); return None{}, nil }
}

func CST_R[S, T, R any](f func(context.Context, S, T) R) func(context.Context, S, T) (R, error) {
	return func(ctx context.Context, s S, in T) (R, error) { return f(ctx, s, in), nil }
}

func CST_E[S, T any](f func(context.Context, S, T) error) func(context.Context, S, T) (None, error) {
	return func(ctx context.Context, s S, in T) (None, error) { return None{}, f(ctx, s, in) }
}

func CST_RE[S, T, R any](f func(context.Context, S, T) (R, error)) func(context.Context, S, T) (R, error) {
	return f
}

// The constructors of a per-worker state, likewise.

func New_R[S any](f func() S) func(context.Context) (S, error) {
	return func(context.Context) (S, error) { return f(), nil }
}

func New_RE[S any](f func() (S, error)) func(context.Context) (S, error) {
	return func(context.Context) (S, error) { return f() }
}

func New_C_R[S any](f func(context.Context) S) func(context.Context) (S, error) {
	return func(ctx context.Context) (S, error) { return f(ctx), nil }
}

func New_C_RE[S any](f func(context.Context) (S, error)) func(context.Context) (S, error) {
	return f
}
