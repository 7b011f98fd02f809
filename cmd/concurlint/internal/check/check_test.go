package check

import (
	"context"
	"errors"
	"testing"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// TestInterrupted ends the context just before and just after there is a result.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if res, err := result(ctx, nil, &driver.GoError{Err: errors.New("signal: interrupt")}); res != nil || err != ErrInterrupted {
		t.Errorf("cut short: have %+v, %v", res, err)
	}
	whole := &driver.Result{Packages: []string{"example.com/a"}}
	if res, err := result(ctx, whole, nil); err != nil || len(res.Packages) != 1 {
		t.Errorf("whole: have %+v, %v", res, err)
	}
}
