// Package registry is a client of one service.
package registry

import (
	"context"
	"net/http"
)

// A Client asks the service at one address.
type Client struct{ base string }

// Describe asks for what the service knows of a name.
func (c *Client) Describe(ctx context.Context, name string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+name, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	return resp.Status, resp.Body.Close()
}
