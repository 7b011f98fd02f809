// Package remote has calls that wait, for others to hand to a loop.
package remote

import "net/http"

type Client struct{ base string }

func New(base string) *Client { return &Client{base} }

func (c *Client) Save() { c.Get("save") }

func (c *Client) Get(path string) string {
	resp, err := http.Get(c.base + path)
	if err != nil {
		return ""
	}
	resp.Body.Close()
	return resp.Status
}

func (c *Client) Base() string { return c.base }

// Saver returns what saves when it is called.
func Saver(base string) func() {
	c := New(base)
	return func() { c.Save() }
}

// Later returns what saves on a goroutine of its own.
func Later(base string) func() {
	c := New(base)
	return func() { go c.Save() }
}
