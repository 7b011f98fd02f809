// Package again calls functions once more where they have failed.
package again

import (
	"context"
	"time"
)

// Try sleeps before the next attempt.
func Try(attempts int, f func() error) (err error) {
	pause := time.Second
	for range attempts {
		if err = f(); err == nil {
			return nil
		}
		time.Sleep(pause)
		pause *= 2
	}
	return err
}

// Until waits for the pause or for the end of the context.
func Until[T any](ctx context.Context, f func() (T, error)) (T, error) {
	pause := time.Second
	for {
		v, err := f()
		if err == nil {
			return v, nil
		}
		select {
		case <-ctx.Done():
			return v, ctx.Err()
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// Do is Until for functions without a result.
func Do(ctx context.Context, f func() error) error {
	_, err := Until(ctx, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// Once does not try again.
func Once(f func() error) error {
	if err := f(); err != nil {
		time.Sleep(time.Second)
		return err
	}
	return nil
}
