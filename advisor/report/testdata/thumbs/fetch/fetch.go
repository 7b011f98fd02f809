// Package fetch brings pictures from the far end.
package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"golang.org/x/sync/errgroup"
)

// A Fetcher holds what all requests share.
type Fetcher struct {
	Client *http.Client
	Base   string
}

// All brings the pictures in order.
func (f *Fetcher) All(ctx context.Context, names []string) ([][]byte, error) {
	pictures := make([][]byte, len(names))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i, name := range names {
		g.Go(func() error {
			data, err := f.one(ctx, name)
			pictures[i] = data
			return err
		})
	}
	return pictures, g.Wait()
}

func (f *Fetcher) one(ctx context.Context, name string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Base+name, nil)
	if err != nil {
		return nil, err
	}
	resp, err := f.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", name, err)
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}
