package serving

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Leases are kept by what others store, here over the network. A loop that tries until it has
// one, or that looks whether it has, is there for its caller, and serves nobody else.
type leases struct {
	load  func(ctx context.Context, key string) ([]byte, error)
	store func(ctx context.Context, key string, p []byte) error
}

type lease struct {
	Owner string
	Until time.Time
}

func NewLeases(load func(context.Context, string) ([]byte, error), store func(context.Context, string, []byte) error) *leases {
	return &leases{load: load, store: store}
}

// Take waits until the lease is there.
func (l *leases) Take(ctx context.Context, name string) error {
	for {
		ok, err := l.Try(ctx, name)
		if err != nil {
			return err
		} else if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
}

// Try answers whether the lease is the caller's.
func (l *leases) Try(ctx context.Context, name string) (bool, error) {
	owner := name + time.Now().String()
	for {
		data, err := l.load(ctx, name)
		if err != nil {
			return false, err
		}
		var now lease
		if json.Unmarshal(data, &now) == nil {
			if now.Owner == owner {
				return true, nil
			}
			if now.Until.After(time.Now()) {
				return false, nil
			}
		}
		if err := l.store(ctx, name, data); err != nil {
			return false, err
		}
	}
}

// Orders come one after the other, and whoever runs the loop wants no answer from it.
type orders struct {
	next func() ([]byte, error)
	keep func(p []byte) error
}

func NewOrders(next func() ([]byte, error), keep func([]byte) error) *orders {
	return &orders{next, keep}
}

func (o *orders) serve() error {
	for {
		p, err := o.next()
		if err != nil {
			return err
		}
		if err := o.keep(p); err != nil {
			return err
		}
	}
}

type far struct{ base string }

func (f *far) leases() *leases { return NewLeases(f.load, f.put) }

func (f *far) orders(next func() ([]byte, error)) *orders { return NewOrders(next, f.send) }

func (f *far) load(ctx context.Context, key string) ([]byte, error) {
	_, err := http.Get(f.base + key)
	return nil, err
}

func (f *far) put(ctx context.Context, key string, p []byte) error {
	_, err := http.Post(f.base+key, "", strings.NewReader(string(p)))
	return err
}

func (f *far) send(p []byte) error {
	_, err := http.Post(f.base, "", strings.NewReader(string(p))) // want `note: blockloop: http.Post waits on the network on the loop of orders.serve`
	return err
}
