package picture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// A Store keeps thumbnails on an HTTP server.
type Store struct {
	URL   string // of the server, without a slash at the end
	Limit int    // requests that the server takes at once
}

// Put uploads a thumbnail.
func (s *Store) Put(ctx context.Context, name string, thumb []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, s.address(name), bytes.NewReader(thumb))
	if err != nil {
		return err
	}
	_, err = do(req)
	return err
}

// Get downloads a thumbnail.
func (s *Store) Get(ctx context.Context, name string) ([]byte, error) {
	return Fetch(ctx, s.address(name))
}

func (s *Store) address(name string) string { return s.URL + "/" + url.PathEscape(name) }

// Fetch downloads what is found at an address.
func Fetch(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return do(req)
}

func do(req *http.Request) ([]byte, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s", req.Method, req.URL, resp.Status)
	}
	return body, nil
}
