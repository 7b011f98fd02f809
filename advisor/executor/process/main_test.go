package process

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

// TestMain makes the test binary its own worker.
func TestMain(m *testing.M) {
	Main(func(name string) (Handler, bool) {
		h, ok := handlers[name]
		return h, ok
	}, nil)
	os.Exit(m.Run())
}

var handlers = map[string]Handler{
	"echo": func(_ context.Context, body []byte) ([]byte, error) { return body, nil },
	"none": func(context.Context, []byte) ([]byte, error) { return nil, nil },
	"fail": func(_ context.Context, body []byte) ([]byte, error) { return nil, errors.New(string(body)) },
	"sleep": func(ctx context.Context, body []byte) ([]byte, error) {
		d, err := time.ParseDuration(string(body))
		time.Sleep(d)
		return body, err
	},
}
