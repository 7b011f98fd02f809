// Package fasthttp stands in for the library of this name.
package fasthttp

// A RequestCtx is a request with the answer to it.
type RequestCtx struct{ path []byte }

// Path is what is asked for.
func (c *RequestCtx) Path() []byte { return c.path }
